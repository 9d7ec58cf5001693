"""Best Bets: who did most lately, each rated by the formula of ``rating``.

Rated are the people of the newest ``CANDIDATES`` activities of the last 28 days that count. What counts is
what people did who are known, not what was sent to them, nor what visitors did whom no record belongs to: an
e-mail to everybody makes nobody a candidate, and takes nobody's place. Only families that are shown count.

However much is stored, no more is rated and nothing older is looked at. At worst, where fewer than
``CANDIDATES`` of a family count, the family's whole 28 days are looked through.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from webui.bulk import among
from webui.database import db
from webui.feeds import people_now, rating
from webui.feeds.latest import Latest, latest
from webui.feeds.people_now import Known
from webui.feeds.rating import DAYS, WEIGHTS, Points
from webui.models import Activity, Dialogue, Hidden, Installation, Person
from webui.vocabulary import DONE_WITH_EMAILS, EMAIL, FAMILY, MAIN_SCORES, MOMENTS, SCORE

CANDIDATES = 2_000
BEST = 100


class Rated(NamedTuple):
    """Somebody and their points: ``days`` since their newest activity, and how many activities counted.

    ``is_least`` says that there are more, which give no further points. ``score`` is their Lead Score.
    """

    person_id: int
    newest_at: datetime
    points: Points
    days: int
    counted: int
    is_least: bool
    score: int | None


class Bet(NamedTuple):
    """One of the Best Bets: who it is, why, and their last interesting moment."""

    person: Known
    rated: Rated
    moment: Latest | None


class Hide(NamedTuple):
    """Somebody whom a viewer does not want to see until a time."""

    person: Known
    until: datetime


def rated(families: Sequence[str], now: datetime, zone: ZoneInfo) -> list[Rated]:
    """Return the candidates, those with the most points first. Days are those of ``zone``.

    Cost: two statements: the first reads the newest activities of each family by its index, past those that
    do not count and no further than 28 days; the second looks for each candidate at few more activities that
    count than can give points.
    """
    today = now.astimezone(zone).date()
    since = datetime.combine(today - timedelta(days=DAYS - 1), time(), zone)
    newest = _newest(families, since)
    if not newest:
        return []
    counting = [family for family in families if family in WEIGHTS]
    columns = [_count(family, since) for family in counting]
    of_each = select(Person.id, _score(families), *columns)
    rows = db.session.execute(
        of_each.where(among(Person.id, list(newest)), Person.is_nameless.is_(False))
    ).all()
    highest = max((score for _id, score, *_counts in rows if score is not None), default=0)
    found = []
    for id_, score, *counts in rows:
        days = max((today - newest[id_].astimezone(zone).date()).days, 0)
        by_family = dict(zip(counting, counts, strict=True))
        points = Points(
            rating.of_recency(days), rating.of_frequency(by_family), rating.of_score(score, highest)
        )
        is_least = any(count > rating.enough(family) for family, count in by_family.items())
        counted = sum(min(count, rating.enough(family)) for family, count in by_family.items())
        found.append(Rated(id_, newest[id_], points, days, counted, is_least, score))
    return sorted(found, key=lambda one: (-one.points.total, -one.newest_at.timestamp(), one.person_id))


def described(some: Sequence[Rated], families: Sequence[str]) -> list[Bet]:
    """Return who these are, with their last interesting moments where those are shown."""
    ids = [one.person_id for one in some]
    people = people_now.of_ids(ids)
    moments = latest("person_id", ids, [key for key in families if key == MOMENTS.key])
    return [
        Bet(people[one.person_id], one, moments.get(one.person_id)) for one in some if one.person_id in people
    ]


def hidden(viewer: str, now: datetime) -> list[Hide]:
    """Return whom a viewer hides, as who they are now, those first who are hidden the longest.

    They are no more than ``attention.hide`` takes.
    """
    rows = (
        select(Hidden.panel, Hidden.crm_id, Hidden.until)
        .where(Hidden.viewer == viewer, Hidden.until > now)
        .order_by(Hidden.until.desc(), Hidden.panel, Hidden.crm_id)
    )
    found = {(panel, crm_id): until for panel, crm_id, until in db.session.execute(rows)}
    people = people_now.named(found)
    longest: dict[int, Hide] = {}
    for name, until in found.items():
        if name in people:
            longest.setdefault(people[name].id, Hide(people[name], until))
    return list(longest.values())


def hidden_days() -> int:
    """Return for how many days a person is hidden unless the viewer says otherwise."""
    return db.session.execute(select(Installation.hidden_days)).scalar_one()


def _newest(families: Sequence[str], since: datetime) -> dict[int, datetime]:
    """Return the people of the newest activities, with the time of each one's newest."""
    of_each = [_newest_of(family, since) for family in families if family in WEIGHTS]
    if not of_each:
        return {}
    found = union_all(*of_each).subquery()
    rows = (
        select(found.c.person_id, found.c.at).order_by(found.c.at.desc(), found.c.id.desc()).limit(CANDIDATES)
    )
    newest: dict[int, datetime] = {}
    for person_id, at in db.session.execute(rows):
        newest.setdefault(person_id, at)
    return newest


def _newest_of(family: str, since: datetime) -> Select[*tuple[Any, ...]]:
    """Return the query of a family's newest activities that count: of people who are known.

    The index of the family by time is read from now backwards until there are enough, at worst to ``since``.
    """
    newest = select(Activity.person_id, Activity.at, Activity.id).where(
        Activity.person_id.is_not(None), *_counts(family, since)
    )
    order = (Activity.at.desc(), Activity.id.desc())
    return select(newest.order_by(*order).limit(CANDIDATES).subquery())


def _counts(family: str, since: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions that an activity counts: of those of e-mails, what people did with them."""
    conditions: list[ColumnElement[bool]] = [
        Activity.family == literal_column(f"'{FAMILY[family].key}'", String),
        Activity.at >= since,
    ]
    if family == EMAIL.key:
        conditions.append(Activity.type_key.in_(DONE_WITH_EMAILS))
    return conditions


def _count(family: str, since: datetime) -> ScalarSelect[int]:
    """Return the count of a person's activities of a family that count, to one more than give points."""
    some = (
        select(Activity.id)
        .where(Activity.person_id == Person.id, *_counts(family, since))
        .limit(rating.enough(family) + 1)
        .correlate(Person)
    )
    return select(func.count()).select_from(some.subquery()).correlate(Person).scalar_subquery()


def _score(families: Sequence[str]) -> Any:
    """Return a person's latest Lead Score, or Person Score as newer subscriptions call it."""
    if SCORE.key not in families:
        return null()
    return (
        select(Activity.new_score)
        .join(Dialogue, Dialogue.id == Activity.dialogue_id)
        .where(
            Activity.person_id == Person.id,
            Activity.family == SCORE.key,
            Activity.new_score.is_not(None),
            func.lower(Dialogue.name).in_(MAIN_SCORES),
        )
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
