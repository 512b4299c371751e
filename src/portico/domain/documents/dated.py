"""Saying on a row when it was last changed, whichever way it is written."""

from typing import Any

from django.db.models import Manager, Model, QuerySet

from portico.lib.clock import now


class _DatedRows[M: Model](QuerySet[M]):
    def update(self, **values: Any) -> int:
        return super().update(**{"updated_at": now(), **values})


class DatedManager[M: Model](Manager[M]):
    """A manager whose `update` sets `updated_at`, as `dated` does for a row that is saved."""

    def get_queryset(self) -> _DatedRows[M]:
        """Return all rows, as ones that are dated when they are updated."""
        return _DatedRows(self.model, using=self._db)


def dated(row: Model, options: dict[str, Any]) -> dict[str, Any]:
    """Set `updated_at` of a row that is about to be saved; returns the options of `save` that save it, too."""
    if options.get("update_fields") is not None:
        options = {**options, "update_fields": [*options["update_fields"], "updated_at"]}
    row.updated_at = now()  # type: ignore[attr-defined]  # only rows that have one are saved so
    return options
