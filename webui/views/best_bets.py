"""Best Bets: the global tab's tab of those who did most lately, and whom the viewer hides from it."""

from datetime import UTC, datetime
from typing import NamedTuple

from flask import Blueprint, Response, g, request
from flask_babel import gettext, lazy_gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from webui import attention, wording
from webui.access.viewer import name as viewer_name
from webui.database import storable
from webui.feeds import best_bets, records
from webui.feeds.best_bets import BEST, Bet, Rated
from webui.feeds.people_now import Known
from webui.feeds.rating import DAYS as WITHIN
from webui.feeds.rating import MOST_FREQUENCY, MOST_RECENCY, MOST_SCORE, WEIGHTS
from webui.feeds.records import PERSON_KINDS, Record
from webui.models import CRM_ID_LENGTH
from webui.views.errors import BadParameter, NoSuchRecord, Refusal
from webui.views.global_tab import after_form, own_tab
from webui.views.paths import account_path, path_of
from webui.vocabulary import CHAT, EMAIL, MOMENTS, SCORE, WEB
from webui.vocabulary.tabs import BEST_BETS
from webui.wording import Moment

bp = Blueprint("best_bets", __name__, url_prefix="/global/best-bets")

PAGE_ROWS = 50
DAYS = (1, 7, 30, 90)
URL = "/global/best-bets"


class HidesTooMany(Refusal):
    """A viewer hides as many people as they may."""

    status = 422
    next_step = lazy_gettext("Show one of them again, on the list of hidden people.")

    def __init__(self) -> None:
        super().__init__()
        most = wording.number(attention.MOST_HIDDEN)
        self.sentence = gettext("You hide %(count)s people, and no more can be hidden.", count=most)


class Line(NamedTuple):
    """Somebody as the lists show them.

    ``reasons`` are the points in words, ``until`` is of somebody hidden.
    """

    panel: str
    crm_id: str
    name: str
    path: str
    account: str | None
    account_path: str | None
    score: str | None = None
    moment: str | None = None
    moment_at: Moment | None = None
    points: int = 0
    reasons: str = ""
    until: Moment | None = None


@bp.get("")
def page() -> Response:
    """Return the best 100, 50 at once from a position on (``?from=51``), or whom the viewer hides."""
    if request.args.get("hidden") == "1":
        return _hidden()
    return _best(_position(request.args.get("from")))


@bp.post("/hide")
def hide() -> AnyResponse:
    """Hide a person from this viewer's Best Bets for some days: ``panel``, ``crm_id``, ``days``."""
    record, days, first = _person(), request.form.get("days", ""), _position(request.form.get("from"))
    if days not in map(str, _choices(best_bets.hidden_days())):
        raise BadParameter(gettext("Choose one of the numbers of days in the list."))
    try:
        attention.hide(viewer_name(), record.panel, record.crm_id, int(days))
    except attention.ListIsFull:
        raise HidesTooMany from None
    said = ngettext(
        "%(name)s is hidden for %(days)s day.",
        "%(name)s is hidden for %(days)s days.",
        int(days),
        name=record.name,
        days=days,
    )
    return after_form(_url(first), lambda: _best(first, said))


@bp.post("/show-again")
def show_again() -> AnyResponse:
    """Let a person be among this viewer's Best Bets again: ``panel``, ``crm_id``."""
    record = _person()
    attention.show_again(viewer_name(), record.panel, record.crm_id)
    said = gettext("%(name)s is shown again.", name=record.name)
    return after_form(f"{URL}?hidden=1", lambda: _hidden(said))


def _position(text: str | None) -> int:
    """Return the position at which a page begins; raise BadParameter for one at which none does."""
    if not text:
        return 1
    if text not in [str(first) for first in range(1, BEST, PAGE_ROWS)]:
        raise BadParameter(gettext("There is no such page of the Best Bets."))
    return int(text)


def _url(first: int) -> str:
    return URL if first == 1 else f"{URL}?from={first}"


def _person() -> Record:
    """Return the person whom a form names; raise NoSuchRecord if there is none."""
    panel, crm_id = request.form.get("panel", ""), storable(request.form.get("crm_id", ""))
    found = records.find(panel, crm_id) if panel in PERSON_KINDS and len(crm_id) <= CRM_ID_LENGTH else None
    if found is None:
        raise NoSuchRecord
    return found


def _choices(usual: int) -> list[int]:
    return sorted({*DAYS, usual})


