"""The generated company: accounts and people, heavy-tailed, the same for the same shape.

Most accounts have a few contacts, some hundreds. Most people chat a few times, some a thousand times:
``Person.weight`` is how often, beside the others.

Two accounts are the same in a company of any size from ``WHOLE`` activities on: the same contacts, and as
many activities. By them databases of different sizes can be compared. In a smaller company the contacts of
``VAST`` and the activities of both are fewer in proportion.
"""

from dataclasses import dataclass, replace
from random import Random

WHOLE = 100_000
ACTIVITIES_A_PERSON = 25
PEOPLE_AN_ACCOUNT = 20
LEADS = 0.3
TWO_MARKETO_IDS = 0.03

_FIRST_NAMES = (
    "Ann",
    "Greta",
    "Mateo",
    "Priya",
    "Rosalind",
    "Tomasz",
    "由紀",
    "奏多",
    "美緒",
    "颯太",
    "恵子",
    "拓海",
)
_LAST_NAMES = (
    "Achterberg",
    "Lee",
    "Nair",
    "Okafor",
    "Strömqvist",
    "Weiss",
    "原田",
    "水無瀬",
    "齋藤",
    "風見",
    "遠藤",
)
_TRADES = ("Robotics, Inc.", "Foods GmbH", "Logistics", "製作所", "物流株式会社", "Shipping Co.", "化学工業")
_OWNERS = ("priya.nair@kumolane.example", "mizuki.toda@kumolane.example", "kenji.amano@kumolane.example")


@dataclass(frozen=True)
class Known:
    """An account that is in every company: its place there, its contacts and their activities."""

    place: int
    contacts: int
    activities: int

    @property
    def crm_id(self) -> str:
        """Its id, the same in every company."""
        return f"001B{self.place:011d}AAA"


LARGE = Known(place=0, contacts=800, activities=20_000)
VAST = Known(place=1, contacts=50_000, activities=30_000)


@dataclass(frozen=True, slots=True)  # there is half a million of them
class Person:
    """A lead or contact; ``account`` is a place in ``Company.accounts``."""

    kind: str
    crm_id: str
    marketo_ids: tuple[int, ...]
    first_name: str
    last_name: str
    account: int | None
    owner: str
    weight: float


@dataclass(frozen=True)
class Company:
    """Everybody; an account is (CRM id, name)."""

    accounts: list[tuple[str, str]]
    people: list[Person]


def company(activities: int, seed: int) -> Company:
    """Make a company for so many activities."""
    scale = min(activities / WHOLE, 1.0)
    large = replace(LARGE, activities=round(scale * LARGE.activities))
    vast = replace(VAST, contacts=round(scale * VAST.contacts), activities=round(scale * VAST.activities))
    known = _contacts(large, seed, first=0) + _contacts(vast, seed, first=large.contacts)
    left = activities - large.activities - vast.activities

    random = Random(seed)
    size = max(left // ACTIVITIES_A_PERSON, 500)
    accounts = [_account(random, place) for place in range(max(size // PEOPLE_AN_ACCOUNT, 25))]
    sizes = [min(random.paretovariate(1.2), 100.0) for _ in accounts[2:]]
    places = random.choices(range(2, len(accounts)), sizes, k=size)
    others = [
        _person(random, number, None if random.random() < LEADS else place)
        for number, place in enumerate(places, len(known))
    ]
    return Company(accounts, known + _weighted(others, left))


def _account(random: Random, place: int) -> tuple[str, str]:
    name = f"{random.choice(_LAST_NAMES)} {random.choice(_TRADES)} {place}"
    return f"001B{place:011d}AAA", name


def _contacts(of: Known, seed: int, first: int) -> list[Person]:
    """Make the contacts of an account by a chance of their own: the same whatever the company's size."""
    random = Random(f"{seed}/{of.place}")
    some = [_person(random, number, of.place) for number in range(first, first + of.contacts)]
    return _weighted(some, of.activities)


def _weighted(some: list[Person], activities: int) -> list[Person]:
    """Return people with weights that sum up to their number of activities."""
    each = activities / sum(one.weight for one in some)
    return [replace(one, weight=each * one.weight) for one in some]


def _person(random: Random, number: int, account: int | None) -> Person:
    marketo_id = 500_000 + 7 * number + random.randrange(7)
    second = (90_000_000 + number,) if random.random() < TWO_MARKETO_IDS else ()
    return Person(
        kind="lead" if account is None else "contact",
        crm_id=f"{'00Q' if account is None else '003'}B{number:011d}AAA",
        marketo_ids=(marketo_id, *second),
        first_name=random.choice(_FIRST_NAMES),
        last_name=random.choice(_LAST_NAMES),
        account=account,
        owner=random.choice(_OWNERS),
        weight=min(random.paretovariate(1.1), 200.0),
    )
