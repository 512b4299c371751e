"""What a list of documents or payments is narrowed to and ordered by: all of it in the address."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Kind, Status
from portico.domain.documents.queries import documents, of_status, outstanding, reads_paid, reads_written_off
from portico.domain.documents.search import searched as searched_documents
from portico.domain.payments.models import Payment, State
from portico.domain.payments.queries import payments
from portico.domain.payments.search import searched as searched_payments
from portico.lib.natural import natural_order
from portico.output.wording.states import state_label
from portico.web.portal.core.kinds import PAYMENT
from portico.web.shared.days import day_input

type Rows = QuerySet[Document] | QuerySet[Payment]

# What `sort` may name, and the column behind it.
_DOCUMENT_SORTS = {"number": "number", "date": "issued_on", "due": "due_on", "total": "payable", "open": "open_amount"}
_ESTIMATE_SORTS = {"number": "number", "date": "issued_on", "due": "expires_on", "total": "payable"}
_PAYMENT_SORTS = {"number": "number", "date": "paid_on", "total": "amount"}

# Amounts of one currency are compared, never those of two.
_AMOUNTS = {"payable", "open_amount", "amount"}

_DEFAULT_SORT = "-date"

# The latest page a list can be asked for; the database counts rows in 64 bits.
_MAX_PAGE = 1_000_000


def sorts_of(kind: str) -> dict[str, str]:
    """Return what a list of this kind can be sorted by: the name in the address, the column."""
    if kind == PAYMENT:
        return _PAYMENT_SORTS
    return _ESTIMATE_SORTS if not SPECS[kind].sign else _DOCUMENT_SORTS


_STATES: dict[str, list[str]] = {
    Kind.INVOICE: ["unpaid", "past_due", "partially_paid", "paid", "written_off", "voided"],
    Kind.ESTIMATE: ["open", "approved", "declined", "expired", "invoiced", "voided"],
    Kind.CREDIT_NOTE: ["open", "used", "voided"],
    Kind.SALES_ORDER: ["open", "invoiced", "voided"],
    PAYMENT: ["succeeded", "voided"],
}


def _states(kind: str) -> list[tuple[str, str]]:
    labels = {"": _("Every state"), "unpaid": _("To be paid")}
    return [(state, labels.get(state) or state_label(state)) for state in ["", *_STATES[kind]]]


class Filter(forms.Form):
    """The filters of one kind's list, as they stand in the address. Wrong ones are named and left out."""

    q = forms.CharField(required=False, max_length=100)
    status = forms.ChoiceField(required=False)
    start = forms.DateField(required=False)
    end = forms.DateField(required=False)
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1, max_value=_MAX_PAGE, widget=forms.HiddenInput)

    def __init__(self, kind: str, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.kind = kind
        q, status, start, end = (self.fields[name] for name in ("q", "status", "start", "end"))
        q.label, status.label, start.label, end.label = _("Search"), _("State"), _("From"), _("To")
        hint = _("Number, reference, amount") if kind == PAYMENT else _("Number, order, title, amount")
        q.widget = forms.TextInput({"class": "po-input", "type": "search", "placeholder": hint, "autocomplete": "off"})
        status.widget = forms.Select(attrs={"class": "po-input"})
        for date_field in (start, end):
            date_field.widget = day_input()
        assert isinstance(status, forms.ChoiceField)
        status.choices = _states(kind)
        sort = self.fields["sort"]
        assert isinstance(sort, forms.ChoiceField)
        sort.choices = [(sign + name, name) for name in sorts_of(kind) for sign in ("", "-")]
        self.fields["sort"].label, self.fields["page"].label = _("Order"), _("Page")
        self.full_clean()

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The period ends before it begins."))
            cleaned.pop("start")
        return cleaned

    def value(self, name: str) -> Any:
        """Return what a filter was set to; one that is wrong or absent counts as not set."""
        return self.cleaned_data.get(name) or None

    @property
    def order(self) -> str:
        """The order asked for: a name of `sorts_of`, with `-` before it for descending."""
        return str(self.value("sort") or _DEFAULT_SORT)

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return int(self.value("page") or 1)

    @property
    def is_narrowing(self) -> bool:
        """Tell whether the list is less than everything of its kind."""
        return any(self.value(name) for name in ("q", "status", "start", "end"))

    def query(self, **changes: str | int | None) -> str:
        """Return the address's query for these filters with some changed; the defaults are left out."""
        values = {name: self.value(name) for name in ("q", "status", "start", "end", "sort", "page")} | changes
        if values["sort"] == _DEFAULT_SORT:
            values["sort"] = None
        if values["page"] == 1:
            values["page"] = None
        text = urlencode({name: value for name, value in values.items() if value})
        return f"?{text}" if text else ""


def filtered(viewer: CustomerViewer, form: Filter) -> Rows:
    """Return the rows of a list, narrowed and ordered."""
    return filtered_payments(viewer, form) if form.kind == PAYMENT else filtered_documents(viewer, form)


def filtered_documents(viewer: CustomerViewer, form: Filter) -> QuerySet[Document]:
    """Return the documents a filter leaves, in its order."""
    status = form.value("status")
    rows = outstanding(viewer) if status == "unpaid" else documents(viewer).filter(kind=form.kind)
    if status == "open" and not SPECS[form.kind].sign:
        today = viewer.business.today()
        rows = of_status(rows, Status.ISSUED, today) | of_status(rows, Status.VIEWED, today)
    elif status in {"paid", "written_off"}:
        rows = rows.filter(reads_paid() if status == "paid" else reads_written_off())
    elif status and status != "unpaid":
        rows = of_status(rows, Status(status), viewer.business.today())
    rows = searched_documents(rows, viewer, form.value("q") or "")
    return rows.filter(_within(form, "issued_on")).order_by(*ordering(form))


def filtered_payments(viewer: CustomerViewer, form: Filter) -> QuerySet[Payment]:
    """Return the payments a filter leaves, in its order."""
    rows = payments(viewer)
    if form.value("status"):
        rows = rows.filter(state=State(form.value("status")))
    rows = searched_payments(rows, viewer, form.value("q") or "")
    return rows.filter(_within(form, "paid_on")).order_by(*ordering(form))


def _within(form: Filter, day: str) -> Q:
    condition = Q()
    if form.value("start"):
        condition &= Q(**{f"{day}__gte": form.value("start")})
    if form.value("end"):
        condition &= Q(**{f"{day}__lte": form.value("end")})
    return condition


def ordering(form: Filter) -> tuple[OrderBy, ...]:
    """Return the order a list is asked for in: numbers as people count, amounts by their currency first."""
    return _ordering(sorts_of(form.kind)[form.order.removeprefix("-")], form.order.startswith("-"))


@cache
def _ordering(name: str, descending: bool) -> tuple[OrderBy, ...]:
    # The same objects each time: a query is compiled once for each order.
    if name == "number":
        return (*natural_order(name, descending=descending), OrderBy(F("id"), descending=descending))
    may_be_empty = True if name in {"due_on", "expires_on"} else None
    before = [F("currency").asc()] if name in _AMOUNTS else []
    order = OrderBy(F(name), descending=descending, nulls_last=may_be_empty)
    return (*before, order, OrderBy(F("id"), descending=descending))
