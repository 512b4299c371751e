"""A document's page for staff: its sheet, what was paid on it, who saw it, its files, and what can be done with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.queries import timeline_of_subject
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind, Lifecycle, PaymentPlan, WriteOffKind
from portico.domain.documents.plan_queries import plan_keys, plan_of
from portico.domain.documents.queries import document as document_of
from portico.domain.documents.queries import write_offs_of
from portico.domain.files.models import File, Purpose
from portico.domain.ledger.models import Allocation
from portico.domain.ledger.queries import allocations_of, item_of
from portico.domain.payments.models import PaymentAttempt
from portico.domain.payments.queries import promise_of, under_way_for
from portico.lib.errors import PorticoError
from portico.lib.l10n import Formatter, current_language
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.pdf_files import document_filename, document_pdf
from portico.web.dashboard.core.allocations import staff_allocations
from portico.web.dashboard.core.before_issue import warnings_before_issue
from portico.web.dashboard.core.conversation import staff_conversation
from portico.web.dashboard.core.credit_limit import warn_of_credit_limit
from portico.web.dashboard.core.credits import ApplyForm, applied_rows, form_for_credit, form_for_invoice
from portico.web.dashboard.core.file_list import FileForm, files_on, staff_files
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.method_switches import disabled_label
from portico.web.dashboard.core.plan_panel import plan_panel
from portico.web.dashboard.core.promises import promise_rows
from portico.web.dashboard.core.refusals import say_at_field
from portico.web.dashboard.core.timeline import moments
from portico.web.dashboard.documents.collecting import CollectForm, collecting
from portico.web.dashboard.documents.estimate_panel import Forms, estimate_panel
from portico.web.dashboard.documents.link import link_of
from portico.web.dashboard.documents.originals import imported
from portico.web.shared.allocations import allocations_heading
from portico.web.shared.days import day_input
from portico.web.shared.download import attachment
from portico.web.shared.original_pages import Original, original_page, original_view
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import due_label, staff_document_tag

_NEWEST = 30


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read once for several parts of a document's page."""

    allocations: list[Allocation]
    under_way: PaymentAttempt | None
    plan_keys: list[UUID]
    plan: PaymentPlan | None
    files: list[File]


class VoidForm(forms.Form):
    """Why a document no longer counts."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=255, widget=forms.TextInput({"class": "po-input"})
    )


def _readings() -> list[tuple[str, str]]:
    return [("written_off", _("Written off")), ("settled", _("Settled, without mentioning the write-off"))]


class WriteOffForm(forms.Form):
    """From when on, and why, the rest of an invoice is no longer expected, and what its customer reads of that."""

    on = forms.DateField(
        label=gettext_lazy("Date"),
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=255, widget=forms.TextInput({"class": "po-input"})
    )
    reads = forms.ChoiceField(
        label=gettext_lazy("What the customer reads"),
        choices=_readings,
        widget=forms.Select({"class": "po-input"}),
    )


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """Something that was written off an invoice and can be expected again."""

    id: str
    label: str
    amount: str
    reason: str


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done with a document as it stands."""

    issue: bool
    credit: bool
    void: bool
    write_off: bool
    record_payment: bool


