"""What the Insights Dashboard shows: the grid of weeks, the chosen week's list and its counts.

The grid has a row per family of activities that is switched on; grid and list read the same kept
weeks, so they cannot disagree.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from webui import wording
from webui.feeds import pages, weeks
from webui.feeds.pages import BadCursor, Cursor, Page
from webui.feeds.records import Record
from webui.feeds.scopes import OfAccount, Scope
from webui.installation import Facts
from webui.views.errors import BadParameter
from webui.views.lines import Line, lines
from webui.views.parameters import monday
from webui.views.paths import root_of
from webui.views.smart_grid import GridRow, grid_row, of_family, week_of
from webui.vocabulary import FAMILIES, FAMILY, Family


@dataclass(frozen=True)
class Dashboard:
    """All that the dashboard's templates need. ``toggle_url`` is None where there is no account to show.

    ``every_family_url`` is None where none is chosen.
    """

    weeks: tuple[date, ...]
    chosen: date
    rows: tuple[GridRow, ...]
    page: Page
    lines: list[Line]
    more_url: str | None
    every_family_url: str | None
    names_people: bool
    own_crm_id: str | None
    shows_account: bool
    toggle_url: str | None
    other_zone: str | None


@dataclass(frozen=True)
class _Asked:
    week: date | None
    families: tuple[str, ...]
    show_account: bool
    after: Cursor | None

    def url(self, root: str, families: tuple[str, ...] | None = None, **other: str | None) -> str:
        """Return the dashboard's URL with these choices, and ``other`` ones instead."""
        choices = {
            "week": self.week.isoformat() if self.week else None,
            "family": self.families if families is None else families,
            "show-account": "1" if self.show_account else None,
            **{name.replace("_", "-"): value for name, value in other.items()},
        }
        pairs = [(name, value) for name, value in choices.items() if value]
        return f"{root}?{urlencode(pairs, doseq=True)}" if pairs else root

    def toggled(self, family: str) -> tuple[str, ...]:
        """Return the chosen families with one more, or without it where it is among them."""
        if family in self.families:
            return tuple(one for one in self.families if one != family)
        return tuple(one.key for one in FAMILIES if one.key in (*self.families, family))


def of(record: Record, known: Facts, parameters: MultiDict[str, str], may_show_account: bool) -> Dashboard:
    """Return a record's dashboard as the URL's parameters ask; raises BadParameter.

    ``may_show_account`` is whether the viewer may see the activities of a contact's whole account.
    """
    can_show_account = may_show_account and record.panel == "contacts" and record.account_id is not None
    grid = weeks.grid_weeks(known.weeks_zone)
    families = known.families
    asked = _read(parameters, families, can_show_account)
    scope: Scope = record.scope
    if asked.show_account and record.account_id is not None:
        scope = OfAccount(record.account_id)
    chosen = asked.week or grid[-1]
    root = f"{root_of(record)}/dashboard"
    rows = _rows(families, scope, record.scope if asked.show_account else None, grid, chosen, root, asked)
    page = _week(scope, chosen, families, asked)
    return Dashboard(
        weeks=grid,
        chosen=chosen,
        rows=rows,
        page=page,
        lines=lines(page.rows),
        more_url=asked.url(root, week=chosen.isoformat(), after=str(page.next)) if page.next else None,
        every_family_url=asked.url(root, (), week=chosen.isoformat()) if asked.families else None,
        names_people=asked.show_account or not record.is_person,
        own_crm_id=record.crm_id if asked.show_account else None,
        shows_account=asked.show_account,
        toggle_url=_toggle(root, asked) if can_show_account else None,
        other_zone=known.weeks_timezone if known.weeks_timezone != wording.words().zone.key else None,
    )


def _read(parameters: MultiDict[str, str], families: tuple[Family, ...], can_show_account: bool) -> _Asked:
    named = [one for one in parameters.getlist("family") if one]
    if any(one not in FAMILY for one in named):
        raise BadParameter(gettext("There is no such family of activities."))
    # One that is switched off is no filter, and no error.
    chosen = tuple(one.key for one in families if one.key in named)
    try:
        after = Cursor.parse(parameters["after"]) if parameters.get("after") else None
    except BadCursor:
        raise BadParameter(gettext("This link to further rows is broken.")) from None
    show = parameters.get("show-account") == "1" and can_show_account
    return _Asked(monday(parameters.get("week")), chosen, show, after)


def _toggle(root: str, asked: _Asked) -> str:
    return asked.url(root, show_account=None if asked.show_account else "1")


def _week(scope: Scope, chosen: date, families: tuple[Family, ...], asked: _Asked) -> Page:
    wanted = [one.key for one in families if not asked.families or one.key in asked.families]
    return pages.week_of(scope, wanted, chosen, asked.after) if wanted else Page((), None)


def _rows(
    families: tuple[Family, ...],
    scope: Scope,
    own_scope: Scope | None,
    grid: tuple[date, ...],
    chosen: date,
    root: str,
    asked: _Asked,
) -> tuple[GridRow, ...]:
    if not families:
        return ()
    found = weeks.counts(scope, grid)
    own = weeks.counts(own_scope, grid) if own_scope else None
    in_chosen = weeks.counts(scope, (chosen,)) if chosen not in grid else found
    shown = [week_of(week, asked.url(root, week=week.isoformat()), week == chosen) for week in grid]
    return tuple(
        grid_row(
            family,
            shown,
            found,
            own,
            count=of_family(family, chosen, in_chosen),
            url=asked.url(root, asked.toggled(family.key), week=chosen.isoformat()),
            is_filter=family.key in asked.families,
        )
        for family in families
    )
