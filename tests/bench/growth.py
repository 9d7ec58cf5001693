"""Whether pages stay as fast while the data grow: each on generated databases of different size, in turns.

All sides render each time: what is kept in memory costs the same on any database. Dashboards are asked for
the last whole week, for the running one holds more on a Sunday than on a Monday.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta

from tests.bench import deals, pages, records
from tests.bench.databases import Database
from tests.bench.pages import Compared, PageResult, Side
from tests.bench.people import LARGE, VAST
from tests.bench.records import Alike
from tests.bench.server import serving

BACK = timedelta(weeks=20)  # a list that begins in the midst of the data


def measure(
    databases: Mapping[str, Database],
    running_week: date,
    *,
    few: bool,
    rounds: int,
    seconds: int,
    clients: int,
    say: Callable[[str], None],
) -> list[PageResult]:
    """Measure the pages on databases by their names, smallest first; ``few`` leaves most pages out."""
    week = running_week - timedelta(weeks=1)
    found = records.alike(list(databases.values()), week)
    chosen = first_pages(found, week) + ([] if few else further_pages(found, week))
    with ExitStack() as stack:
        sides = [
            Side(name, stack.enter_context(serving(one, CHATPANE_KEPT_MIB="0")))
            for name, one in databases.items()
        ]
        return pages.measure(sides, chosen, rounds=rounds, seconds=seconds, clients=clients, say=say)


def first_pages(of: Alike, week: date) -> list[Compared]:
    """Return the pages that are asked for most; ``Compared.paths`` are in the order of the databases."""
    large, vast, _deal = _known(of)
    return [
        _compared("Chat tab of a contact", "/contacts/{}/chat", of.contact),
        _compared("Chat tab of the account of 800", "/accounts/{}/chat", large),
        _compared("Chat tab of the account of 50,000", "/accounts/{}/chat", vast),
        _compared("detail of a conversation", "/chat/activities/{}", of.talk),
        _compared("dashboard of the account of 50,000", f"/accounts/{{}}/dashboard?week={week}", vast),
        _compared("global tab", "/global/chat", of.lead),
    ]


def further_pages(of: Alike, week: date) -> list[Compared]:
    """Return the other pages."""
    large, vast, deal = _known(of)
    dashboard, back = f"dashboard?week={week}", f"chat?to={week - BACK}"
    return [
        _compared("page of a contact", "/contacts/{}", of.contact),
        _compared("page of the account of 50,000", "/accounts/{}", vast),
        _compared("page of the deal of 300", "/opportunities/{}", deal),
        _compared("Chat tab of a lead", "/leads/{}/chat", of.lead),
        _compared("Chat tab of an account", "/accounts/{}/chat", of.account),
        _compared("Chat tab of the deal of 300", "/opportunities/{}/chat", deal),
        _compared("Chat tab of a deal", "/opportunities/{}/chat", of.deal),
        _compared("detail of an appointment", "/chat/activities/{}", of.appointment),
        _compared("dashboard of a contact", f"/contacts/{{}}/{dashboard}", of.contact),
        _compared("dashboard of an account", f"/accounts/{{}}/{dashboard}", of.account),
        _compared("dashboard of the account of 800", f"/accounts/{{}}/{dashboard}", large),
        _compared("dashboard of the deal of 300", f"/opportunities/{{}}/{dashboard}", deal),
        _compared(
            "dashboard of a contact with its 50,000",
            f"/contacts/{{}}/{dashboard}&show-account=1",
            of.colleague,
        ),
        _compared("weekly list of the account of 800", f"/accounts/{{}}/{dashboard}&family=chat", large),
        _compared("weekly list of the account of 50,000", f"/accounts/{{}}/{dashboard}&family=chat", vast),
        _compared("account of 50,000, 20 weeks ago", f"/accounts/{{}}/{back}", vast),
        _compared("account of 50,000, appointments", "/accounts/{}/chat?type=scheduled-appointment", vast),
        _compared("account of 50,000, by name", "/accounts/{}/chat?sort=name", vast),
        *_searches("account of 800", "/accounts/{}/chat", large),
        *_searches("account of 50,000", "/accounts/{}/chat", vast),
        _compared("global tab, 20 weeks ago", f"/global/{back}", of.lead),
        _compared("global tab, appointments", "/global/chat?type=scheduled-appointment", of.lead),
        _compared(
            "global tab, a dialogue",
            "/global/chat?dialogue=Dialogue+7%3A+pricing+and+%E5%B0%8E%E5%85%A5%E7%9B%B8%E8%AB%87",
            of.lead,
        ),
        *_searches("global tab", "/global/chat", of.lead),
        _compared("page of the global tab", "/global", of.lead),
    ]


def _known(of: Alike) -> tuple[list[str], list[str], list[str]]:
    sides = len(of.lead)
    return [LARGE.crm_id] * sides, [VAST.crm_id] * sides, [deals.LARGEST] * sides


def _searches(title: str, path: str, ids: Sequence[object]) -> list[Compared]:
    return [
        _compared(f"{title}, a word of many chats", f"{path}?q=data", ids),
        _compared(f"{title}, a word of none", f"{path}?q=zq", ids),
        _compared(f"{title}, a first name of many", f"{path}?q=rosalind", ids),
    ]


def _compared(title: str, path: str, ids: Sequence[object]) -> Compared:
    return Compared(title, tuple(path.format(one) for one in ids))