def _best(first: int, said: str | None = None) -> Response:
    families = [family.key for family in g.facts.families]
    now = datetime.now(UTC)
    hidden = {one.person.id for one in best_bets.hidden(viewer_name(), now)}
    rated = best_bets.rated(families, now, wording.words().zone)
    best = [one for one in rated if one.person_id not in hidden][:BEST]
    shown = best_bets.described(best[first - 1 : first - 1 + PAGE_ROWS], families)
    usual = best_bets.hidden_days()
    return own_tab(
        BEST_BETS,
        "best_bets/_list.html",
        lines=[_line(one) for one in shown],
        total=len(best),
        first=first,
        pages=[(_url(start), start, min(start + PAGE_ROWS - 1, len(best))) for start in _starts(len(best))],
        shows_moments=MOMENTS.key in families,
        shows_score=SCORE.key in families,
        formula=_formula(families),
        within=WITHIN,
        choices=_choices(usual),
        usual=usual,
        hidden=len(hidden),
        said=said,
    )


def _starts(total: int) -> range:
    return range(1, total + 1, PAGE_ROWS)


def _hidden(said: str | None = None) -> Response:
    found = best_bets.hidden(viewer_name(), datetime.now(UTC))
    lines = [Line(*_who(one.person), until=wording.moment(one.until)) for one in found]
    return own_tab(BEST_BETS, "best_bets/_hidden.html", lines=lines, said=said)


def _who(person: Known) -> tuple[str, str, str, str, str | None, str | None]:
    account = account_path(person.account_crm_id) if person.account_crm_id else None
    path = path_of(person.panel, person.crm_id)
    return (
        person.panel,
        person.crm_id,
        person.name,
        path,
        person.account_name or person.account_crm_id,
        account,
    )


def _line(one: Bet) -> Line:
    rated, moment = one.rated, one.moment
    return Line(
        *_who(one.person),
        score=None if rated.score is None else wording.number(rated.score),
        moment=(moment.about or wording.type_label(moment.type_key)) if moment else None,
        moment_at=wording.moment(moment.at) if moment else None,
        points=rated.points.total,
        reasons=wording.enumeration(_reasons(rated)),
    )


def _reasons(rated: Rated) -> list[str]:
    """Return in words what somebody's points are for."""
    points, days, count = rated.points, rated.days, wording.number(rated.counted)
    if days > 1:
        said = [gettext("%(points)s for %(days)s days ago", points=points.recency, days=days)]
    elif days == 1:
        said = [gettext("%(points)s for yesterday", points=points.recency)]
    else:
        said = [gettext("%(points)s for today", points=points.recency)]
    if rated.is_least:
        said.append(
            gettext("%(points)s for more than %(count)s activities", points=points.frequency, count=count)
        )
    else:
        said.append(
            ngettext(
                "%(points)s for %(count)s activity",
                "%(points)s for %(count)s activities",
                rated.counted,
                points=points.frequency,
                count=count,
            )
        )
    if rated.score is not None:
        score = wording.number(rated.score)
        said.append(gettext("%(points)s for a score of %(score)s", points=points.score, score=score))
    return said


def _formula(families: list[str]) -> list[str]:
    """Return the formula in sentences, of what is shown alone."""
    weights = {family: {"points": points} for family, points in WEIGHTS.items()}
    counts = {
        WEB.key: gettext("a visit counts %(points)s", **weights[WEB.key]),
        CHAT.key: gettext("a chat activity counts %(points)s", **weights[CHAT.key]),
        MOMENTS.key: gettext("an interesting moment counts %(points)s", **weights[MOMENTS.key]),
        EMAIL.key: gettext("an e-mail opened, clicked or answered counts %(points)s", **weights[EMAIL.key]),
    }
    counted = wording.enumeration([said for family, said in counts.items() if family in families])
    sentences = [
        gettext(
            "Up to %(most)s points for what was done last: all of them today, none after %(days)s days.",
            most=MOST_RECENCY,
            days=WITHIN,
        ),
        gettext(
            "Up to %(most)s points for what was done within %(days)s days: %(counted)s.",
            most=MOST_FREQUENCY,
            days=WITHIN,
            counted=counted,
        ),
    ]
    if SCORE.key in families:
        sentences.append(
            gettext("Up to %(most)s points for the Lead Score, beside the highest of all.", most=MOST_SCORE)
        )
    return sentences
