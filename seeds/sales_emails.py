"""E-mails that reps send to people of their own: sent, opened, clicked, answered, or bounced.

A rep writes after something happened in chat or on the website, within the next two days and in office
hours. All rows of one e-mail carry its artifact id.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import activity_types as types
import website
from chats import Activity, Value
from clock import local, office_time
from people import FIRST_MARKETO_ID, OWNERS, Person
from website import SITE

SOURCE = "Sales Insight Email"
STAND_IN = OWNERS["en"][0]
BOUNCE = "550 5.1.1 no such mailbox"
REASONS = {
    **dict.fromkeys((types.MEETING, types.MEETING + types.FLOW), 0.21),
    **dict.fromkeys((types.GOAL, types.GOAL + types.FLOW), 0.12),
    types.FORM: 0.13,
    **dict.fromkeys((types.AGENT, types.AGENT + types.FLOW), 0.1),
}
"""After what a rep writes, and how likely."""


@dataclass(frozen=True)
class Template:
    """What a rep's e-mail is written from: its name, its subject, and the path behind its link."""

    id: int
    name: str
    subject: str
    path: str


@dataclass(frozen=True)
class Letter:
    """One e-mail of a rep to a person."""

    person: Person
    template: Template
    artifact: int
    subject: str = ""

    @property
    def sender(self) -> str:
        """Return the owner's address, or that of the one who stands in."""
        return self.person.owner or STAND_IN

    def row(self, type_id: int, at: datetime, attributes: dict[str, Value] | None = None) -> Activity:
        """Return one thing that happened to this e-mail."""
        subject = self.subject or self.template.subject
        known: dict[str, Value] = {
            "Email Subject": subject,
            "Sent By": self.sender,
            "Source": SOURCE,
            "Template ID": self.template.id,
            "Sales Template Name": self.template.name,
            "Sales Template URL": f"https://crm.kumolane.example/templates/{self.template.id}",
        }
        lead = self.person.marketo_ids[0]
        return Activity(at, lead, type_id, subject, self.artifact, known | (attributes or {}))


TEMPLATES = {
    "en": (
        Template(11, "After a demo", "Thank you for your time, and the three links I promised", "/product"),
        Template(12, "Quote follow-up", "Your quote, with the set-up packages on page one", "/pricing"),
        Template(13, "First contact", "Half an hour about your docks?", "/demo/request"),
        Template(14, "Security answers", "Who can read your data: the short answer", "/security"),
        Template(15, "Migration plan", "Six weeks, night shift first", "/migrate"),
        Template(16, "Check-in", "How is the trial going?", "/product/lane-planner"),
    ),
    "ja": (
        Template(21, "打ち合わせのお礼", "本日のお礼と、お約束した資料について", "/ja/product"),
        Template(22, "お見積もりのご案内", "お見積もりをお送りいたします", "/ja/pricing"),
        Template(23, "初回のご挨拶", "バース運用について30分お話しできますか", "/ja/contact"),
        Template(24, "セキュリティ回答", "情報システム部の皆様からのご質問について", "/ja/security"),
        Template(25, "切り替え計画", "夜勤から始める6週間の計画", "/ja/migrate"),
        Template(26, "ご様子伺い", "トライアルのご感想はいかがでしょうか", "/ja/product/lane-planner"),
    ),
}


def written(
    person: Person, happened: Sequence[Activity], rng: random.Random, *, lively: bool
) -> Iterator[Activity]:
    """Yield what became of all that the owner wrote to a person after what ``happened``, in order."""
    if not (person.owner and person.email):
        return
    templates = TEMPLATES[website.for_language(person.lang)]
    free_at: datetime | None = None
    reasons = [row for row in happened if row.type_id in REASONS]
    if lively and not reasons:
        reasons = list(happened[-1:])
    for number, row in enumerate(reasons):
        chance = 0.3 if lively else REASONS.get(row.type_id, 1.0)
        if (free_at and row.at < free_at) or (rng.random() > chance and not (lively and number == 0)):
            continue
        sent = _in_office(row.at, person, rng)
        free_at = sent + timedelta(days=3)
        letter = Letter(person, rng.choice(templates), artifact(person, number))
        yield from fate(letter, sent, rng, safe=lively)


def artifact(person: Person, number: int) -> int:
    """Return the id of a person's e-mail by its number, which is below a hundred."""
    return (person.marketo_ids[0] - FIRST_MARKETO_ID) * 100 + number


def fate(letter: Letter, at: datetime, rng: random.Random, *, safe: bool = False) -> Iterator[Activity]:
    """Yield what became of one e-mail, in order; a ``safe`` one does not bounce and is opened."""
    yield letter.row(types.SEND_SALES, at)
    if not safe and rng.random() < 0.03:
        why: dict[str, Value] = {"Details": BOUNCE, "Email": letter.person.email}
        yield letter.row(types.SALES_BOUNCED, at + timedelta(seconds=rng.randint(2, 40)), why)
        return
    if not safe and rng.random() > 0.62:
        return
    at += timedelta(minutes=int(rng.expovariate(1 / 160)) + 3, seconds=rng.randrange(60))
    for _ in range(rng.choices((1, 2), (85, 15))[0]):
        yield letter.row(types.OPEN_SALES, at)
        at += timedelta(minutes=rng.randint(1, 9), seconds=rng.randrange(60))
    if rng.random() < 0.27:
        yield letter.row(types.CLICK_SALES, at, {"Link": f"{SITE}{letter.template.path}?utm_medium=sales"})
    if rng.random() < (0.6 if safe else 0.24):
        at += timedelta(minutes=rng.randint(6, 200), seconds=rng.randrange(60))
        yield letter.row(types.RECEIVE_SALES, at, {"Received By": letter.sender})


def _in_office(after: datetime, person: Person, rng: random.Random) -> datetime:
    """Return a time on the next or the second workday, in the office hours of the person."""
    day = (after + timedelta(hours=person.offset)).date() + timedelta(days=rng.choice((1, 1, 2)))
    if day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    return local(day, office_time(rng), person.offset)
