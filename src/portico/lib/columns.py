"""Database columns that every app shares."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from portico.lib.clock import now
from portico.lib.ids import uuid7


def _now() -> datetime:
    """The clock of the moment: a column that held the function itself would not follow a test's clock."""
    return now()


class KeyField(models.UUIDField[Any, Any]):
    """A UUIDv7 primary key, made by the application.

    In migrations it is a plain UUIDField, so that a migration never imports the application.
    """

    def __init__(self, **_: Any) -> None:
        super().__init__(primary_key=True, default=uuid7, editable=False)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return str(name), "django.db.models.UUIDField", list(args), kwargs


class _DecimalText[S, G](models.CharField[S, G]):
    """A decimal kept as text, so that SQLite's floating point never touches it. For showing and computing, not for SQL.

    In migrations it is a plain CharField.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40, **options})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return str(name), "django.db.models.CharField", list(args), kwargs

    def from_db_value(self, value: str | None, *_: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else f"{Decimal(value):f}"


class ExactDecimalField(_DecimalText[Decimal | int | str, Decimal]):
    """A decimal that is always there."""


class OptionalDecimalField(_DecimalText[Decimal | int | str | None, Decimal | None]):
    """A decimal that may be missing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"null": True, **options})


class MomentField(models.DateTimeField[Any, Any]):
    """The instant a row was made, in UTC. In migrations it is a plain DateTimeField."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default": _now, **options})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return str(name), "django.db.models.DateTimeField", list(args), kwargs
