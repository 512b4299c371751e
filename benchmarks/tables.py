"""Rows written by the ten thousand, past the ORM: `executemany` on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Field, Model

_ROWS_PER_WRITE = 20_000

type Value = str | int | None


class Table:
    """Collects rows of a model. Columns that are not given have the model's defaults.

    Values are written as both databases read them: keys in hexadecimal, days and instants in ISO 8601, JSON as text.
    """

    def __init__(self, model: type[Model]) -> None:
        fields = model._meta.concrete_fields
        self._place = {field.attname: index for index, field in enumerate(fields)}
        self._blank = [_default(field) for field in fields]
        self._rows: list[list[Any]] = []
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        self._target = f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"

    def add(self, **values: Value) -> None:
        """Add a row; it is written with many others."""
        row = self._blank.copy()
        for name, value in values.items():
            row[self._place[name]] = value
        self._rows.append(row)
        if len(self._rows) >= _ROWS_PER_WRITE:
            self.write()

    def write(self) -> None:
        """Write what has been collected."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self._target} FROM STDIN") as copy:
                    for row in self._rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self._blank))
                insert = f"INSERT INTO {self._target} VALUES ({marks})"  # noqa: S608  # names of our own tables only
                cursor.executemany(insert, self._rows)
        self._rows.clear()


def _default(field: Field[Any, Any]) -> Any:
    """What a column has when nothing is given; None also where something has to be."""
    if field.has_default() or field.blank:
        return field.get_db_prep_save(field.get_default(), connection)
    return None


@contextmanager
def unguarded() -> Iterator[None]:
    """Write without checking what rows point to and without waiting for the disk; afterwards the tables are tidy.

    The statistics are made on PostgreSQL only, where the server makes them by itself after a while.
    """
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA journal_mode = MEMORY")
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -1000000")
        yield
        cursor.execute("VACUUM ANALYZE" if postgresql else "PRAGMA journal_mode = WAL")