@staff_page
def document(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a document."""
    return document_page(request, viewer, document_of(viewer, name, *Kind))


@staff_page
def document_as_pdf(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Send the document as its customer gets it, in the customer's language; with `?page=1` a page of the original."""
    found = document_of(viewer, name, *Kind)
    return original_page(request, found) or attachment(
        document_pdf(found, language_of(found)), document_filename(found), "application/pdf"
    )


@require_POST
@staff_page
def issue_draft(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Make a draft count."""
    found = document_of(viewer, name, *Kind)
    try:
        issued = issue(found, by=viewer.actor)
    except PorticoError as error:
        return document_page(request, viewer, found, refusal=error)
    messages.success(request, _("%(number)s is issued.") % {"number": issued.number})
    warn_of_credit_limit(request, viewer, issued.customer, reader_formatter())
    return _back(found)


@require_POST
@staff_page
def void_document(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Cancel an issued document, with a reason."""
    found, form = document_of(viewer, name, *Kind), VoidForm(request.POST, auto_id="void_%s")
    if not form.is_valid():
        return document_page(request, viewer, found, void_form=form)
    try:
        void(found, by=viewer.actor, reason=form.cleaned_data["reason"])
    except PorticoError as error:
        return document_page(request, viewer, found, void_form=form, refusal=error)
    messages.success(request, _("%(number)s is voided.") % {"number": found.number})
    return _back(found)


@require_POST
@staff_page
def write_off_invoice(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Stop expecting what is still open of an invoice."""
    found, form = document_of(viewer, name, Kind.INVOICE), WriteOffForm(request.POST, auto_id="write_off_%s")
    if not form.is_valid():
        return document_page(request, viewer, found, write_off_form=form)
    values = form.cleaned_data
    hidden = values["reads"] == "settled"
    try:
        write_off(found, by=viewer.actor, on=values["on"], reason=values["reason"], hidden=hidden)
    except PorticoError as error:
        left = say_at_field(form, error, {"/on": "on"})
        return document_page(request, viewer, found, write_off_form=form, refusal=left)
    messages.success(request, _("What was open of %(number)s is written off.") % {"number": found.number})
    return _back(found)


def document_page(
    request: HttpRequest,
    viewer: StaffViewer,
    found: Document,
    *,
    void_form: VoidForm | None = None,
    write_off_form: WriteOffForm | None = None,
    apply_form: ApplyForm | None = None,
    collect_form: CollectForm | None = None,
    sent: Forms | None = None,
    refusal: PorticoError | None = None,
) -> HttpResponse:
    """Answer with a document's page; forms that were sent are shown again with what was typed."""
    fmt, today = reader_formatter(), viewer.business.today()
    sent, shown = sent or Forms(), (void_form, write_off_form, apply_form, collect_form)
    wrong, read = sent.wrong or any(form is not None and not form.is_valid() for form in shown), _read(viewer, found)
    context: dict[str, Any] = {
        "doc": found,
        "doc_id": found.public_id,
        "sheet": document_sheet(found, current_language(), printed=False, allocations=read.allocations),
        "original": _original(found, read.files, fmt),
        "customer_url": reverse("customer", args=[found.customer.public_id]),
        "tag": staff_document_tag(found, today, under_way=read.under_way is not None),
        "seen": fmt.moment(found.first_viewed_at, viewer.business.time_zone) if found.first_viewed_at else "",
        "facts": _facts(found, fmt),
        "estimate": estimate_panel(viewer, found, sent, fmt),
        "moments": moments(timeline_of_subject(found.pk, *read.plan_keys)[:_NEWEST], viewer.business, fmt),
        **_beside(viewer, found, read, fmt, collect_form),
        "apply_form": apply_form or _apply_form(viewer, found, fmt),
        "void_form": void_form or VoidForm(auto_id="void_%s"),
        "write_off_form": write_off_form or WriteOffForm(initial={"on": today}, auto_id="write_off_%s"),
        **_money(found, read, today, fmt),
    }
    template, status = "dashboard/documents/detail.html", 422 if wrong else 200
    return staff_answer(
        request, viewer, template, context, nav="documents", status=status, part="file_list", refusal=refusal
    )


def _original(found: Document, files: list[File], fmt: Formatter) -> Original | None:
    own = next((file for file in files if file.purpose == Purpose.DOCUMENT_PDF), None)
    return original_view(own, reverse("document_as_pdf", args=[found.public_id]), fmt).shown


def _read(viewer: StaffViewer, found: Document) -> _Read:
    keys = plan_keys(found) if found.sign > 0 else []
    return _Read(
        allocations=allocations_of(found.pk) if found.sign else [],
        under_way=under_way_for(found),
        plan_keys=keys,
        plan=plan_of(found) if keys else None,
        files=files_on(viewer, found.ref),
    )


def _beside(
    viewer: StaffViewer, found: Document, read: _Read, fmt: Formatter, collect_form: CollectForm | None
) -> dict[str, Any]:
    return {
        "collecting": collecting(viewer, found, read.under_way, read.plan, fmt, collect_form),
        "actions": _actions(found),
        "missing": warnings_before_issue(found, fmt),
        "link": link_of(found, fmt),
        "files": staff_files(viewer, read.files, fmt),
        "imported": imported(found, fmt),
        "upload": FileForm(),
        "thread": staff_conversation(viewer, found.customer, found),
    }


def _money(found: Document, read: _Read, today: date, fmt: Formatter) -> dict[str, Any]:
    return {
        "applied_heading": allocations_heading(found.sign),
        "applied": staff_allocations(found.pk, read.allocations, found.currency, fmt),
        "disabled_methods": fmt.list(disabled_label(found)),
        "applied_rows": applied_rows(found.pk, read.allocations, found.currency, fmt),
        "plan": plan_panel(found, read.plan, today, fmt),
        "written_off": _written_off(found, fmt) if found.sign > 0 else [],
        "promises": promise_rows(filter(None, [promise_of(found)]), today, fmt) if found.is_owed else [],
        "amount": fmt.money(found.open_amount or found.payable, found.currency),
        "due": due_label(found.deadline, today, fmt) if found.is_owed and found.deadline else "",
    }


def _written_off(found: Document, fmt: Formatter) -> list[WrittenOff]:
    labels = {
        WriteOffKind.UNCOLLECTIBLE: _("Written off on %(date)s"),
        WriteOffKind.DIFFERENCE: _("Small difference on %(date)s"),
        WriteOffKind.BANK_FEE: _("Bank fee on %(date)s"),
    }
    return [
        WrittenOff(
            row.ref.public_id,
            labels[WriteOffKind(row.kind)] % {"date": fmt.date(row.written_off_on)},
            fmt.money(row.amount, found.currency),
            row.reason,
        )
        for row in write_offs_of(found)
    ]


def _apply_form(viewer: StaffViewer, found: Document, fmt: Formatter) -> ApplyForm | None:
    if found.is_owed:
        return form_for_invoice(found, fmt)
    return form_for_credit(viewer, found.customer, item_of(found.pk), fmt) if found.open_amount else None


def _actions(found: Document) -> Actions:
    return Actions(
        issue=found.lifecycle == Lifecycle.DRAFT,
        credit=found.sign > 0 and found.lifecycle == Lifecycle.ISSUED and found.payable > 0,
        void=found.lifecycle not in (Lifecycle.DRAFT, Lifecycle.VOIDED),
        write_off=found.is_owed,
        record_payment=found.is_owed or found.written_off > 0,
    )


def _facts(found: Document, fmt: Formatter) -> list[tuple[str, str]]:
    sources = {"api": _("API"), "import": _("Import"), "dashboard": _("Dashboard"), "demo": _("Demonstration")}
    facts = [
        (_("Due date"), fmt.date(found.due_on) if found.due_on else ""),
        (_("Valid until"), fmt.date(found.expires_on) if found.expires_on else ""),
        (_("External id"), found.external_id),
        (_("Source"), sources.get(found.source, found.source)),
        (_("Written off"), fmt.money(found.written_off, found.currency) if found.written_off else ""),
        (_("The customer reads"), _("Settled") if found.reads_settled else ""),
    ]
    return [(label, value) for label, value in facts if value]


def language_of(found: Document) -> str:
    """Return the language in which a document's customer gets its PDF."""
    return found.customer.language or found.business.language or current_language()


def _back(found: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("document", args=[found.public_id]))
