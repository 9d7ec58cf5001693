"""The demo company: the seeds, moved to today and loaded through the real importer.

The extracts in ``seeds/`` have fixed dates. ``moved`` copies them with every date shifted by the same
whole number of days, so that the newest activity lies within the last day; appointments may be ahead.
"""

import csv
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from webui import operational_settings, switch
from webui.config import shipped
from webui.ingest.attributes import moment

WHO = "demo"
CRM_FILES = ("accounts.csv", "people.csv", "opportunities.csv", "roles.csv")
EXTRACTS = ("activities-*.csv", "activities-*.tsv", "marketing-*.csv")
DATED = ("Scheduled For", "Date")  # attributes that hold a date


@contextmanager
def moved(now: datetime) -> Iterator[tuple[Path, ...]]:
    """Give the paths of the seeds with their dates moved, for as long as the context lasts."""
    seeds = shipped("seeds")
    extracts = sorted(path for pattern in EXTRACTS for path in seeds.glob(pattern))
    newest = max(date for path in extracts for date in _dates(path))
    by = timedelta(days=(now - newest).days)
    with TemporaryDirectory(prefix="chatpane-demo-") as folder:
        for path in extracts:
            _copy(path, Path(folder) / path.name, by)
        types = Path(folder) / "activity_types.json"
        types.write_bytes((seeds / "activity_types.json").read_bytes())
        yield (*(seeds / name for name in CRM_FILES), *(Path(folder) / path.name for path in extracts))


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.reader(stream, delimiter="\t" if path.suffix == ".tsv" else ",")


def _dates(path: Path) -> Iterator[datetime]:
    rows = _rows(path)
    place = next(rows).index("activityDate")
    return (moment(row[place])[0] for row in rows)


def _copy(path: Path, to: Path, by: timedelta) -> None:
    rows = _rows(path)
    header = next(rows)
    at_date, at_attributes = header.index("activityDate"), header.index("attributes")
    with to.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t" if path.suffix == ".tsv" else ",", lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            row[at_date] = (moment(row[at_date])[0] + by).strftime("%Y-%m-%dT%H:%M:%SZ")
            if any(f'"{name}"' in row[at_attributes] for name in DATED):
                row[at_attributes] = _move_dates(row[at_attributes], by)
            writer.writerow(row)


def _move_dates(cell: str, by: timedelta) -> str:
    attributes = json.loads(cell)
    if isinstance(attributes, dict):
        for name in attributes.keys() & set(DATED):
            attributes[name] = _moved_text(attributes[name], by)
    else:
        for pair in attributes:
            if pair["name"] in DATED:
                pair["value"] = _moved_text(pair["value"], by)
    return json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))


def _moved_text(text: str | None, by: timedelta) -> str | None:
    """Move an ISO date and time, keeping its zone or the lack of one; leave any other text."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return text
    return (at + by).isoformat().replace("+00:00", "Z")


def prepare_configuration(keys: Sequence[str]) -> None:
    """Fulfil the prerequisites and turn the switch on, as an admin would."""
    operational_settings.set_package_version("2.4.0", WHO)
    operational_settings.set_api_key(secrets.token_urlsafe(32), WHO, keys)
    switch.turn(True, WHO)
