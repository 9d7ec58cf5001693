"""The generated company: accounts, people and deals, heavy-tailed, the same for the same shape.

Most accounts have a few contacts, some hundreds, and the first one ``LARGE_ACCOUNT``. Most people chat
a few times, some a thousand times: ``Person.weight`` is how often, beside the others.
"""

from dataclasses import dataclass
from random import Random

LARGE_ACCOUNT = 800
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
_ROLES = ("Decision Maker", "Evaluator", "Business User", "評価担当者", "推進役")


@dataclass(frozen=True)
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
    """Everybody, and the rows of the two files of deals as these are written."""

    accounts: list[tuple[str, str]]
    people: list[Person]
    opportunities: list[tuple[str, str, str]]
    roles: list[tuple[str, str, str, str]]


def company(activities: int, seed: int) -> Company:
    """Make a company for so many activities."""
    random = Random(seed)
    size = max(activities // ACTIVITIES_A_PERSON, 500)
    accounts = [_account(random, number) for number in range(size // PEOPLE_AN_ACCOUNT)]
    sizes = [min(random.paretovariate(1.2), 100.0) for _ in accounts[1:]]
    places = random.choices(range(1, len(accounts)), sizes, k=size)
    people = [_person(random, number, 0) for number in range(LARGE_ACCOUNT)]
    for number, place in enumerate(places, LARGE_ACCOUNT):
        people.append(_person(random, number, None if random.random() < LEADS else place))
    return Company(accounts, people, *_deals(random, accounts, people))


def _account(random: Random, number: int) -> tuple[str, str]:
    name = f"{random.choice(_LAST_NAMES)} {random.choice(_TRADES)} {number}"
    return f"001B{number:011d}AAA", name


def _person(random: Random, number: int, account: int | None) -> Person:
    marketo_id = 500_000 + 7 * number + random.randrange(7)
    second = (90_000_000 + number,) if random.random() < TWO_MARKETO_IDS else ()
    weight = min(random.paretovariate(1.1), 200.0)
    return Person(
        kind="lead" if account is None else "contact",
        crm_id=f"{'00Q' if account is None else '003'}B{number:011d}AAA",
        marketo_ids=(marketo_id, *second),
        first_name=random.choice(_FIRST_NAMES),
        last_name=random.choice(_LAST_NAMES),
        account=account,
        owner=random.choice(_OWNERS),
        weight=2 * weight if account == 0 else weight,
    )


def _deals(
    random: Random, accounts: list[tuple[str, str]], people: list[Person]
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str, str]]]:
    """Make three deals for two accounts, of 2 to 8 people; every twentieth is large."""
    contacts: list[list[Person]] = [[] for _ in accounts]
    leads = [one for one in people if one.account is None]
    for one in people:
        if one.account is not None:
            contacts[one.account].append(one)
    deals, roles = [], []
    for number in range(len(accounts) * 3 // 2):
        place = number % len(accounts)
        crm_id, (account, name) = f"006B{number:011d}AAA", accounts[place]
        deals.append((crm_id, f"{name}, deal {number}", account))
        large = number % 20 == 0
        part = _large_part(random, contacts[place], leads) if large else _part(random, contacts[place], leads)
        for at, one in enumerate(part):
            roles.append((crm_id, one.crm_id, random.choice(_ROLES), "true" if at == 0 else "false"))
    return deals, roles


def _part(random: Random, contacts: list[Person], leads: list[Person]) -> list[Person]:
    wanted = random.randrange(2, 9)
    part = random.sample(contacts, min(wanted, len(contacts)))
    return part + random.sample(leads, wanted - len(part))


def _large_part(random: Random, contacts: list[Person], leads: list[Person]) -> list[Person]:
    """Choose 30 to 60 people: anybody, or, every other time, those of 100 who chat least."""
    wanted = random.randrange(30, 61)
    some = random.sample(contacts, min(100, len(contacts)))
    some += random.sample(leads, 100 - len(some))
    if random.random() < 0.5:
        some.sort(key=lambda one: one.weight)
    return some[:wanted]
