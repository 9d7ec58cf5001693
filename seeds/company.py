"""What the CRM knows: accounts, people, opportunities, and who plays which part in them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from crm_ids import crm_id
from names import FIRMS, Firm
from people import Person, account_id, everyone

BIG_FIRM = "hoshikuzu-heavy"
BIG_DEAL_PEOPLE = 46
DEAL_WITHOUT_ROLES = "umberline-0"

PROJECTS = {
    "ja": (
        "バースボード全社展開",
        "配車計画 第1拠点",
        "Lensレポート導入",
        "更新と20名追加",
        "冷凍・冷蔵の試行",
        "運送会社ポータル",
        "基幹連携プロジェクト",
        "グループ包括契約",
    ),
    "en": (
        "Dock Board roll-out",
        "Lane Planner, first site",
        "Lens reports",
        "Renewal and 20 more seats",
        "Cold chain pilot",
        "Carrier portal",
        "ERP integration project",
        "Group-wide agreement",
    ),
}
ROLES = {
    "ja": ("評価担当者", "利用部門", "推進役", "決裁者", "情報システム", "購買担当"),
    "en": ("Evaluator", "Business User", "Champion", "Economic Buyer", "Technical Buyer", "Influencer"),
}


@dataclass(frozen=True)
class Deal:
    """An opportunity of a firm, as it is made; ``key`` is the firm's key and a number."""

    key: str
    firm: Firm
    name: str
    lang: str

    @property
    def crm_id(self) -> str:
        """Return the opportunity's id."""
        return crm_id("opportunity", self.key, self.firm.shape)


@dataclass(frozen=True)
class Role:
    """A person's part in an opportunity."""

    opportunity: str
    person: str
    role: str
    is_primary: bool


@dataclass(frozen=True)
class Company:
    """The whole CRM."""

    accounts: tuple[tuple[str, str], ...]
    people: tuple[Person, ...]
    opportunities: tuple[tuple[str, str, str], ...]
    roles: tuple[Role, ...]

    def person(self, key: str) -> Person:
        """Return the person ``key``."""
        return next(person for person in self.people if person.key == key)


def found() -> Company:
    """Return the demo company."""
    people = everyone()
    deals = [deal for firm in FIRMS for deal in _deals_of(firm)]
    return Company(
        accounts=tuple((account_id(firm), firm.name) for firm in FIRMS),
        people=people,
        opportunities=tuple((deal.crm_id, deal.name, account_id(deal.firm)) for deal in deals),
        roles=tuple(role for deal in deals for role in _roles_of(deal, people)),
    )


def _deals_of(firm: Firm) -> Iterator[Deal]:
    """Yield a firm's opportunities: one or two, a few more for the large."""
    lang = "ja" if firm.lang in {"ja", "mixed"} else "en"
    rng = random.Random(f"deals-{firm.key}")
    count = 6 if firm.contacts > 100 else 3 if firm.contacts > 35 else 1 + (firm.contacts > 10)
    separator = "　" if lang == "ja" else ": "
    for number, project in enumerate(rng.sample(PROJECTS[lang], count)):
        yield Deal(f"{firm.key}-{number}", firm, f"{firm.name}{separator}{project}", lang)


def _roles_of(deal: Deal, people: tuple[Person, ...]) -> Iterator[Role]:
    """Yield the roles of an opportunity; the first person is the primary one."""
    if deal.key == DEAL_WITHOUT_ROLES:
        return
    rng = random.Random(f"roles-{deal.key}")
    parts = ROLES[deal.lang]
    for number, person in enumerate(_people_of(deal, people, rng)):
        yield Role(deal.crm_id, person.crm_id, parts[number % len(parts)], number == 0)


def _people_of(deal: Deal, people: tuple[Person, ...], rng: random.Random) -> list[Person]:
    """Choose 2 to 8 people: mostly the account's livelier contacts, sometimes a lead."""
    contacts = [person for person in people if person.account == account_id(deal.firm)]
    leads = [person for person in people if person.kind == "lead" and person.visits]
    if deal.key == f"{BIG_FIRM}-0":
        return rng.sample(contacts, BIG_DEAL_PEOPLE - 2) + rng.sample(leads, 2)
    if deal.key in STAGED:
        placed = [person for key in STAGED[deal.key] for person in people if person.key == key]
        others = sorted(contacts, key=lambda person: -person.visits)
        return placed + [person for person in others if person not in placed][:5]
    lively = sorted(contacts, key=lambda person: -person.visits)[: max(8, len(contacts) // 2)]
    chosen = rng.sample(lively, min(len(lively), rng.randint(2, 7)))
    return chosen + (rng.sample(leads, 1) if rng.random() < 0.25 else [])


STAGED = {
    "larkspur-robotics-0": ("maya", "rosalind", "theodora"),
    "hotarugawa-0": ("sota", "kanata", "mio"),
}
"""The opportunities worth opening first, with the hand-placed people in them."""
