"""What became of the e-mails that marketing sent: delivered or bounced, opened, and clicked.

A send, its delivery, its openings and its clicks carry the id and the name of the same mailing. After a
hard bounce nothing is sent to that address any more.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import activity_types as types
import website
from chats import Activity, Value
from clock import DAYS, LAST_DAY, NEWEST, OLDEST, WEIGHTS, local, office_time
from mailings import BATCHES, TRACKS, Mailing
from people import Person

COUNTS = (((0, 0), (1, 1), (2, 3), (4, 7), (8, 14), (15, 20)), (17, 30, 31, 16, 5, 1))
"""How many e-mails people get, and how many of a hundred do."""
BOUNCED, SOFT = 0.011, 0.018
BOUNCES = {
    types.EMAIL_BOUNCED: (
        ("2", "550 5.1.1 user unknown", "2003"),
        ("1", "554 5.7.1 message rejected as spam", "1003"),
    ),
    types.EMAIL_SOFT_BOUNCED: (
        ("4", "452 4.2.2 mailbox full", "4003"),
        ("3", "451 4.4.1 timed out, try again later", "3001"),
    ),
}
DEVICES: tuple[tuple[str, bool, str, str], ...] = (
    ("unknown", False, "Windows", "Outlook/16"),
    ("unknown", False, "Windows", "Mozilla/5.0 Chrome/137"),
    ("unknown", False, "macOS", "AppleMail/18"),
    ("iPhone", True, "iOS", "AppleMail/18"),
    ("Pixel", True, "Android", "Gmail/1"),
)


@dataclass(frozen=True)
class Copy:
    """One copy of a mailing, on its way to one person."""

    person: Person
    mailing: Mailing
    at: datetime
    curiosity: float = 0.3
    """How likely it is opened."""

    def row(self, type_id: int, at: datetime, attributes: dict[str, Value], *, run: bool = False) -> Activity:
        """Return one thing that happened to this copy; ``run`` adds the campaign's run."""
        mailing = self.mailing
        known: dict[str, Value] = {"Campaign Run ID": mailing.run_id} if run else {}
        return Activity(
            at,
            self.person.marketo_ids[0],
            type_id,
            mailing.name,
            mailing.id,
            known | attributes,
            mailing.campaign_id,
        )


def received(person: Person, rng: random.Random, *, lively: bool, chats: int) -> Iterator[Activity]:
    """Yield what became of all e-mails to a person; who chats often is the more curious."""
    if not person.email:
        return
    ranges, weights = COUNTS
    count = rng.randint(12, 18) if lively else rng.randint(*rng.choices(ranges, weights)[0])
    curiosity = 0.75 if lively else min(0.7, 0.17 + 0.03 * chats + rng.random() * 0.15)
    for mailing, at in _chosen(person, count, rng):
        rows = list(fate(Copy(person, mailing, at, curiosity), rng, safe=lively))
        yield from rows
        if rows[-1].type_id == types.EMAIL_BOUNCED:
            return


def fate(copy: Copy, rng: random.Random, *, safe: bool = False) -> Iterator[Activity]:
    """Yield what became of one copy, in order; a ``safe`` one does not bounce."""
    step: dict[str, Value] = {"Choice Number": 0, "Step ID": copy.mailing.id % 60 + 30}
    yield copy.row(types.SEND_EMAIL, copy.at, step, run=True)
    at = copy.at + timedelta(seconds=rng.randint(2, 90))
    chance = 1.0 if safe else rng.random()
    if chance < BOUNCED + SOFT:
        kind = types.EMAIL_BOUNCED if chance < BOUNCED else types.EMAIL_SOFT_BOUNCED
        category, details, part = rng.choice(BOUNCES[kind])
        why: dict[str, Value] = {"Category": category, "Subcategory": part, "Details": details}
        yield copy.row(kind, at, why | {"Email": copy.person.email}, run=True)
        return
    yield copy.row(types.EMAIL_DELIVERED, at, step, run=True)
    if rng.random() < copy.curiosity:
        yield from read(copy, _later(copy, at, rng), rng)


def read(copy: Copy, at: datetime, rng: random.Random, *, click: bool | None = None) -> Iterator[Activity]:
    """Yield one or more openings, and a click after some of them."""
    device, mobile, platform, agent = rng.choices(DEVICES, (34, 20, 10, 24, 12))[0]
    seen: dict[str, Value] = {"Device": device, "Is Mobile Device": mobile}
    seen |= {"Platform": platform, "User Agent": agent}
    for _ in range(rng.choices((1, 2, 3), (83, 13, 4))[0]):
        yield copy.row(types.OPEN_EMAIL, at, seen)
        if click or (click is None and rng.random() < 0.26):
            mailing = copy.mailing
            link: dict[str, Value] = {"Link": f"{mailing.link}?{mailing.query}", "Link ID": mailing.id + 3000}
            yield copy.row(types.CLICK_EMAIL, at + timedelta(seconds=rng.randint(6, 80)), seen | link)
        at += timedelta(hours=rng.randint(1, 60), seconds=rng.randrange(3600))


def _later(copy: Copy, at: datetime, rng: random.Random) -> datetime:
    """Return when a copy is opened: at once, within hours, or in the office on one of the next days."""
    if rng.random() < 0.55:
        return at + timedelta(minutes=int(rng.expovariate(1 / 70)) + 1, seconds=rng.randrange(60))
    day = (at + timedelta(hours=copy.person.offset)).date() + timedelta(days=rng.choice((1, 1, 1, 2, 3)))
    return local(day, office_time(rng), copy.person.offset)


def _chosen(person: Person, count: int, rng: random.Random) -> list[tuple[Mailing, datetime]]:
    """Return so many mailings with the time of each, in order; about half are steps of the track."""
    lang = website.for_language(person.lang)
    own = [mailing for mailing in BATCHES if mailing.lang == lang]
    steps = min(len(TRACKS[lang]), round(count * rng.random()))
    drawn = rng.choices(own, [mailing.weight for mailing in own], k=count - steps)
    batches = [mailing for mailing in own if mailing in drawn]
    found = [
        (mailing, mailing.at + timedelta(seconds=rng.randrange(900))) for mailing in batches if mailing.at
    ]
    day = rng.choices(DAYS, WEIGHTS)[0] - timedelta(days=rng.randint(0, 4) * steps)
    for mailing in TRACKS[lang][:steps]:
        at = local(day, time(9, rng.randrange(60), rng.randrange(60)), person.offset)
        if OLDEST <= at < NEWEST:
            found.append((mailing, at))
        day += timedelta(days=rng.randint(4, 11))
        if day > LAST_DAY:
            break
    return sorted(found, key=lambda pair: pair[1])
