"""Writing a document: new, as a copy, as a credit note for an invoice, or a draft once more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.edit_draft import delete_draft, refuse_issued
from portico.domain.documents.document_input import DocumentInput, checked_totals
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.new_rows import new_document, new_lines
from portico.domain.documents.queries import document as document_of
from portico.lib.errors import PorticoError
from portico.lib.l10n import current_language
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.pdf_files import preview_pdf
from portico.output.pdf.sheets import DocumentSheet
from portico.output.wording.kinds import kind_label
from portico.output.wording.units import unit_choices
from portico.web.dashboard.core.before_issue import warnings_before_writing
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message
from portico.web.dashboard.core.submission import new_submission
from portico.web.dashboard.drafts.choose_customer import choose_another, choose_customer
from portico.web.dashboard.drafts.document_form import DocumentForm
from portico.web.dashboard.drafts.refusals import refusal_message
from portico.web.dashboard.drafts.save import save
from portico.web.dashboard.drafts.template import Template, of_draft, template_of
from portico.web.shared.download import attachment
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class Preview:
    """What a document comes to as it is typed: its sheet, or why there is none yet."""

    sheet: DocumentSheet | None
    message: str = ""


@staff_page
def new_draft(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show an empty form, a copy or a credit note for an invoice; a POST writes it."""
    template = template_of(viewer, _asked(request))
    if template is None:
        return choose_customer(request, viewer)
    return _edit(request, viewer, template)


@staff_page
def edit(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a draft's form; a POST changes it."""
    found = document_of(viewer, name, *Kind)
    if request.method != "POST":
        # Somebody who has typed already is told by the form, which keeps it.
        try:
            refuse_issued(found)
        except PorticoError as error:
            messages.error(request, error_message(error))
            return _to(found)
    asked = _asked(request).get("customer")
    return _edit(request, viewer, of_draft(found, customer_of(viewer, asked) if asked else found.customer))


@require_POST
@staff_page
def delete(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Delete a draft."""
    found = document_of(viewer, name, *Kind)
    try:
        delete_draft(found, by=viewer.actor)
    except PorticoError as error:
        messages.error(request, error_message(error))
        return _to(found)
    messages.success(request, _("The draft is deleted."))
    return HttpResponseRedirect(reverse("customer_documents", args=[found.customer.public_id]) + f"?kind={found.kind}")


def _edit(request: HttpRequest, viewer: StaffViewer, template: Template) -> HttpResponse:
    if request.method != "POST":
        return _page(request, viewer, template, DocumentForm.of(template.base))
    do, count = request.POST.get("do", ""), _count(request)
    if do == "customer":
        return choose_another(request, viewer, template)
    if request.POST.get("chosen"):
        form = DocumentForm.again(template.base, request.POST, list(range(count)))
        return _page(request, viewer, template, form)
    if do == "add" or do.startswith("remove-"):
        kept = [index for index in range(count) if do != f"remove-{index}"]
        form = DocumentForm.again(template.base, request.POST, [*kept, -1] if do == "add" or not kept else kept)
        return _page(request, viewer, template, form)
    form = DocumentForm(template.base, count, data=request.POST)
    data = form.to_input(template.customer, draft=do != "issue") if form.is_valid() else None
    if do == "totals":
        preview = _preview(viewer, template.customer, data, form)
        return _page(
            request, viewer, template, DocumentForm.again(template.base, request.POST, list(range(count))), preview
        )
    if data is None:
        return _page(request, viewer, template, form, status=422)
    try:
        if do == "pdf":
            return _as_pdf(template, data)
        saved = save(viewer, template, data, request.POST, issues=do == "issue")
    except PorticoError as error:
        form.refuse(error)
        return _page(request, viewer, template, form, status=error.status, asks_again=error.code == "edited_meanwhile")
    words = _("%(number)s is issued.") if do == "issue" else _("The draft is saved.")
    messages.success(request, words % {"number": saved.number})
    return _to(saved)


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    template: Template,
    form: DocumentForm,
    preview: Preview | None = None,
    *,
    status: int = 200,
    asks_again: bool = False,
) -> HttpResponse:
    # The edition that what is typed goes back to: the present one for a first look, and once a newer one was told of.
    seen = "" if asks_again else request.POST.get("seen", "")
    context: dict[str, Any] = {
        "form": form,
        "template": template,
        "heading": template.heading(),
        "kind": kind_label(template.base.kind),
        "action": template.action,
        "back_url": template.back_url,
        "seen": seen or (template.draft.edition if template.draft else ""),
        "submission": request.POST.get("submission") or new_submission(),
        "preview": preview or _preview_of(viewer, template, form),
        "units": unit_choices(),
        "missing": warnings_before_writing(viewer.business, template.base.kind, reader_formatter()),
    }
    # htmx asks for the totals alone.
    part = "totals" if request.POST.get("do") == "totals" else ""
    return staff_answer(
        request, viewer, "dashboard/drafts/edit.html", context, nav="documents", status=status, part=part
    )


def _preview_of(viewer: StaffViewer, template: Template, form: DocumentForm) -> Preview:
    """Return what a document comes to that was written before, or that was sent."""
    if form.is_bound:
        data = form.to_input(template.customer, draft=True) if form.is_valid() else None
        return _preview(viewer, template.customer, data, form)
    return _preview(viewer, template.customer, template.base if template.base.lines else None, form)


def _preview(viewer: StaffViewer, customer: Customer, data: DocumentInput | None, form: DocumentForm) -> Preview:
    if data is None:
        wrong = [str(text) for line in form.lines for texts in line.errors.values() for text in texts]
        return Preview(None, wrong[0] if form.is_bound and wrong else "")
    try:
        return Preview(_sheet(customer, data, current_language()))
    except PorticoError as error:
        return Preview(None, refusal_message(error))


def _sheet(customer: Customer, data: DocumentInput, language: str, *, printed: bool = False) -> DocumentSheet:
    totals = checked_totals(customer.business, data)
    document = new_document(customer.business, customer, replace(data, draft=True), totals, data.number)
    return document_sheet(document, language, printed=printed, rows=new_lines(document, data, totals))


def _as_pdf(template: Template, data: DocumentInput) -> HttpResponse:
    """Send the document as its customer would get it, marked as a draft; nothing is kept."""
    customer = template.customer
    language = customer.language or customer.business.language or "en"
    content = preview_pdf(_sheet(customer, data, language, printed=True))
    return attachment(content, f"{kind_label(data.kind)} {data.number}".strip() + ".pdf", "application/pdf")


def _asked(request: HttpRequest) -> Mapping[str, str]:
    """What an address or a form begins with; who was chosen in place of the form's customer takes its place."""
    asked = (request.POST if request.method == "POST" else request.GET).dict()
    return {**asked, "customer": str(asked["chosen"])} if asked.get("chosen") else asked


def _count(request: HttpRequest) -> int:
    typed = request.POST.get("count", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1


def _to(found: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("document", args=[found.public_id]))
