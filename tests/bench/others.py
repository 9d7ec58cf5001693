"""Generated activities of the families beside chat, as the rows of Marketo's bulk extract.

They are of the same people, as heavy-tailed as the chats, with types and attributes as in the demo company.
Beside them stand as many chats of their own, so that storing can be compared row by row.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from tests.bench import chats
from tests.bench.people import Company
from webui.vocabulary import FAMILIES

FIRST_GUID = 60_000_000_000
A_FAMILY = 10_000_000_000
CHAT_SEED = 1_000  # another chance than that of the company's own chats

Row = tuple[str, ...]
Told = tuple[str, str, dict[str, Any]]  # id and name of what it is about, the attributes


@dataclass(frozen=True)
class Kind:
    """A classic type of Marketo's: its id, its name, how often it comes, and what is told of it."""

    id: int
    name: str
    share: int
    told: Callable[[Random, datetime], Told]


def _visit(random: Random, _at: datetime) -> Told:
    place = random.randrange(60)
    browser = f"Mozilla/5.0 ({random.choice(('Windows NT 10.0', 'Macintosh', 'Android'))}) Chrome/137"
    return (
        str(3_000 + place),
        f"www.kumolane.example/ja/product/{place}",
        {
            "Webpage URL": f"/ja/product/{place}",
            "Referrer URL": "https://news.dockside.example/",
            "User Agent": browser,
            "Client IP Address": "192.0.2.62",
        },
    )


def _form(random: Random, _at: datetime) -> Told:
    place = random.randrange(9)
    told = {
        "Form Fields": "Email: ann@example.com; Last name: Lee",
        "Referrer URL": "https://www.kumolane.example/ja/newsletter",
        "Webpage ID": 3_000 + place,
        "User Agent": "Mozilla/5.0 Safari/18",
    }
    return str(500 + place), f"Form {place}: メールマガジン登録", told


def _link(random: Random, _at: datetime) -> Told:
    place = random.randrange(30)
    told = {"Referrer URL": "https://www.kumolane.example/ja/integrations", "Webpage ID": 3_000 + place}
    return str(700 + place), f"https://docs.kumolane.example/ja/handbook-{place}.pdf", told


def _sent(random: Random, _at: datetime) -> Told:
    place = random.randrange(40)
    told = {"Campaign Run ID": 3_000 + place, "Choice Number": 0, "Step ID": 32}
    return str(1_200 + place), f"Nurture {place:02}.What a lane really costs", told


def _opened(random: Random, at: datetime) -> Told:
    ref, subject, _ = _sent(random, at)
    told = {"Device": "unknown", "Is Mobile Device": False, "Platform": "Windows", "User Agent": "Outlook/16"}
    return ref, subject, told


def _clicked(random: Random, at: datetime) -> Told:
    ref, subject, told = _opened(random, at)
    return ref, subject, {**told, "Link": f"https://www.kumolane.example/ja/product?utm_campaign={ref}"}


def _score(random: Random, _at: datetime) -> Told:
    change, now = random.choice((-10, -5, 1, 2, 5, 10, 20)), random.randrange(10, 150)
    told = {
        "Change Value": str(change),
        "New Value": now,
        "Old Value": now - change,
        "Reason": f"Changed by Smart Campaign {random.randrange(30)}",
    }
    place = random.randrange(3)
    return str(80 + place), ("Lead Score", "Behavior Score", "Demographic Score")[place], told


def _moment(random: Random, at: datetime) -> Told:
    told = {
        "Description": f"Came back to the prices, {random.randrange(2, 9)} times in a week: 料金ページ",
        "Source": f"Campaign {random.randrange(20)}",
        "Date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return "null", random.choice(("Web", "Email", "Milestone")), told


KINDS = {
    "moments": (Kind(46, "Interesting Moment", 1, _moment),),
    "web": (
        Kind(1, "Visit Webpage", 84, _visit),
        Kind(2, "Fill Out Form", 5, _form),
        Kind(3, "Click Link", 11, _link),
    ),
    "email": (
        Kind(6, "Send Email", 39, _sent),
        Kind(7, "Email Delivered", 38, _sent),
        Kind(10, "Open Email", 18, _opened),
        Kind(11, "Click Email", 5, _clicked),
    ),
    "score": (Kind(22, "Change Score", 1, _score),),
}
NAMES = {str(kind.id): kind.name for kinds in KINDS.values() for kind in kinds}


def rows(company: Company, family: str, first: date, week: int, count: int, seed: int) -> Iterator[Row]:
    """Give ``count`` activities of a family of the ``week``-th week from ``first``, oldest first."""
    place = [one.key for one in FAMILIES].index(family)
    guids = FIRST_GUID + place * A_FAMILY + week * 100_000_000
    if family == "chat":
        of_chats = chats.rows(company, first, week, count, seed + CHAT_SEED)
        yield from ((str(guids + number), *row[1:]) for number, row in enumerate(of_chats))
        return
    random = Random(f"{seed}/{family}/{week}")
    weights = list(accumulate(one.weight for one in company.people))
    begin = datetime.combine(first + timedelta(weeks=week), time(), UTC)
    seconds = sorted(random.randrange(7 * 24 * 3600) for _ in range(count))
    people = random.choices(company.people, cum_weights=weights, k=count)
    kinds = random.choices(KINDS[family], [kind.share for kind in KINDS[family]], k=count)
    for number, (second, person, kind) in enumerate(zip(seconds, people, kinds, strict=True)):
        at = begin + timedelta(seconds=second)
        known = random.random() >= chats.UNKNOWN
        lead = random.choice(person.marketo_ids) if known else 80_000_000 + random.randrange(10_000)
        ref, about, told = kind.told(random, at)
        cell = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield (str(guids + number), str(lead), moment, str(kind.id), "null", ref, about, cell)


def told_by_event(row: Sequence[str], type_names: dict[str, str]) -> dict[str, Any]:
    """Return a row as the data of one of Adobe's events; ``type_names`` by their ids."""
    _guid, lead, at, type_id, _campaign, ref, about, cell = row
    return {
        "type_name": type_names[type_id],
        "type_id": int(type_id),
        "leadId": lead,
        "activityDate": at,
        "primaryAttributeValueId": None if ref == "null" else int(ref),
        "primaryAttributeValue": about,
        "attributes": [
            {"name": name, "dataType": "string", "value": value} for name, value in json.loads(cell).items()
        ],
    }
