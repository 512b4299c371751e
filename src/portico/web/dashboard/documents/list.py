"""The list of documents, of the business or of one customer: by kind, state, date and words."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Kind, Status
from portico.domain.documents.queries import documents as documents_of
from portico.domain.documents.queries import of_status
from portico.domain.documents.search import searched
from portico.domain.payments.queries import documents_under_way
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import kind_label, kind_plural
from portico.output.wording.states import staff_state_label
from portico.web.dashboard.core.conversation import attention_tag
from portico.web.dashboard.core.customer_page import customer_answer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import (
    ListState,
    Sort,
    chosen_sort,
    in_order,
    list_exports,
    paginate,
    parameters_of,
)
from portico.web.shared.days import day_input
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, staff_document_tag
from portico.web.shared.table import Tab

_FIELDS = {
    "number": ["number"],
    "date": ["issued_on"],
    "due": ["due_on", "issued_on"],
    # Amounts of two currencies are no greater or less than each other.
    "total": ["currency", "payable"],
    "open": ["currency", "open_amount"],
}


@dataclass(frozen=True, slots=True)
class DocumentRow:
    id: str
    url: str
    number: str
    customer: str
    customer_url: str
    date: str
    due: str
    tag: Tag
    attention: Tag | None
    total: str
    open: str
    zero: bool


class DocumentFilter(forms.Form):
    """What narrows the list. The states depend on the kind."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, widget=forms.TextInput({"class": "po-input"}))
    status = forms.ChoiceField(label=gettext_lazy("State"), required=False, widget=forms.Select({"class": "po-input"}))
    start = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )
    end = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )
    attention = forms.BooleanField(
        label=gettext_lazy("Needs attention"), required=False, widget=forms.CheckboxInput({"class": "po-check"})
    )

    def __init__(self, kind: Kind, params: dict[str, str]) -> None:
        super().__init__(params, auto_id="filter_%s")
        states = self.fields["status"]
        assert isinstance(states, forms.ChoiceField)
        named = [(str(status), staff_state_label(status)) for status in SPECS[kind].states]
        states.choices = [("", _("Every state")), *named]


