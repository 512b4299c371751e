"""The audit log as CSV: one line for everything that happened, with what it changed as it is kept."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portico.output.exports.table import Cell, Table, csv_chunks


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event: `at` in the business's time zone, `words` and `details` as they read, `data` as it is kept."""

    at: datetime
    event: str
    words: str
    details: str
    actor_kind: str
    actor: str
    actor_id: str
    ip: str
    subject: str
    data: dict[str, Any]


def history_csv(rows: Iterable[HistoryRow], language: str) -> Iterator[bytes]:
    """Yield the log as CSV. `rows` may be a generator: it is read as the file is sent, under `language`."""
    return csv_chunks(Table("", _header, rows, _cells, language))


def _header() -> list[str]:
    return [
        _("Time"), _("Event"), _("What happened"), _("Details"), _("Kind of person"), _("Person"), _("Person’s id"),
        _("Network address"), _("About"), _("Data"),
    ]  # fmt: skip


def _cells(row: HistoryRow) -> list[Cell]:
    return [
        row.at.isoformat(timespec="seconds"),
        row.event,
        row.words,
        row.details,
        row.actor_kind,
        row.actor,
        row.actor_id,
        row.ip,
        row.subject,
        json.dumps(row.data, ensure_ascii=False, sort_keys=True) if row.data else "",
    ]
