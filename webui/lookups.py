"""Look-ups of one row, compiled once and executed by the driver alone.

For what nearly every request asks first: SQLAlchemy's session, connection and result cost ten times what it
takes SQLite to find a row by an index.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from webui.database import db


class _Compiled(NamedTuple):
    """A statement of a database system, where it takes values by place their names, and the query's own."""

    statement: str
    places: Sequence[str] | None
    fixed: dict[str, Any]


class Lookup:
    """A query of at most one row. Its values and columns are texts and whole numbers, given as they are."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self._query = query
        self._compiled: dict[str, _Compiled] = {}

    def row(self, **values: str | int) -> Sequence[Any] | None:
        """Return the row as the driver gives it, None where there is none; in a transaction of its own.

        ``values`` are those of the query's parameters by name. Raises what SQLAlchemy would.
        """
        engine, connection = db.engine, None
        failures = engine.dialect.loaded_dbapi.Error
        statement, places, fixed = self._for(engine.dialect)
        given = {**fixed, **values}
        try:
            connection = engine.raw_connection()
            cursor = connection.cursor()
            cursor.execute(statement, given if places is None else [given[name] for name in places])
            row: Sequence[Any] | None = cursor.fetchone()
        except failures as error:
            if connection is not None:
                connection.invalidate(error)  # it may have broken
            raise DBAPIError.instance(statement, None, error, failures, dialect=engine.dialect) from error
        finally:
            if connection is not None:
                connection.close()
        return row

    def _for(self, dialect: Dialect) -> _Compiled:
        if dialect.name not in self._compiled:
            compiled: SQLCompiler = self._query.compile(dialect=dialect)
            fixed = {name: value for name, value in compiled.params.items() if value is not None}
            self._compiled[dialect.name] = _Compiled(str(compiled), compiled.positiontup, fixed)
        return self._compiled[dialect.name]
