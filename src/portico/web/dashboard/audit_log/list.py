"""The audit log: everything that was done at the business, by whom, when, and what it changed. It is only added to."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.activity.queries import HistoryFilter, history
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.lib.days import FIRST_DAY, LAST_DAY
from portico.lib.errors import NotFound
from portico.lib.ids import PREFIXES, parse_public_id
from portico.lib.l10n import Formatter, current_language
from portico.output.exports.history import HistoryRow, history_csv
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import ListState, paginate, parameters_of
from portico.web.dashboard.core.timeline import Moment, moments
from portico.web.shared.days import day_input
from portico.web.shared.download import streamed
from portico.web.shared.page import reader_formatter

_INPUT = {"class": "po-input"}
# So many are read from the database at a time while a file is sent.
_CHUNK = 500
# What nothing is called: a search for it finds nothing.
_NOTHING = UUID(int=0)


def _events() -> list[tuple[str, str]]:
    return [("", _("Every event")), *sorted((event.value, event.value) for event in Event)]


def _kept_day(day: date) -> None:
    """Refuse a day that nothing was done on, and that no moment of every time zone can be made of."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Enter a date such as 2026-01-31."))


def _day(label: Any) -> forms.DateField:
    widget = day_input()
    return forms.DateField(label=label, required=False, widget=widget, validators=[_kept_day])


class AuditFilter(forms.Form):
    """What narrows the log."""

    person = forms.CharField(label=gettext_lazy("Person"), required=False, widget=forms.TextInput(_INPUT))
    event = forms.ChoiceField(label=gettext_lazy("Event"), required=False, choices=_events, widget=forms.Select(_INPUT))
    about = forms.CharField(label=gettext_lazy("About (id or number)"), required=False, widget=forms.TextInput(_INPUT))
    start = _day(gettext_lazy("From"))
    end = _day(gettext_lazy("To"))


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry: what happened in words, its event and subject by name, and from where."""

    moment: Moment
    event: str
    subject: str
    ip: str


@owner_page
def audit_log(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the log, newest first, as the address narrows it."""
    state = ListState(reverse("audit_log"), parameters_of(request, "person", "event", "about", "start", "end"))
    form = AuditFilter(state.parameters, auto_id="audit_%s")
    rows, fmt = _narrowed(viewer, form), reader_formatter()
    shown, pages, total = paginate(request, rows, fmt, state)
    context = {
        "form": form,
        "base": state.base,
        "rows": [
            AuditRow(moment, row.verb, row.subject.public_id, row.ip or "")
            for row, moment in zip(shown, moments(shown, viewer.business, fmt), strict=True)
        ],
        "pages": pages,
        "total": total,
        "filtered": bool(state.parameters),
        "clear_url": state.base,
        "csv_url": ListState(reverse("audit_log_csv"), state.parameters).url(),
    }
    status = 200 if form.is_valid() else 422
    return staff_answer(
        request, viewer, "dashboard/audit_log/list.html", context, nav="settings", part="results", status=status
    )


@owner_page
def audit_log_csv(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the log as CSV, narrowed as the list is, written while it is sent."""
    parameters = parameters_of(request, "person", "event", "about", "start", "end")
    form = AuditFilter(parameters)
    if not form.is_valid():
        raise Http404("There is no such log.")
    rows, fmt = _narrowed(viewer, form), reader_formatter()
    lines = (_line(row, viewer, fmt) for row in rows.iterator(_CHUNK))
    name = f"audit-log-{viewer.business.slug}-{viewer.business.today().isoformat()}.csv"
    return streamed(history_csv(lines, current_language()), name, "text/csv; charset=utf-8")


def _narrowed(viewer: StaffViewer, form: AuditFilter) -> QuerySet[Activity]:
    if not form.is_valid():
        return history(viewer.business.pk, HistoryFilter()).none()
    asked, zone = form.cleaned_data, viewer.business.time_zone
    wanted = HistoryFilter(
        person=asked["person"],
        verb=asked["event"],
        about=_named(viewer, asked["about"]) if asked["about"] else None,
        start=_midnight(asked["start"], zone) if asked["start"] else None,
        end=_midnight(asked["end"] + timedelta(days=1), zone) if asked["end"] else None,
    )
    return history(viewer.business.pk, wanted)


def _named(viewer: StaffViewer, name: str) -> UUID:
    """Return the key of what is called so: any public id, a customer's external id, or a document's number."""
    key = parse_public_id(name, *PREFIXES)
    if key is not None:
        return key
    with suppress(NotFound):
        return document_of(viewer, name, *Kind).ref.id
    with suppress(NotFound):
        return customer_of(viewer, name).ref.id
    return _NOTHING


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _line(row: Activity, viewer: StaffViewer, fmt: Formatter) -> HistoryRow:
    (moment,) = moments([row], viewer.business, fmt)
    return HistoryRow(
        at=row.at.astimezone(ZoneInfo(viewer.business.time_zone)),
        event=row.verb,
        words=moment.words,
        details=moment.details,
        actor_kind=row.actor_kind,
        actor=moment.who,
        actor_id=row.actor_id,
        ip=row.ip or "",
        subject=row.subject.public_id,
        data=row.data,
    )
