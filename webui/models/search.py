"""What text search looks in."""

from enum import IntEnum

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base
from webui.models.columns import Id

GRAM_INDEX = "search_gram"
"""The index of the texts by their grams (``webui.grams``), made by the migrations and unknown to the models.

On SQLite an FTS5 table without contents, by ``SearchText.key``, and the tables that it adds, whose names
begin alike; on PostgreSQL a table of arrays with a GIN index.
"""


class Subject(IntEnum):
    """Whose texts they are."""

    ACTIVITY = 0
    PERSON = 1
    ACCOUNT = 2
    DIALOGUE = 3


class SearchText(Base):
    """The texts of an activity, or the name of a person, account or dialogue, as search compares them.

    ``key`` is ``len(Subject)`` times the subject's id, and which of ``Subject`` it is.
    """

    __tablename__ = "search_text"
    key: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    folded: Mapped[str] = mapped_column(Text)
