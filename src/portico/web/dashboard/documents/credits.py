"""Putting a credit against a document and taking it off again, and expecting again what was written off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.actions.take_off import take_off
from portico.domain.documents.actions.undo_write_off import undo_write_off
from portico.domain.documents.kinds import Kind
from portico.domain.documents.models import Document
from portico.domain.documents.queries import document as document_of
from portico.domain.ledger.queries import item_of
from portico.lib.errors import PorticoError
from portico.lib.ids import parse_public_id
from portico.web.dashboard.core.credits import (
    ApplyForm,
    apply_from_form,
    credit_named,
    form_for_credit,
    form_for_invoice,
)
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.refusals import error_message
from portico.web.dashboard.documents.detail import document_page
from portico.web.shared.page import reader_formatter


@require_POST
@staff_page
def apply(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Put a credit of the customer against an invoice or, on a credit's page, the credit against an invoice."""
    found = document_of(viewer, name, Kind.INVOICE, Kind.CREDIT_NOTE)
    form = _form(request, viewer, found)
    item = item_of(found.pk)
    if form is None or item is None:
        messages.error(request, _("There is nothing to apply any more."))
        return _to(found)
    is_credit = item.amount < 0
    if not form.is_valid() or not apply_from_form(
        viewer, form, credit=item if is_credit else None, invoice=None if is_credit else found
    ):
        return document_page(request, viewer, found, apply_form=form)
    money = reader_formatter().money(form.cleaned_data["amount"], found.currency)
    messages.success(request, _("%(amount)s is applied.") % {"amount": money})
    return _to(found)


@require_POST
@staff_page
def take_off_credit(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Take a credit off an invoice: the invoice is owed again."""
    invoice, credit = document_of(viewer, name, Kind.INVOICE), credit_named(viewer, request.POST.get("credit", ""))
    try:
        part = take_off(credit, invoice, by=viewer.actor)
    except PorticoError as error:
        messages.error(request, error_message(error))
    else:
        money = reader_formatter().money(part, invoice.currency)
        messages.success(
            request, _("%(amount)s is taken off %(number)s.") % {"amount": money, "number": invoice.number}
        )
    if request.POST.get("back") == "credit":
        page = "payment" if credit.kind == "payment" else "document"
        if credit.kind != "credit_adjustment":
            return HttpResponseRedirect(reverse(page, args=[credit.ref.public_id]))
    return _to(invoice)


@require_POST
@staff_page
def undo_invoice_write_off(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Expect again what was written off an invoice: the one write-off that is named, or all."""
    invoice, named = document_of(viewer, name, Kind.INVOICE), request.POST.get("write_off", "")
    key = parse_public_id(named, "write_off", "settlement")
    only = ([key] if key else []) if named else None
    try:
        undo_write_off(invoice, by=viewer.actor, only=only)
    except PorticoError as error:
        return document_page(request, viewer, invoice, refusal=error)
    messages.success(request, _("The write-off of %(number)s is undone.") % {"number": invoice.number})
    return _to(invoice)


def _form(request: HttpRequest, viewer: StaffViewer, found: Document) -> ApplyForm | None:
    fmt = reader_formatter()
    if found.is_owed:
        return form_for_invoice(found, fmt, request.POST)
    return form_for_credit(viewer, found.customer, item_of(found.pk), fmt, request.POST)


def _to(found: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("document", args=[found.public_id]))
