"""The people of the demo company: leads without an account, contacts with one (save a few).

Every choice comes from a random source seeded by the person's own key, so a change to one firm leaves
the people of the others as they were.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import names
from cast import CEST, EDT, GULF, JST, PARTS, Part
from crm_ids import crm_id
from names import FIRMS, Firm

LEADS = 168
STRAY_CONTACTS = 8
"""Contacts without an account."""
FIRST_MARKETO_ID = 502_117
OFFSETS = {"ja": (JST,), "en": (EDT, EDT, CEST), "de": (CEST,), "vi": (7,), "ar": (GULF,), "ko": (9,)}
MIXED = {"ja": 55, "en": 40, "de": 2, "vi": 1, "ko": 2}
"""The languages of a firm with people all over the world."""
OWNERS = {
    "ja": ("haruka.mori@kumolane.example", "kenji.amano@kumolane.example", "mizuki.toda@kumolane.example"),
    "en": (
        "ann.lee@kumolane.example",
        "jonas.brandt@kumolane.example",
        "priya.nair@kumolane.example",
        "tom.okafor@kumolane.example",
    ),
}


@dataclass(frozen=True)
class Person:
    """A lead or contact. ``visits`` is how often this person chats, ``offset`` the hours ahead of UTC."""

    key: str
    kind: str
    crm_id: str
    marketo_ids: tuple[int, ...]
    first: str
    last: str
    email: str
    account: str
    owner: str
    lang: str
    offset: int
    visits: int
    former_lead: str = ""
    """The crm_id of the lead that this contact was."""

    @property
    def name(self) -> str:
        """Return the name as it stands in a transcript."""
        parts = (self.last, self.first) if self.lang in {"ja", "ko"} else (self.first, self.last)
        return " ".join(part for part in parts if part)

    @property
    def address(self) -> str:
        """Return what the bot calls this person."""
        return self.last if self.lang == "ja" else self.first or self.last


@dataclass(frozen=True)
class Home:
    """Where an ordinary person belongs: mail domain, shape of the CRM ids, account, and how lively it is."""

    domain: str
    shape: str = "salesforce"
    account: str = ""
    liveliness: float = 1.0


def everyone() -> tuple[Person, ...]:
    """Return all people, those placed by hand first."""
    return tuple(_with_marketo_ids([*_cast(), *_leads(), *_contacts()]))


def account_id(firm: Firm) -> str:
    """Return the crm_id of a firm's account."""
    return crm_id("account", firm.key, firm.shape)


def _cast() -> Iterator[Person]:
    """Yield the hand-placed people; their marketo ids are still only counted."""
    for part in PARTS:
        firm = next((firm for firm in FIRMS if firm.key == part.firm), None)
        shape = firm.shape if firm else "salesforce"
        yield Person(
            key=part.key,
            kind=part.kind,
            crm_id=crm_id(part.kind, part.key, shape),
            marketo_ids=(0,) * part.marketo_ids,
            first=part.first,
            last=part.last,
            email=_email(part, firm),
            account=account_id(firm) if firm else "",
            owner=_owner(part.lang, random.Random(part.key)),
            lang=part.lang,
            offset=part.offset,
            visits=part.visits,
            former_lead=crm_id("lead", part.key, shape) if part.converted else "",
        )


def _email(part: Part, firm: Firm | None) -> str:
    """Return a hand-placed person's address, or nothing."""
    if not part.latin:
        return ""
    return f"{part.latin}@{firm.domain if firm else 'prospect.example'}"


def _leads() -> Iterator[Person]:
    """Yield the ordinary leads, most of them in Salesforce's shape."""
    for number in range(LEADS):
        rng = random.Random(f"lead-{number}")
        shape = {3: "dynamics", 8: "hubspot"}.get(number % 17, "salesforce")
        lang = rng.choices(("ja", "en", "de", "vi", "ar", "ko"), (48, 44, 3, 2, 1, 2))[0]
        yield _person(rng, "lead", f"lead-{number}", lang, Home(rng.choice(names.PROSPECT_DOMAINS), shape))


def _contacts() -> Iterator[Person]:
    """Yield the ordinary contacts of every firm, then those without an account."""
    for firm in FIRMS:
        placed = sum(part.firm == firm.key for part in PARTS)
        for number in range(firm.contacts - placed):
            yield _contact(firm, number)
    for number in range(STRAY_CONTACTS):
        key = f"stray-{number}"
        yield _person(random.Random(key), "contact", key, ("ja", "en")[number % 2], Home("mailbox.example"))


def _contact(firm: Firm, number: int) -> Person:
    """Return one ordinary contact; the first one of some firms was a lead before."""
    key = f"{firm.key}-{number}"
    rng = random.Random(key)
    weights = MIXED if firm.lang == "mixed" else {"ja": 4, "en": 8, "de": 2} | {firm.lang: 86}
    lang = rng.choices(list(weights), list(weights.values()))[0]
    home = Home(firm.domain, firm.shape, account_id(firm), firm.liveliness)
    person = _person(rng, "contact", key, lang, home)
    if number == 0 and len(firm.key) % 5 == 0:
        return replace(person, former_lead=crm_id("lead", key, firm.shape), marketo_ids=(0,))
    return person


def _person(rng: random.Random, kind: str, key: str, lang: str, home: Home) -> Person:
    """Return one ordinary person. Some have no first name, no address, no owner, or two marketo ids."""
    first, first_latin = rng.choice(names.GIVEN[lang])
    last, last_latin = rng.choice(names.FAMILY[lang])
    if rng.random() < 0.012:
        first, first_latin = "", "office"
    email = f"{first_latin}.{last_latin}{rng.choice(['', '', rng.randint(2, 99)])}@{home.domain}"
    return Person(
        key=key,
        kind=kind,
        crm_id=crm_id(kind, key, home.shape),
        marketo_ids=(0,) * rng.choices((0, 1, 2), (1, 97, 2))[0],
        first=first,
        last=last,
        email="" if rng.random() < 0.02 else email,
        account=home.account,
        owner=_owner(lang, rng),
        lang=lang,
        offset=rng.choice(OFFSETS[lang]),
        visits=_visits(rng, home.liveliness),
    )


def _visits(rng: random.Random, liveliness: float) -> int:
    """Return how often a person chats: mostly never or once or twice, rarely dozens of times."""
    low, high = rng.choices(((0, 0), (1, 1), (2, 3), (4, 8), (9, 18), (27, 40)), (18, 37, 26, 13, 3.2, 1.0))[
        0
    ]
    return min(40, round(rng.randint(low, high) * liveliness))


def _owner(lang: str, rng: random.Random) -> str:
    """Return the rep who owns a record; a few have none."""
    if rng.random() < 0.03:
        return ""
    return rng.choice(OWNERS.get(lang, OWNERS["en"]))


def _with_marketo_ids(people: list[Person]) -> Iterator[Person]:
    """Number the marketo ids, with gaps as in a database that has lived a while."""
    rng = random.Random("marketo ids")
    latest = FIRST_MARKETO_ID
    for person in people:
        ids = []
        for _ in person.marketo_ids:
            latest += rng.randint(1, 9)
            ids.append(latest)
        yield replace(person, marketo_ids=tuple(ids))
