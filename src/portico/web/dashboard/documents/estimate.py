"""What staff do with an estimate: approve or decline it by hand, ask for a deposit, convert it to an invoice."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.actions.decide import Evidence, approve, decline
from portico.domain.documents.actions.edit_estimate import ask_deposit
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.payments.actions.convert_estimate import convert_estimate as convert
from portico.lib.errors import PorticoError
from portico.output.pdf.pdf_files import document_pdf
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.documents.detail import document_page, language_of
from portico.web.dashboard.documents.estimate_forms import ConvertForm, DecisionForm, DepositForm
from portico.web.dashboard.documents.estimate_panel import Forms


@require_POST
@staff_page
def approve_estimate(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Approve an estimate for its customer, with a note of how staff know."""
    found, form = document_of(viewer, name, Kind.ESTIMATE), DecisionForm(request.POST, auto_id="approve_%s")
    if not form.is_valid():
        return document_page(request, viewer, found, sent=Forms(approve=form))
    evidence = _evidence(request, form, found, pdf=document_pdf(found, language_of(found)))
    try:
        approve(found, evidence, by=viewer.actor)
    except PorticoError as error:
        return document_page(request, viewer, found, sent=Forms(approve=form), refusal=error)
    messages.success(request, _("%(number)s is approved.") % {"number": found.number})
    return _back(found)


@require_POST
@staff_page
def decline_estimate(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Decline an estimate for its customer, with a note of how staff know."""
    found, form = document_of(viewer, name, Kind.ESTIMATE), DecisionForm(request.POST, auto_id="decline_%s")
    if not form.is_valid():
        return document_page(request, viewer, found, sent=Forms(decline=form))
    try:
        decline(found, _evidence(request, form, found), by=viewer.actor)
    except PorticoError as error:
        return document_page(request, viewer, found, sent=Forms(decline=form), refusal=error)
    messages.success(request, _("%(number)s is declined.") % {"number": found.number})
    return _back(found)


@require_POST
@staff_page
def deposit_of_estimate(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Make an estimate ask for a deposit, or for none; a customer who approved it is asked again."""
    found = document_of(viewer, name, Kind.ESTIMATE)
    form = DepositForm(found, request.POST)
    if not form.is_valid():
        return document_page(request, viewer, found, sent=Forms(deposit=form))
    try:
        ask_deposit(found, form.deposit, by=viewer.actor)
    except PorticoError as error:
        return document_page(request, viewer, found, sent=Forms(deposit=form), refusal=error)
    messages.success(request, _("The deposit of %(number)s is saved.") % {"number": found.number})
    return _back(found)


@require_POST
@staff_page
def convert_estimate(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Convert an approved estimate to an invoice and open that."""
    found, form = document_of(viewer, name, Kind.ESTIMATE), ConvertForm(request.POST, auto_id="convert_%s")
    if not form.is_valid():
        return document_page(request, viewer, found, sent=Forms(convert=form))
    try:
        invoice = convert(found, by=viewer.actor, due_on=form.cleaned_data["due_on"], source="dashboard")
    except PorticoError as error:
        return document_page(request, viewer, found, sent=Forms(convert=form), refusal=error)
    values = {"number": found.number, "invoice": invoice.number}
    messages.success(request, _("%(number)s is now the invoice %(invoice)s.") % values)
    return _back(invoice)


def _evidence(request: HttpRequest, form: DecisionForm, found: Document, pdf: bytes = b"") -> Evidence:
    cleaned = form.cleaned_data
    agent = request.headers.get("User-Agent", "")
    return Evidence(name=cleaned["name"], note=cleaned["note"], user_agent=agent, edition=found.edition, pdf=pdf)


def _back(found: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("document", args=[found.public_id]))
