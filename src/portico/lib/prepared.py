"""Queries compiled once: for those that every request asks, making the SQL costs many times what running it does."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet, UUIDField
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

# Of one query: a compiled one takes some ten kilobytes.
_SHAPES = 64


class Given(Expression):
    """Stands in a filter for a value that is named when the query is asked."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # the parameter is this expression itself, until it is filled in
        return "%s", [self]


def given_key(name: str) -> Given:
    """A `Given` for the key of a row."""
    return Given(name, UUIDField())


class Prepared[R]:
    """A query that `make` builds on first use, with a `Given` for each value that differs.

    What changes the query itself, like an order or which kinds there are, is its shape: `make` takes it, and the query
    is compiled once for each. Rows are what the query itself would give: model objects, or tuples after `values_list`.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, R]]) -> None:
        self._compiled = lru_cache(maxsize=_SHAPES)(lambda *shape: _compile(make(*shape)))

    def __call__(self, *shape: Hashable, window: slice | None = None, **given: Any) -> list[R]:
        """Ask for the rows, or for those of a `window` of them; every `Given` gets its value by name."""
        return self._compiled(*shape).rows(given, window)


type _Reader = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query in SQL, and how rows are read: what turns each column into Python, and a row into what is asked for."""

    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Expression], ...]
    read: _Reader

    def rows(self, given: dict[str, Any], window: slice | None) -> list[Any]:
        database = connections[DEFAULT_DB_ALIAS]
        sql, values = self.sql, [_filled(parameter, given, database) for parameter in self.parameters]
        if window is not None:
            sql += " LIMIT %s OFFSET %s"
            values += [window.stop - window.start, window.start]
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            found = [list(row) for row in cursor.fetchall()]
        for position, convert, column in self.converters:
            for row in found:
                for step in convert:
                    row[position] = step(row[position], column, database)
        return [self.read(row) for row in found]


def _compile(queryset: QuerySet[Any, Any]) -> _Compiled:
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = tuple((position, *found) for position, found in compiler.get_converters(columns).items())
    read = _reads_model(compiler, compiler.klass_info) if queryset._iterable_class is ModelIterable else tuple
    return _Compiled(sql, tuple(parameters), converters, read)


def _reads_model(compiler: SQLCompiler, selected: dict[str, Any]) -> _Reader:
    """Make what reads an object from a row, with those that `select_related` names."""
    first, last = selected["select_fields"][0], selected["select_fields"][-1] + 1
    model: type[Model] = selected["model"]
    names = [column[0].target.attname for column in compiler.select[first:last]]
    key = first + names.index(model._meta.pk.attname)
    related = [
        (_reads_model(compiler, other), other["local_setter"]) for other in selected.get("related_klass_infos", ())
    ]

    def read(row: Sequence[Any]) -> Model | None:
        if row[key] is None:
            return None
        found = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        for read_other, keep in related:
            keep(found, read_other(row))
        return found

    return read


def _filled(parameter: Any, given: dict[str, Any], database: BaseDatabaseWrapper) -> Any:
    if isinstance(parameter, Given):
        return parameter.output_field.get_db_prep_value(given[parameter.name], database)
    return parameter
