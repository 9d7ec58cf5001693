"""Many rows at once, by one statement whose text does not depend on how many they are.

A dict a row, compiled and bound value by value, costs several times what the database needs to store
the row; and an IN list of each length is a statement of its own. Values stand in columns here: that
is how PostgreSQL takes them (``unnest``), and ``zip`` makes SQLite's rows of them.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Boolean, ColumnElement, Date, Dialect, Table, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from webui.database import db


def insert_columns(table: Table, columns: Mapping[str, list[Any]], *, adding: str | None = None) -> None:
    """Insert rows into ``table``: each column's values by its name, all of the same length.

    Columns without any value are left out: sqlite3 takes as long for a None as for three numbers.
    ``adding`` names the column whose value is added to the one that is there, if a row with the same
    primary key is.
    """
    columns = {name: values for name, values in columns.items() if values.count(None) < len(values)}
    if not columns:
        return
    connection = db.session.connection()
    dialect = connection.dialect
    quoted = dialect.identifier_preparer.quote
    statement = f"INSERT INTO {quoted(table.name)} ({', '.join(map(quoted, columns))}) "
    if dialect.name == "sqlite":
        statement += f"VALUES ({', '.join('?' * len(columns))})"
    else:
        arrays = ", ".join(f"%s::{_array(table, name, dialect)}" for name in columns)
        statement += f"SELECT * FROM unnest({arrays})"  # noqa: S608 - types of our own columns
    if adding is not None:
        key, column = ", ".join(quoted(one.name) for one in table.primary_key), quoted(adding)
        there = f"{quoted(table.name)}.{column}"
        statement += f" ON CONFLICT ({key}) DO UPDATE SET {column} = {there} + excluded.{column}"
    bound = [_bound(table.c[name].type, values, dialect) for name, values in columns.items()]
    rows = list(zip(*bound, strict=True)) if dialect.name == "sqlite" else tuple(bound)
    connection.exec_driver_sql(statement, rows)


def among(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of these texts, whole numbers or times, of any number."""
    dialect = db.engine.dialect
    if dialect.name == "sqlite":
        bound = _bound(column.type, list(values), dialect)
        each = func.json_each(msgspec.json.encode(bound).decode()).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(literal(list(values), ARRAY(column.type)))


def _array(table: Table, name: str, dialect: Dialect) -> str:
    """Return the type of an array of a column's values; without a length, for a cast would cut to it."""
    return table.c[name].type.compile(dialect).partition("(")[0] + "[]"


def _bound(type_: TypeEngine[Any], values: list[Any], dialect: Dialect) -> list[Any]:
    """Return the values as the driver takes them; None is NULL, whatever the type."""
    bind = type_.dialect_impl(dialect).bind_processor(dialect)
    if bind is None:
        return values
    if isinstance(type_, (Boolean, Date)):
        bind = cache(bind)  # rows are many, days few
    return [None if value is None else bind(value) for value in values]