@staff_page
def documents(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the business's documents of one kind."""
    context = document_listing(request, viewer, reverse("documents"))
    return staff_answer(request, viewer, "dashboard/documents/list.html", context, nav="documents", part="results")


@staff_page
def customer_documents(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a customer's documents."""
    found = customer_of(viewer, name)
    base = reverse("customer_documents", args=[found.public_id])
    context = document_listing(request, viewer, base, found)
    # The listing's own tabs are the kinds; the customer's tabs stand above them.
    context["kinds"] = context.pop("tabs")
    return customer_answer(
        request, viewer, found, "documents", "dashboard/documents/of_customer.html", context, part="results"
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The documents that an address asks for, narrowed and in order."""

    kind: Kind
    form: DocumentFilter
    params: dict[str, str]
    sort: str
    rows: QuerySet[Document]


def chosen_documents(request: HttpRequest, viewer: StaffViewer, customer: Customer | None = None) -> Chosen:
    """Return what the address asks for of the business's documents, or of one customer's."""
    params = parameters_of(request, "kind", "q", "status", "start", "end", "attention", "sort")
    kind = Kind(params["kind"]) if params.get("kind") in Kind.values else Kind.INVOICE
    form = DocumentFilter(kind, params)
    rows = documents_of(viewer).filter(kind=kind)
    rows = rows.filter(customer=customer) if customer else rows.select_related("customer")
    if form.is_valid():
        attends = viewer.business.allow_messages
        rows = _narrowed(viewer, rows, form.cleaned_data, viewer.business.today(), with_attention=attends)
    sort = chosen_sort(request, list(_FIELDS), "-date")
    return Chosen(kind, form, params, sort, in_order(rows, sort, _FIELDS))


def document_listing(
    request: HttpRequest, viewer: StaffViewer, base: str, customer: Customer | None = None
) -> dict[str, Any]:
    """Return what `dashboard/documents/filters.html` shows: the business's documents, or one customer's."""
    fmt, today = reader_formatter(), viewer.business.today()
    chosen = chosen_documents(request, viewer, customer)
    kind, params, sort = chosen.kind, chosen.params, chosen.sort
    attends = viewer.business.allow_messages
    list_state = ListState(base, params)
    shown, pages, total = paginate(request, chosen.rows, fmt, list_state)
    under_way = documents_under_way(row.pk for row in shown)
    return {
        "form": chosen.form,
        "base": base,
        "kept": [(name, params[name]) for name in ("kind", "sort") if name in params],
        "tabs": _tabs(list_state, kind),
        "rows": [_row(row, today, fmt, customer, under_way, with_attention=attends) for row in shown],
        "columns": list_state.columns(_sorts(kind, customer), sort),
        "with_customer": customer is None,
        "with_due": SPECS[kind].sign > 0,
        "with_money": SPECS[kind].sign != 0,
        "pages": pages,
        "total": total,
        "filtered": bool(params.keys() & {"q", "status", "start", "end", "attention"}),
        "with_attention": attends,
        "mail_url": reverse("mail_documents") + list_state.url().removeprefix(base) if customer is None else "",
        "new_url": f"{reverse('new_draft')}?kind={kind}" + (f"&customer={customer.public_id}" if customer else ""),
        "new_label": _("New: %(kind)s") % {"kind": kind_label(kind)},
        "exports": list_exports("documents", list_state) if customer is None else None,
        "clear_url": ListState(base, {"kind": str(kind)}).url(),
    }


def chosen_rows(request: HttpRequest, viewer: StaffViewer) -> QuerySet[Document]:
    """Return all the business's documents that the filters of a list's URL leave, the newest first."""
    params = parameters_of(request, "kind", "q", "status", "start", "end", "attention")
    kind = Kind(params["kind"]) if params.get("kind") in Kind.values else Kind.INVOICE
    rows, form = documents_of(viewer).filter(kind=kind).select_related("customer"), DocumentFilter(kind, params)
    if form.is_valid():
        attends, today = viewer.business.allow_messages, viewer.business.today()
        rows = _narrowed(viewer, rows, form.cleaned_data, today, with_attention=attends)
    return rows.order_by("-issued_on", "-id")


def _narrowed(
    viewer: StaffViewer, rows: QuerySet[Document], params: dict[str, Any], today: date, *, with_attention: bool
) -> QuerySet[Document]:
    rows = searched(rows, viewer, params["q"])
    if params["start"]:
        rows = rows.filter(issued_on__gte=params["start"])
    if params["end"]:
        rows = rows.filter(issued_on__lte=params["end"])
    if params["attention"] and with_attention:
        rows = rows.filter(needs_attention=True)
    return of_status(rows, Status(params["status"]), today) if params["status"] else rows


def _tabs(list_state: ListState, current: Kind) -> list[Tab]:
    return [Tab(kind_plural(kind), list_state.url(kind=str(kind), status=""), kind == current) for kind in SPECS]


def _sorts(kind: Kind, customer: Customer | None) -> Sequence[Sort]:
    sorts = [Sort("number", _("Number"))]
    if customer is None:
        sorts.append(Sort("customer", _("Customer"), sortable=False))
    sorts += [
        Sort("date", _("Date"), classes="po-c-extra"),
        Sort("status", _("State"), sortable=False),
    ]
    if SPECS[kind].sign > 0:
        sorts.append(Sort("due", _("Due"), classes="po-c-extra"))
    sorts.append(Sort("total", _("Total"), numeric=True))
    if SPECS[kind].sign:
        sorts.append(Sort("open", _("Open"), numeric=True))
    return sorts


def _row(
    document: Document,
    today: date,
    fmt: Formatter,
    customer: Customer | None,
    under_way: Container[UUID],
    *,
    with_attention: bool,
) -> DocumentRow:
    owner = customer or document.customer
    return DocumentRow(
        id=document.public_id,
        url=reverse("document", args=[document.public_id]),
        number=document.number or _("Draft"),
        customer=owner.name,
        customer_url=reverse("customer", args=[owner.public_id]),
        date=fmt.date(document.issued_on),
        due=fmt.date(document.deadline) if document.deadline else "",
        tag=staff_document_tag(document, today, under_way=document.pk in under_way),
        attention=attention_tag() if document.needs_attention and with_attention else None,
        total=fmt.money(document.payable, document.currency),
        open=fmt.money(document.open_amount, document.currency),
        zero=document.open_amount == 0,
    )
