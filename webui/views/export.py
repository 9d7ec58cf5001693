"""A tab of a family as a CSV file: what is filtered, in the viewer's language and time zone.

The file is sent as it is read. Before each batch it is asked again whether the viewer may have it; if
not, the answer breaks off, so that the browser reports a failed download instead of a whole file.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from urllib.parse import quote

from flask import Response, g, request, stream_with_context
from flask_babel import gettext

from webui import wording
from webui.access import gate, policy, trail
from webui.feeds import export, weeks
from webui.feeds.export import Taken
from webui.feeds.pages import Cursor
from webui.feeds.scopes import OfEveryone, Scope
from webui.feeds.search import narrowed
from webui.views.fragments import uncached
from webui.views.list_filter import Asked, asked
from webui.views.visible import visible_record
from webui.vocabulary import BY_KEY, CHAT, FAMILY, NUMBERS, Family, keys_of

LONGEST_NAME = 120  # characters, without the ending
Cell = str | int
BOM = "\ufeff"  # by which Excel knows UTF-8

_FORMULA = re.compile(r"(?:^|(?<=;))(?=[ \u3000\ufeff]*[=+\-@＝＋－＠])|^(?=[ \u3000\ufeff]*[\t\r\n])")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')


class BrokenOff(Exception):
    """The viewer may not have the rest of the file; the argument says why."""


def of_record(panel: str, crm_id: str, family: Family) -> Response:
    """Return a record's tab of a family as a file."""
    record = visible_record(panel, crm_id)
    columns = family.person_columns if record.is_person else family.group_columns
    return _file(record.scope._replace(family=family.key), record.name, columns)


def of_everyone(family: Family) -> Response:
    """Return the global tab's tab of a family as a file."""
    return _file(OfEveryone(family.key), gettext("Global Marketo tab"), family.global_columns)


def _file(scope: Scope, name: str, columns: tuple[str, ...]) -> Response:
    wanted = asked(scope, columns)
    family, what = FAMILY[scope.family], str(policy.wanted(request.endpoint or "", request.view_args or {}))
    if family is not CHAT:  # whose files and entries were there before the others'
        name, what = f"{name} {wording.family_label(family.key)}", f"{what}/{family.key}"
    if request.method == "GET":
        trail.exported(g.visitor.viewer, what)
    lines = stream_with_context(_lines(scope, wanted))
    return to_be_saved(Response(lines, mimetype="text/csv"), f"{name} {wording.today()}.csv")


def to_be_saved(response: Response, name: str) -> Response:
    """Mark an answer as a file that nobody keeps. htmx swaps none of it in: strangers wrote what it holds."""
    response.headers["Content-Disposition"] = _disposition(name)
    response.headers["HX-Reswap"] = "none"
    return uncached(response)


def _disposition(name: str) -> str:
    """Return the header that names a file to save (RFC 6266), for browsers that read only ASCII too."""
    stem, dot, ending = " ".join(_NOT_IN_FILE_NAMES.sub(" ", name).split()).rpartition(".")
    name = f"{stem[:LONGEST_NAME].strip()}{dot}{ending}"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _lines(scope: Scope, wanted: Asked) -> Iterator[str]:
    chosen = narrowed(scope, wanted.filter, weeks.total(scope))
    yield BOM + _written([_headings(scope.family)])
    after, oldest_first = None, wanted.sort == "date"  # by whatever other column the table is sorted
    while rows := export.batch(scope, chosen, after, oldest_first=oldest_first):
        yield _written([_cells(row, scope.family) for row in rows])
        after = Cursor(rows[-1].at, rows[-1].id)
        if len(rows) < export.BATCH:
            return
        _ask_again(FAMILY[scope.family])


def _ask_again(family: Family) -> None:
    """Raise BrokenOff if the switch, the session or the grant would not allow this file any more."""
    why = gate.no_longer_allowed(family)
    if why is not None:
        trail.broken_off(g.visitor.viewer, request.path, why)
        raise BrokenOff(why)


def _headings(family: str) -> list[str]:
    zone = wording.words().zone.key
    common = [
        f"{wording.column_label('date')} ({zone})",
        gettext("Kind"),
        wording.column_label("person"),
        wording.column_label("account"),
        wording.column_label("activity-type"),
        wording.column_label(FAMILY[family].about),
    ]
    if family != CHAT.key:
        return [*common, *(wording.field_label(key) for key in _told_fields(family))]
    return [
        *common,
        wording.field_label("status"),
        wording.field_label("page-url"),
        wording.field_label("agent"),
        f"{wording.field_label('scheduled-on')} ({zone})",
        wording.field_label("goal-name"),
        wording.field_label("document"),
        gettext("Document's address"),
    ]


@cache
def _told_fields(family: str) -> tuple[str, ...]:
    """Return the fields of a family's details beyond what its activities are about, each once."""
    fields = dict.fromkeys(key for one in keys_of(family) for key in BY_KEY[one].fields[1:])
    return tuple(fields)


def _cells(row: Taken, family: str) -> list[Cell]:
    common: list[Cell] = [
        _local(row.at),
        wording.panel_label(f"{row.person_kind}s"),
        wording.person_name(row),
        row.account_name or "",
        wording.type_label(row.type_key),
        row.dialogue_name or "",
    ]
    if family != CHAT.key:
        told: dict[str, object] = dict(row.told or {})
        told |= {"page-url": row.page_url, "change": row.score_change, "new-score": row.new_score}
        return [
            *common,
            *(_told_cell(key, told.get(key)) for key in _told_fields(family)),
        ]
    return [
        *common,
        wording.status_label(row.status, row.type_key) if row.status else "",
        row.page_url or "",
        row.agent_name or row.agent_email or "",
        _local(row.scheduled_for) if row.scheduled_for else row.scheduled_text or "",
        row.goal_name or "",
        row.document_name or "",
        row.document_url or "",
    ]


def _told_cell(key: str, told: object) -> Cell:
    """Return a field as a cell: a score is a number, though Marketo told the old one as a text."""
    if told is None:
        return ""
    if key in NUMBERS and _WHOLE_NUMBER.fullmatch(str(told)):
        return int(str(told))
    return str(told)


def _local(at: datetime) -> str:
    return f"{at.astimezone(wording.words().zone):%Y-%m-%d %H:%M}"


def _written(rows: Iterable[Iterable[Cell]]) -> str:
    """Return rows as lines; numbers are our own, and stay numbers though they begin with a minus."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [cell if isinstance(cell, int) else harmless(cell) for cell in row] for row in rows
    )
    return text.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: visitors write names and addresses.

    A leading apostrophe, which spreadsheets hide, makes it a text. Blanks before the sign are skipped
    by some of them, and the signs have twins of full width. Where a spreadsheet takes semicolons for the
    ends of cells, what follows one is the begin of a cell too.
    """
    return _FORMULA.sub("'", cell)
