"""What a merge changes, row by row, kept so that it can be put back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

type Entry = dict[str, Any]

# SQLite takes so many parameters in one statement without a doubt.
_AT_ONCE = 500


class Journal:
    """Changes rows and remembers what they were."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def set(self, rows: QuerySet[Any], column: str, value: Any) -> None:
        """Set a column of rows, of those where it is not so yet."""
        before: defaultdict[Any, list[Any]] = defaultdict(list)
        for key, old in rows.order_by("pk").values_list("pk", column):
            if old != value:
                before[old].append(key)
        for old, keys in before.items():
            kept = {"old": _kept(old), "new": _kept(value), "keys": keys}
            self.entries.append({"model": rows.model._meta.label, "column": column, **kept})
            _write(rows.model, keys, column, value)


def put_back(entries: Sequence[Entry]) -> None:
    """Give rows back what they had, in the opposite order. Rows that are gone or were changed since stay so."""
    for entry in reversed(entries):
        model, column = apps.get_model(entry["model"]), entry["column"]
        # What was merged before the journal kept the new value is put back without asking.
        still = {column: entry["new"]} if entry.get("new") is not None else {}
        _write(model, entry["keys"], column, entry["old"], **still)


def keys_of(entries: Sequence[Entry], label: str, column: str) -> list[Any]:
    """Return the keys of the rows of a model of which a column was changed."""
    return [key for entry in entries if (entry["model"], entry["column"]) == (label, column) for key in entry["keys"]]


def chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut keys so that a statement can take them."""
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _kept(value: Any) -> Any:
    # To the microsecond, which JSON would cut off: it is compared with what the row has.
    return value.isoformat() if isinstance(value, datetime) else value


def _write(model: type[Model], keys: Sequence[Any], column: str, value: Any, **still: Any) -> None:
    for some in chunks(keys):
        model._base_manager.filter(pk__in=some, **still).update(**{column: value})
