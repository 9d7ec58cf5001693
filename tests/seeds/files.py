"""Reads the demo's files as an importer would, without any code of the importer."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[2] / "seeds"

Table = list[dict[str, str]]

csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Logged:
    """One row of an extract, read as an importer would."""

    guid: str
    lead_id: str
    at: datetime
    type_id: int
    primary_id: str | None
    primary: str | None
    attributes: dict[str, Any]


def table(name: str) -> Table:
    """Read a seed file by its header."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t" if name.endswith(".tsv") else ",", strict=True))


def extracts() -> list[str]:
    """Name the extracts of chats."""
    return sorted(path.name for path in SEEDS.glob("activities-*"))


def marketing_extracts() -> list[str]:
    """Name the extracts of the other families."""
    return sorted(path.name for path in SEEDS.glob("marketing-*.csv"))


def logged(name: str) -> Iterator[Logged]:
    """Read an extract."""
    for row in table(name):
        held = json.loads(row["attributes"] or "{}")
        yield Logged(
            guid=row["marketoGUID"],
            lead_id=row["leadId"],
            at=datetime.strptime(row["activityDate"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
            type_id=int(row["activityTypeId"]),
            primary_id=_known(row["primaryAttributeValueId"]),
            primary=_known(row["primaryAttributeValue"]),
            attributes=held if isinstance(held, dict) else {item["name"]: item["value"] for item in held},
        )


def _known(cell: str) -> str | None:
    return None if cell == "null" else cell
