from typing import Any

from django.db.models import Q, QuerySet

from portico.lib.clock import now


class EndsWithContact:
    """What becomes of a contact's rows when the contact is removed, by whatever action: they end, and stay to be seen.

    Who holds such a link is told that it was withdrawn, and staff see how it was used. `active` are the rows that had
    not ended before, `ended_at` is the column that says when one did, and `more` what else is then set.
    """

    def __init__(self, active: Q, ended_at: str, **more: str) -> None:
        self.active, self.ended_at, self.more = active, ended_at, more

    def __call__(self, collector: Any, field: Any, rows: QuerySet[Any], _using: str) -> None:
        # Lists, which are written to by key: a query would look for a contact that another update has taken away.
        active = list(rows.filter(self.active))
        for name, value in {self.ended_at: now(), **self.more}.items():
            collector.add_field_update(field.model._meta.get_field(name), value, active)
        collector.add_field_update(field, None, list(rows))

    def deconstruct(self) -> tuple[str, list[None], dict[str, Any]]:
        """Migrations know it as setting NULL, so that none of them imports the application."""
        return "django.db.models.SET", [None], {}
