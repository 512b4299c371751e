"""Recording a payment received outside Portico."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import documents, outstanding, payable
from portico.domain.ledger.queries import accounts_of
from portico.domain.payments.actions.record_payment import record_payment as record
from portico.domain.payments.deposits import deposit_due
from portico.domain.payments.early import first_expected_day
from portico.domain.payments.models import Method, Payment
from portico.domain.payments.queries import documents_under_way
from portico.lib.errors import PorticoError
from portico.lib.ids import parse_public_id
from portico.lib.money import to_major
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.submission import new_submission
from portico.web.dashboard.payments.forms import PaymentForm
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, staff_document_tag

# The oldest ones; a customer with more open is served by "oldest first".
_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    number: str
    url: str
    due: str
    tag: Tag
    open: str
    field: BoundField


@staff_page
def record_payment(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the form; a POST records the payment and applies it, all or nothing."""
    customer = customer_of(viewer, name)
    currencies = _currencies(viewer, customer)
    asked = (request.POST if request.method == "POST" else request.GET).get("currency", "")
    estimate = _estimate(request, viewer, customer)
    if estimate is not None:
        return _deposit(request, viewer, customer, estimate)
    first = _first_invoice(request, viewer, customer)
    currency = asked if asked in currencies else first.currency if first else currencies[0]
    invoices = list(outstanding(viewer).filter(customer=customer, currency=currency)[:_AT_MOST])
    named = [first] if first is not None else _named_invoices(request, viewer, customer)
    invoices += [row for row in named if row.currency == currency and row not in invoices]
    if request.method == "POST":
        form = PaymentForm(currency, invoices, request.POST)
        payment = _recorded(viewer, customer, form) if form.is_valid() else None
        if payment is not None:
            messages.success(request, _("%(number)s is recorded.") % {"number": payment.number})
            return HttpResponseRedirect(reverse("payment", args=[payment.public_id]))
        return _page(request, viewer, customer, currencies, form, status=422)
    form = PaymentForm(currency, invoices, initial=_initial(viewer, first))
    return _page(request, viewer, customer, currencies, form)


def _deposit(request: HttpRequest, viewer: StaffViewer, customer: Customer, estimate: Document) -> HttpResponse:
    """Record the deposit of an estimate: it pays no invoice yet."""
    if request.method != "POST":
        initial = _initial(viewer, None) | {"amount": to_major(deposit_due(estimate), estimate.currency)}
        form = PaymentForm(estimate.currency, [], initial=initial)
        return _page(request, viewer, customer, [estimate.currency], form, estimate=estimate)
    form = PaymentForm(estimate.currency, [], request.POST)
    payment = _recorded(viewer, customer, form, estimate) if form.is_valid() else None
    if payment is None:
        return _page(request, viewer, customer, [estimate.currency], form, status=422, estimate=estimate)
    messages.success(request, _("%(number)s is recorded.") % {"number": payment.number})
    return HttpResponseRedirect(reverse("document", args=[estimate.public_id]))


def _recorded(
    viewer: StaffViewer, customer: Customer, form: PaymentForm, estimate: Document | None = None
) -> Payment | None:
    """Return the payment of a valid form, also when it was recorded before; None when the domain refuses it."""
    data = replace(form.to_input(viewer.business.today()), deposit_of=estimate)
    first = first_expected_day(customer)
    if data.paid_on < first and not form.cleaned_data["day_is_right"]:
        form.question_day(first)
        return None
    try:
        return record(customer, data, by=viewer.actor)
    except PorticoError as error:
        form.refuse(error, data.shares)
        return None


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    customer: Customer,
    currencies: list[str],
    form: PaymentForm,
    status: int = 200,
    estimate: Document | None = None,
) -> HttpResponse:
    fmt, today = reader_formatter(), viewer.business.today()
    here = reverse("record_payment", args=[customer.public_id])
    under_way = documents_under_way(invoice.pk for invoice, _field in form.pairs())
    context: dict[str, Any] = {
        "name": customer.name,
        "customer_url": reverse("customer", args=[customer.public_id]),
        "action": here,
        "form": form,
        "estimate": estimate,
        "currency": form.currency,
        "currencies": [(code, f"{here}?currency={code}", code == form.currency) for code in currencies],
        "rows": [
            InvoiceRow(
                number=invoice.number,
                url=reverse("document", args=[invoice.public_id]),
                due=fmt.date(invoice.deadline) if invoice.deadline else "",
                tag=staff_document_tag(invoice, today, under_way=invoice.pk in under_way),
                open=fmt.money(invoice.open_amount, invoice.currency),
                field=field,
            )
            for invoice, field in form.pairs()
        ],
    }
    return staff_answer(request, viewer, "dashboard/payments/record.html", context, nav="customers", status=status)


def _currencies(viewer: StaffViewer, customer: Customer) -> list[str]:
    """The currencies a payment may be in, the likeliest first."""
    likely = [customer.currency, *(account.currency for account in accounts_of(customer.pk)), viewer.business.currency]
    return list(dict.fromkeys(filter(None, likely)))


def _estimate(request: HttpRequest, viewer: StaffViewer, customer: Customer) -> Document | None:
    """The estimate whose deposit the form was opened for, if any."""
    asked = request.POST if request.method == "POST" else request.GET
    key = parse_public_id(asked.get("estimate", ""), Kind.ESTIMATE)
    return documents(viewer).filter(kind=Kind.ESTIMATE, customer=customer, pk=key).first() if key else None


def _first_invoice(request: HttpRequest, viewer: StaffViewer, customer: Customer) -> Document | None:
    """The invoice that the form was opened for, if any."""
    key = parse_public_id(request.GET.get("invoice", ""), "invoice")
    return payable(viewer).filter(customer=customer, pk=key).first() if key else None


def _named_invoices(request: HttpRequest, viewer: StaffViewer, customer: Customer) -> list[Document]:
    """The invoices that a form which was sent has fields for, as one that was written off."""
    keys = [parse_public_id(name.removeprefix("pay_"), "invoice") for name in request.POST if name.startswith("pay_")]
    return list(payable(viewer).filter(customer=customer, pk__in=[key for key in keys if key][:_AT_MOST]))


def _initial(viewer: StaffViewer, first: Document | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "paid_on": viewer.business.today(),
        "method": Method.BANK_TRANSFER,
        "submission": new_submission(),
        "oldest_first": first is None,
    }
    if first is not None:
        left = to_major(first.open_amount or first.written_off, first.currency)
        values |= {"amount": left, f"pay_{first.public_id}": left}
    return values
