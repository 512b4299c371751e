"""Approving and declining an estimate."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents import queries
from portico.domain.documents.actions.decide import Evidence, approve, decline
from portico.domain.documents.models import Document, Kind, Status
from portico.domain.payments.deposits import deposit_due
from portico.lib.errors import PorticoError
from portico.output.pdf.pdf_files import document_pdf
from portico.web.portal.core.bank_boxes import takes_deposits
from portico.web.portal.core.evidence import evidence_of
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.payable import pay_url
from portico.web.portal.core.urls import item_url
from portico.web.portal.documents.decision_forms import ApproveForm, DeclineForm
from portico.web.portal.documents.detail import document_page
from portico.web.shared.page import reader_formatter


@portal_page(methods=FORM, opens={Kind.ESTIMATE})
def approve_estimate(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Approve an estimate in the name that was typed, as the page showed it."""
    row = queries.document(viewer, name, Kind.ESTIMATE)
    if request.method != "POST":
        return _back(row)
    form = ApproveForm(request.POST, auto_id="approve_%s")
    if not form.is_valid():
        return document_page(request, viewer, row, approve_form=form, status=422)
    evidence = _evidence(request, viewer, form, name=form.cleaned_data["name"], pdf=_pdf(viewer, row))
    try:
        approved = approve(row, evidence, by=viewer.actor)
    except PorticoError as refusal:
        row = queries.document(viewer, name, Kind.ESTIMATE)
        return document_page(
            request, viewer, row, approve_form=form, alert=_message(viewer, row, refusal), status=refusal.status
        )
    if deposit_due(approved) and takes_deposits(viewer, row.currency):
        return HttpResponseRedirect(pay_url(estimate=row.public_id), status=303)
    return _back(row)


@portal_page(methods=FORM, opens={Kind.ESTIMATE})
def decline_estimate(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Decline an estimate for a reason."""
    row = queries.document(viewer, name, Kind.ESTIMATE)
    if request.method != "POST":
        return _back(row)
    form = DeclineForm(request.POST, auto_id="decline_%s")
    if not form.is_valid():
        return document_page(request, viewer, row, decline_form=form, status=422)
    try:
        decline(row, _evidence(request, viewer, form, note=form.cleaned_data["reason"]), by=viewer.actor)
    except PorticoError as refusal:
        row = queries.document(viewer, name, Kind.ESTIMATE)
        return document_page(
            request, viewer, row, decline_form=form, alert=_message(viewer, row, refusal), status=refusal.status
        )
    return _back(row)


def _evidence(
    request: HttpRequest, viewer: CustomerViewer, form: forms.Form, *, name: str = "", note: str = "", pdf: bytes = b""
) -> Evidence:
    # A form without it was not made by our page, so nobody knows what was looked at.
    edition = form.cleaned_data["edition"] or 0
    return evidence_of(request, viewer, name=name, note=note, edition=edition, pdf=pdf)


def _pdf(viewer: CustomerViewer, row: Document) -> bytes:
    """Return the file that is approved; nothing when there is nothing to approve any more."""
    is_open = row.status(viewer.business.today()) in {Status.ISSUED, Status.VIEWED}
    return document_pdf(row, reader_formatter().language) if is_open else b""


def _message(viewer: CustomerViewer, row: Document, refusal: PorticoError) -> str:
    """Say why nothing was decided, and what to do now."""
    if refusal.code == "edited_meanwhile":
        return _("The estimate was changed since you opened this page. Please look at it again.")
    status = row.status(viewer.business.today())
    said = {
        Status.EXPIRED: _("This estimate has expired and can't be approved any more. Ask for a fresh one."),
        Status.APPROVED: _("This estimate has been approved already. Please write to us if that was a mistake."),
        Status.DECLINED: _("This estimate has been declined already. Ask for a fresh one if you want it after all."),
        Status.INVOICED: _("This estimate has become an invoice already."),
        Status.VOIDED: _("This estimate was withdrawn. Nothing can be decided about it."),
    }
    return said.get(status, _("Nothing was decided. Please try again."))


def _back(row: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(item_url(row.kind, row.public_id), status=303)
