"""What the people worth opening first did: the newest days by hand, the weeks before at a steady pace.

Also a hundred activities in one second.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import chats
import scripts
from chats import Activity, Place, Value
from clock import LAST_DAY, local, office_time
from company import Company
from people import Person
from sessions import session, written
from talks import Words
from website import AGENTS, DIALOGUES, DOCUMENTS, FLOWS, GOALS, Agent, named

STEADY_DAYS = 98
"""How far back the steady pace goes: the 13 weeks of the dashboard, and one to spare."""
HUNDRED_AT = datetime(2026, 6, 10, 3, 0, 0, tzinfo=UTC)


class Diary:
    """Collects what one person did, in local time counted in days before the last day."""

    def __init__(self, person: Person) -> None:
        """Begin the diary of ``person``, whose first marketo id is used."""
        self.person = person
        self.activities: list[Activity] = []

    def engaged(self, days: int, clock: str, name: str, status: str, words: Words | None = None) -> None:
        """Note an engagement; a finished one has a score."""
        score = {"Completed": 3, "Dropped": 1}.get(status)
        self._add(chats.engaged(self._place(name), self._at(days, clock), status, words, score))

    def agent(self, days: int, clock: str, name: str, agent: str, words: Words) -> None:
        """Note a completed conversation with an agent."""
        place = self._place(name)
        self._add(chats.agent_engaged(place, self._at(days, clock), _agent(agent), "Completed", words, 3))

    def meeting(
        self, days: int, clock: str, name: str, agent: str, status: str, due: tuple[int, str]
    ) -> None:
        """Note a step of an appointment that is ``due`` so many days after the last day."""
        ahead, hour = due
        when = written(self._at(-ahead, hour), self.person.offset)
        self._add(chats.meeting(self._place(name), self._at(days, clock), _agent(agent), status, when))

    def goal(self, days: int, clock: str, name: str, number: int) -> None:
        """Note a goal, by its number in the website's list."""
        place = self._place(name)
        self._add(chats.goal(place, self._at(days, clock), GOALS[place.asset.lang][number]))

    def document(
        self, days: int, clock: str, name: str, title: str, opened: Value, downloaded: Value
    ) -> None:
        """Note what was done with the document ``title``."""
        shown = next(document for document in DOCUMENTS if document.name == title)
        self._add(chats.document(self._place(name), self._at(days, clock), shown, opened, downloaded))

    def _add(self, activity: Activity) -> None:
        self.activities.append(activity)

    def _place(self, name: str) -> Place:
        asset = named(name)
        return Place(self.person.marketo_ids[0], asset, asset.pages[0])

    def _at(self, days: int, clock: str) -> datetime:
        return local(LAST_DAY - timedelta(days=days), time.fromisoformat(clock), self.person.offset)


def told(company: Company) -> Iterator[Activity]:
    """Yield all that the busy people did."""
    yield from _maya(company.person("maya"))
    yield from _mio(company.person("mio"))
    yield from _sota(company.person("sota"))
    yield from _theodora(company.person("theodora"))
    yield from _hundred(company.person("monitor"))


def _maya(person: Person) -> Iterable[Activity]:
    """Maya moves her second plant to Kumolane; her evening chat is the newest activity of all."""
    diary = Diary(person)
    pricing, marcus = "Pricing Page Greeter", "Marcus Bell"
    diary.engaged(5, "10:12:40", "Product Tour: Lane Planner", "Initiated")
    diary.document(
        5, "10:20:03", "Product Tour: Lane Planner", "Customer Story: Three Plants, One Board", True, False
    )
    diary.engaged(4, "09:02:11", "Contact Sales Flow", "Completed")
    diary.meeting(4, "09:06:30", "Contact Sales Flow", "Ingrid Solheim", "Scheduled", (-3, "16:00"))
    diary.meeting(3, "08:31:00", "Contact Sales Flow", "Ingrid Solheim", "Cancelled", (-3, "16:00"))
    diary.engaged(3, "11:47:19", "Security & Compliance Desk", "Dropped", scripts.AUDIT)
    diary.document(3, "11:55:02", "Security & Compliance Desk", "Security Pack", "yes", False)
    diary.engaged(2, "15:10:05", pricing, "Completed", scripts.QUOTE)
    diary.agent(2, "15:17:44", pricing, marcus, scripts.QUOTE_AGENT)
    diary.goal(2, "15:26:20", pricing, 0)
    diary.meeting(2, "15:28:51", pricing, marcus, "Scheduled", (2, "14:00"))
    diary.engaged(1, "11:05:37", "Homepage Welcome", "Initiated")
    diary.meeting(1, "11:21:12", pricing, marcus, "Rescheduled", (4, "10:00"))
    diary.engaged(1, "21:20:36", "Migration Advisor", "Completed", scripts.CUT_OVER)
    diary.goal(1, "21:28:10", "Migration Advisor", 3)
    diary.document(1, "21:31:09", "Migration Advisor", "Cut-over Checklist", True, True)
    return [*diary.activities, *_steady(person, until=6, every=(2, 4))]


