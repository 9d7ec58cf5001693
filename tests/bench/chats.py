"""Generated chat activities, as the rows of Marketo's bulk extract.

Types, statuses and lengths are spread as in the demo company. One in fifty activities is of somebody
whom the CRM does not know.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from tests.bench.people import Company
from webui.vocabulary.chat import TYPES

TALKS = 500
UNKNOWN = 0.02
FLOWS = 0.15
FIRST_GUID = 800_000_000

_SHARES = {
    "engaged-dialogue": 55,
    "agent-engaged": 8,
    "scheduled-appointment": 12,
    "reached-goal": 13,
    "interacted-with-document": 12,
}
_ASKED = (
    "Do you charge by user or by shipment?",
    "Our forecast lives in 33 spreadsheets, and everyone trusts their own.",
    "Can we keep two years of history when we move over?",
    "Who sees our data, and is that logged?",
    "期間はどのくらいですか。",
    "料金は人数ですか、それとも出荷件数ですか。",
    "夜勤の教育はどうしたらいいでしょう。",
)
_ANSWERED = (
    "By planner. Drivers and viewers are free, and peak months allow a fifth more.",
    "Six weeks for one site: two to load, three side by side, one to switch.",
    "Support looks in only with your permission, for eight hours, and the audit log says why.",
    "Happy to show that with your own numbers; would Thursday at ten suit you?",
    "1拠点で6週間です。登録に2週、並行稼働に3週、切り替えに1週。",
    "計画担当の人数です。ドライバー様や閲覧のみの方は無料です。",
    "社内の先生役を2名お決めください。その2名を私たちが支えます。",
)
_GOALS = ("Asked for a demo", "Booked a workshop", "メールマガジンに登録", "Started a trial")
_AGENTS = (("Priya Nair", "priya.nair@kumolane.example"), ("戸田 みずき", "mizuki.toda@kumolane.example"))


@dataclass(frozen=True)
class Talk:
    """A conversation that activities share, so that making a row costs little."""

    summary: str
    transcript: str


def types() -> dict[str, Any]:
    """Return the answer of Get Activity Types that the rows are read by."""
    named = [
        {"id": _type_id(place, flow), "name": one.names[flow]}
        for place, one in enumerate(TYPES)
        for flow in (0, 1)
    ]
    return {"requestId": "bench#1", "success": True, "result": named}


def _type_id(place: int, flow: int) -> int:
    return 1001 + place + flow * len(TYPES)


def rows(company: Company, first: date, week: int, count: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Give ``count`` activities of the ``week``-th week from the Monday ``first``, in their order of time."""
    random = Random(f"{seed}/{week}")
    talks = _talks(Random(seed))
    weights = list(accumulate(one.weight for one in company.people))
    begin = datetime.combine(first + timedelta(weeks=week), time(), UTC)
    seconds = sorted(random.randrange(7 * 24 * 3600) for _ in range(count))
    people = random.choices(company.people, cum_weights=weights, k=count)
    kinds = random.choices(range(len(TYPES)), [_SHARES[one.key] for one in TYPES], k=count)
    guid = FIRST_GUID + week * 100_000_000
    for second, person, place in zip(seconds, people, kinds, strict=True):
        guid += random.randrange(1, 9)
        at = begin + timedelta(seconds=second)
        flow = random.random() < FLOWS
        known = random.random() >= UNKNOWN
        lead = random.choice(person.marketo_ids) if known else 80_000_000 + random.randrange(10_000)
        ref = random.randrange(40) + 40 * flow
        attributes = _attributes(random, TYPES[place].key, at, talks, ref)
        yield (
            str(guid),
            str(lead),
            at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            str(_type_id(place, flow)),
            "null",
            str(100 + ref),
            f"{'Conversational flow' if flow else 'Dialogue'} {ref}: pricing and 導入相談",
            json.dumps(attributes, ensure_ascii=False, separators=(",", ":")),
        )


def _talks(random: Random) -> list[Talk]:
    talks = []
    for _ in range(TALKS):
        said = [
            f"Ann: {random.choice(_ASKED)}\nBot: {random.choice(_ANSWERED)}"
            for _ in range(random.randrange(3, 13))
        ]
        talks.append(Talk(f"They asked: {random.choice(_ASKED)} Answered in the chat.", "\n".join(said)))
    return talks


def _attributes(random: Random, key: str, at: datetime, talks: list[Talk], ref: int) -> dict[str, Any]:
    """Return the attributes of an activity of type ``key``, by Marketo's names."""
    found: dict[str, Any] = {"Page URL": f"https://www.kumolane.example/ja/pricing?plan={ref}"}
    match key:
        case "engaged-dialogue":
            found |= _conversation(
                random, talks, random.choice(("Initiated", "Dropped", "Completed", "Completed"))
            )
        case "agent-engaged":
            found |= _agent(random) | _conversation(random, talks, random.choice(("Dropped", "Completed")))
        case "scheduled-appointment":
            ahead = at + timedelta(days=random.randrange(1, 20))
            found |= _agent(random)
            found["Meeting Status"] = random.choice(("Scheduled", "Scheduled", "Rescheduled", "Cancelled"))
            found["Scheduled For"] = ahead.strftime("%Y-%m-%dT%H:00:00Z")
        case "reached-goal":
            found["Goal Name"] = random.choice(_GOALS)
        case "interacted-with-document":
            found["Document Name"] = f"Handbook {ref}"
            found["Document URL"] = f"https://docs.kumolane.example/handbook-{ref}.pdf"
            found["Document Opened"] = True
            found["Document Downloaded"] = random.random() < 0.5
    return found


def _conversation(random: Random, talks: list[Talk], status: str) -> dict[str, Any]:
    found: dict[str, Any] = {"Conversation Status": status}
    if status != "Initiated" and random.random() < 0.8:
        talk = random.choice(talks)
        found["Conversation Summary"] = talk.summary
        found["Conversation Transcript"] = talk.transcript
    return found


def _agent(random: Random) -> dict[str, Any]:
    name, email = random.choice(_AGENTS)
    return {"Agent Name": name, "Agent Email": email, "Routing Queue Name": "Sales"}
