"""Queries compiled once: for those that every request asks, making the SQL costs many times what running it does."""

from collections.abc import Callable
from copy import copy
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """Stands in a filter for a value that is named when the query is asked."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # the parameter is this expression itself, until it is filled in
        return "%s", [self]


class Prepared[M: Model]:
    """A query of one shape: `make` builds it on first use, with a `Given` for each value that differs."""

    def __init__(self, make: Callable[[], QuerySet[M]]) -> None:
        self._make = make
        self._compiled: tuple[QuerySet[M], SQLCompiler, str, tuple[Any, ...]] | None = None

    def __call__(self, **given: Any) -> list[M]:
        """Ask for the rows; every `Given` gets its value by name."""
        if self._compiled is None:
            queryset = self._make()
            compiler = queryset.query.get_compiler(connection=connection)
            self._compiled = queryset, compiler, *compiler.as_sql()
        queryset, compiler, sql, parameters = self._compiled
        values = tuple(_filled(parameter, given) for parameter in parameters)
        # A compiler keeps what it has learnt of the columns; its connection and its values are each request's own.
        asking = copy(compiler)
        asking.connection = connection
        asking.as_sql = lambda *_, **__: (sql, values)  # type: ignore[method-assign]  # the SQL is known already
        rows = queryset.all()
        rows.query.get_compiler = lambda *_, **__: asking  # type: ignore[method-assign]  # as above
        return list(rows)


def _filled(parameter: Any, given: dict[str, Any]) -> Any:
    if isinstance(parameter, Given):
        return parameter.output_field.get_db_prep_value(given[parameter.name], connection)
    return parameter
