"""The generated company's deals: of 2 to 8 people, some of many, and one of ``LARGEST_PEOPLE``."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.bench.people import Company, Person

LARGEST_PEOPLE = 300
LARGEST = f"006B{0:011d}AAA"

_ROLES = ("Decision Maker", "Evaluator", "Business User", "評価担当者", "推進役")


@dataclass(frozen=True)
class Deals:
    """The rows of the two files of deals, as these are written."""

    opportunities: list[tuple[str, str, str]]
    roles: list[tuple[str, str, str, str]]


def deals(company: Company, seed: int) -> Deals:
    """Make three deals for two accounts; every twentieth is large, and the first one the largest."""
    random = Random(f"{seed}/deals")
    contacts: list[list[Person]] = [[] for _ in company.accounts]
    leads = [one for one in company.people if one.account is None]
    for one in company.people:
        if one.account is not None:
            contacts[one.account].append(one)
    made = Deals([], [])
    for number in range(len(company.accounts) * 3 // 2):
        place = number % len(company.accounts)
        crm_id, (account, name) = f"006B{number:011d}AAA", company.accounts[place]
        made.opportunities.append((crm_id, f"{name}, deal {number}", account))
        made.roles.extend(_roles(random, crm_id, _part(random, number, contacts[place], leads)))
    return made


def _roles(random: Random, crm_id: str, part: list[Person]) -> Iterator[tuple[str, str, str, str]]:
    for place, one in enumerate(part):
        yield crm_id, one.crm_id, random.choice(_ROLES), "true" if place == 0 else "false"


def _part(random: Random, number: int, contacts: list[Person], leads: list[Person]) -> list[Person]:
    """Choose who takes part in the ``number``-th deal."""
    if number == 0:
        return contacts[:LARGEST_PEOPLE]  # the large account's: the same whatever the company's size
    if number % 20 == 0:
        return _large_part(random, contacts, leads)
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