def _mio(person: Person) -> Iterable[Activity]:
    """桐谷 compares plans, brings the security questions of her company, and prepares a meeting."""
    diary = Diary(person)
    pricing, toda = "料金ページのご案内", "戸田 みずき"
    diary.engaged(6, "10:40:12", "トップページのごあいさつ", "Initiated")
    diary.engaged(5, "16:02:33", "製品ツアー：配車計画", "Completed")
    diary.document(5, "16:09:18", "製品ツアー：配車計画", "配車計画 製品カタログ", "true", False)
    diary.engaged(4, "13:15:09", "セキュリティ相談窓口", "Dropped", scripts.KIRIYA_SECURITY)
    diary.document(4, "13:20:41", "セキュリティ相談窓口", "セキュリティ資料集", 1, 1)
    diary.meeting(4, "18:05:50", "お問い合わせフロー", "森 はるか", "Scheduled", (-2, "11:00"))
    diary.meeting(3, "09:12:27", "お問い合わせフロー", "森 はるか", "Cancelled", (-2, "11:00"))
    diary.engaged(2, "14:31:00", pricing, "Completed", scripts.KIRIYA_PRICE)
    diary.agent(2, "14:38:26", pricing, toda, scripts.KIRIYA_AGENT)
    diary.goal(2, "14:50:02", pricing, 0)
    diary.meeting(2, "14:52:45", pricing, toda, "Scheduled", (3, "10:00"))
    diary.meeting(1, "10:18:30", pricing, toda, "Rescheduled", (3, "11:00"))
    diary.engaged(0, "10:01:16", "導入相談デスク", "Completed", scripts.KIRIYA_SWITCH)
    diary.document(0, "10:10:52", "導入相談デスク", "切り替えチェックリスト", False, "1")
    diary.goal(0, "10:14:05", "導入相談デスク", 3)
    return [*diary.activities, *_steady(person, until=7, every=(2, 5))]


def _sota(person: Person) -> Iterable[Activity]:
    """風見 comes back every few days, and has an appointment ahead."""
    diary = Diary(person)
    finder, amano = "連携サービス検索", "天野 健司"
    diary.meeting(3, "11:20:15", "導入相談デスク", "白川 蓮", "Scheduled", (2, "15:30"))
    diary.engaged(2, "10:04:19", finder, "Completed", scripts.KAZAMI_CARRIERS)
    diary.agent(2, "10:10:02", finder, amano, scripts.KAZAMI_AGENT)
    diary.meeting(2, "10:15:40", finder, amano, "Scheduled", (4, "13:30"))
    diary.meeting(1, "15:37:50", finder, amano, "Rescheduled", (5, "13:30"))
    diary.document(1, "15:42:08", finder, "EDI・API連携ハンドブック", True, True)
    diary.meeting(1, "16:05:21", "導入相談デスク", "白川 蓮", "Cancelled", (2, "15:30"))
    diary.engaged(0, "09:32:48", "無料トライアル申込フロー", "Completed", scripts.KAZAMI_TRIAL)
    diary.goal(0, "09:41:33", "無料トライアル申込フロー", 2)
    return [*diary.activities, *_steady(person, until=3, every=(2, 4))]


def _theodora(person: Person) -> Iterable[Activity]:
    """Theodora is in trial, and has an appointment ahead."""
    diary = Diary(person)
    diary.engaged(3, "16:22:10", "Free Trial Sign-up", "Initiated")
    diary.goal(3, "16:30:00", "Free Trial Sign-up", 2)
    diary.meeting(2, "09:48:13", "Book a Demo (EMEA)", "Ingrid Solheim", "Scheduled", (1, "09:30"))
    diary.document(1, "10:05:55", "Event Lounge", "Webinar Slides: Cold Chain", "yes", "yes")
    return [*diary.activities, *_steady(person, until=4, every=(3, 5))]


def _steady(person: Person, *, until: int, every: tuple[int, int]) -> Iterator[Activity]:
    """Yield lively sessions every few days, back to ``STEADY_DAYS`` before the last day."""
    rng = random.Random(f"steady-{person.key}")
    days = until
    while days < STEADY_DAYS:
        yield from session(person, local(_day(days), office_time(rng), person.offset), rng, lively=True)
        days += rng.randint(*every)


def _hundred(person: Person) -> Iterator[Activity]:
    """Yield a hundred activities in one second: a monitor that walks through the whole website."""
    assets = [asset for asset in DIALOGUES + FLOWS if asset.lang == "en"]
    for number in range(100):
        asset = assets[number % len(assets)]
        place = Place(person.marketo_ids[0], asset, asset.pages[0])
        match number % 5:
            case 0 | 1:
                yield chats.engaged(place, HUNDRED_AT, ("Initiated", "Dropped", "Completed")[number % 3])
            case 2:
                yield chats.goal(place, HUNDRED_AT, GOALS["en"][number % 6])
            case 3:
                yield chats.document(
                    place, HUNDRED_AT, DOCUMENTS[number % 7], number % 2 == 0, number % 3 == 0
                )
            case _:
                status = ("Scheduled", "Rescheduled", "Cancelled")[number % 3]
                due = written(HUNDRED_AT + timedelta(days=7), person.offset)
                yield chats.meeting(place, HUNDRED_AT, AGENTS[number % 4], status, due)


def _day(days: int) -> date:
    """Return the day so many days before the last one."""
    return LAST_DAY - timedelta(days=days)


def _agent(name: str) -> Agent:
    """Return the agent ``name``."""
    return next(agent for agent in AGENTS if agent.name == name)
