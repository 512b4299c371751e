"""Rows written by the ten thousand, past the ORM: `executemany` on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model

from portico.domain.documents.models import Document
from portico.domain.search.models import Group, SearchWord, key_of
from portico.jobs import sweeps

_ROWS_PER_WRITE = 20_000

type Value = str | int | bytes | None


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


class SearchWords:
    """Collects the words that rows are found by."""

    def __init__(self) -> None:
        self._table = Table(SearchWord)
        self._count = 0

    def add(self, business: str, group: Group, subject: str, words: set[str]) -> None:
        """Add the words of a row; keys are in hexadecimal."""
        for word in words:
            self._count += 1
            self._table.add(id=self._count, key=key_of(UUID(business), group, word), subject=subject)

    def write(self) -> None:
        """Write what has been collected, and let further words count on from there."""
        self._table.write()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [SearchWord]):
                cursor.execute(statement)


def _default(field: Field[Any, Any]) -> Any:
    """What a column has when nothing is given; None also where something has to be."""
    if field.has_default() or field.blank:
        return field.get_db_prep_save(field.get_default(), connection)
    return None


@contextmanager
def unguarded() -> Iterator[None]:
    """Write without checking what rows point to and without waiting for the disk; afterwards the tables are tidy.

    The statistics are made, as both databases have them after a while.
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
        indexes = _indexes(cursor, postgresql=postgresql)
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        # A million rows are indexed in a fraction of the time once they are there.
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE" if postgresql else "PRAGMA journal_mode = WAL")
        sweeps.database_statistics.call()


def _indexes(cursor: CursorWrapper, *, postgresql: bool) -> list[tuple[str, str]]:
    """Return name and definition of the indexes of the two longest tables, without those of constraints."""
    tables = [Document._meta.db_table, SearchWord._meta.db_table]
    if postgresql:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [tables],
        )
    else:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (%s, %s)",
            tables,
        )
    return [(str(name), str(definition)) for name, definition in cursor.fetchall()]
