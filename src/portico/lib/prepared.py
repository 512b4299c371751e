"""Queries compiled once: for those that every request asks, making the SQL costs many times what running it does."""

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.db import connection
from django.db.models import Expression, Field, QuerySet, UUIDField
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
        return list(self._compiled(*shape).rows(given, window))


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query with its SQL and with what turns the database's values into Python's, column by column."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, Any]

    def rows(self, given: dict[str, Any], window: slice | None) -> Any:
        sql, values = self.sql, [_filled(parameter, given) for parameter in self.parameters]
        if window is not None:
            sql += " LIMIT %s OFFSET %s"
            values += [window.stop - window.start, window.start]
        # A compiler keeps what it has learnt of the columns; its connection and its values are each request's own.
        asking = copy(self.compiler)
        asking.connection = connection
        asking.as_sql = lambda *_, **__: (sql, tuple(values))  # type: ignore[method-assign]  # the SQL is known already
        asking.get_converters = lambda _: self.converters  # type: ignore[method-assign, assignment]  # and so is how to read it
        return self.queryset._iterable_class(cast("QuerySet[Any, Any]", _Asked(self.queryset, asking)))


class _Asked:
    """A query set as Django's readers of rows see it, whose query is compiled already."""

    def __init__(self, queryset: QuerySet[Any, Any], compiler: SQLCompiler) -> None:
        self._queryset = queryset
        self.query = self
        self.get_compiler = lambda *_, **__: compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queryset, name)


def _compile(queryset: QuerySet[Any, Any]) -> _Compiled:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    return _Compiled(queryset, compiler, sql, tuple(parameters), converters)


def _filled(parameter: Any, given: dict[str, Any]) -> Any:
    if isinstance(parameter, Given):
        return parameter.output_field.get_db_prep_value(given[parameter.name], connection)
    return parameter
