"""Interesting moments: what a rep should know at once, in a sentence.

They come from what people do: a form, a click, prices looked at again and again, an appointment, a score
that passes a mark. Nobody has two of the same kind within two days.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import activity_types as types
from chats import Activity
from scores import LEAD

EMAIL, MILESTONE, WEB = "Email", "Milestone", "Web"
REST = timedelta(days=2)
WEEK = timedelta(days=7)
MARKS = (50, 100, 200, 500)
WORTH_A_CALL = ("/demo", "/demo/request", "/trial", "/migrate", "/contact", "/product/lane-planner")
"""The ends of pages that one does not read twice for nothing."""


@dataclass(frozen=True)
class Kind:
    """A campaign that notes moments: their type, its name, its sentence in each language, how likely."""

    campaign_id: int
    type: str
    source: str
    en: str
    ja: str
    likely: float

    def row(self, lead_id: int, at: datetime, what: str, lang: str) -> Activity:
        """Return the moment."""
        sentence = (self.ja if lang == "ja" else self.en).format(what=what)
        return moment(lead_id, at, self.type, sentence, self.source, self.campaign_id)


PRICES = Kind(
    2501,
    WEB,
    "Pricing watchers",
    "Came back to the prices, {what} times in a week.",
    "1週間に料金ページを{what}回閲覧しました。",
    0.9,
)
FORM = Kind(
    2502,
    MILESTONE,
    "Form fills",
    "Filled out the form “{what}”.",
    "フォーム「{what}」に入力しました。",
    0.6,
)
CLICK = Kind(
    2503,
    EMAIL,
    "E-mail clicks",
    "Clicked a link in “{what}”.",
    "メール「{what}」のリンクをクリックしました。",
    0.55,
)
BOOKED = Kind(
    2504,
    MILESTONE,
    "Appointments",
    "Booked an appointment in “{what}”.",
    "「{what}」で打ち合わせを予約しました。",
    0.55,
)
MARK = Kind(
    2505,
    MILESTONE,
    "Hot leads",
    "The score passed {what}: worth a call.",
    "スコアが{what}を超えました。ご連絡をおすすめします。",
    1.0,
)
REPLY = Kind(
    2506,
    EMAIL,
    "Sales replies",
    "Answered “{what}”.",
    "「{what}」に返信がありました。",
    0.7,
)
DEMO = Kind(
    2507,
    WEB,
    "Demo seekers",
    "Came back to {what}.",
    "{what} のページを再び訪れました。",
    0.45,
)


def moment(
    lead_id: int, at: datetime, kind: str | None, sentence: str, source: str, campaign_id: int
) -> Activity:
    """Return an interesting moment; the log gives its type no id."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    attributes = {"Description": sentence, "Source": source, "Date": stamp}
    return Activity(at, lead_id, types.MOMENT, kind, None, attributes, campaign_id)


def noted(
    lead_id: int, lang: str, happened: Sequence[Activity], rng: random.Random, *, lively: bool
) -> Iterator[Activity]:
    """Yield the moments of one person among all that ``happened``, which is in order."""
    prices: list[datetime] = []
    seen: set[str] = set()
    rested: dict[int, datetime] = {}
    for row in happened:
        if row.type_id == types.VISIT and str(row.primary).endswith("/pricing"):
            prices = [at for at in prices if row.at - at < WEEK] + [row.at]
        found = _of(row, len(prices), seen)
        if found is None:
            continue
        kind, what = found
        if (kind.campaign_id in rested and row.at < rested[kind.campaign_id]) or (
            not lively and rng.random() > kind.likely
        ):
            continue
        rested[kind.campaign_id] = row.at + (WEEK if kind is PRICES else REST)
        yield kind.row(lead_id, row.at + timedelta(seconds=rng.choice((0, 1, 1, 2, 4))), what, lang)


def _of(row: Activity, prices: int, seen: set[str]) -> tuple[Kind, str] | None:
    """Return the kind of moment that a row makes, and what it is about."""
    what = str(row.primary)
    if row.type_id == types.VISIT:
        return _of_visit(what, prices, seen)
    if row.type_id in {types.MEETING, types.MEETING_IN_FLOW}:
        return (BOOKED, what) if row.primary and _is_booked(row) else None
    if row.type_id == types.SCORE:
        return _mark(row) if row.primary == LEAD else None
    kind = {types.FORM: FORM, types.CLICK_EMAIL: CLICK, types.RECEIVE_SALES: REPLY}.get(row.type_id)
    return (kind, what.partition(".")[2] if kind is CLICK else what) if kind else None


def _of_visit(page: str, prices: int, seen: set[str]) -> tuple[Kind, str] | None:
    """Return the moment that a visit makes, if the page was worth coming back to; note it in ``seen``."""
    if page.endswith("/pricing"):
        return (PRICES, str(prices)) if prices >= 2 else None
    again = page.endswith(WORTH_A_CALL) and page in seen
    seen.add(page)
    return (DEMO, page) if again else None


def _is_booked(row: Activity) -> bool:
    """Return whether an appointment was made, not moved or cancelled."""
    return str(row.attributes.get("Meeting Status")).lower() == "scheduled"


def _mark(row: Activity) -> tuple[Kind, str] | None:
    """Return the mark that a score passed, if it did."""
    old, new = int(str(row.attributes["Old Value"])), int(str(row.attributes["New Value"]))
    passed = [mark for mark in MARKS if old < mark <= new]
    return (MARK, str(passed[-1])) if passed else None
