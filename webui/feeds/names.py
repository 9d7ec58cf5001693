"""The condition that a dialogue has a name, so that the index by the begin of names finds it."""

from sqlalchemy import ColumnElement, and_, func, literal_column

from webui.models import Dialogue
from webui.models.activities import BEGIN


def is_named(name: str) -> ColumnElement[bool]:
    """Return the condition that a dialogue, page, e-mail or score has exactly this name.

    Places are written out: with bound values it would be another expression than the index's. The rest of the
    name is compared, not all of it: SQLite would put what all of it is known to be into the begin, too.
    """
    begin = func.substr(Dialogue.name, literal_column("1"), literal_column(str(BEGIN)))
    rest = func.substr(Dialogue.name, literal_column(str(BEGIN + 1)))
    return and_(begin == name[:BEGIN], rest == name[BEGIN:])
