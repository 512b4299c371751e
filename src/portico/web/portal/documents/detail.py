"""The page of an invoice, estimate, credit note or sales order: the sheet, and beside it where it stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.conversations.queries import files_said_about
from portico.domain.documents import queries
from portico.domain.documents.actions.view import mark_viewed
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Kind, Lifecycle, Status
from portico.domain.files.models import File, Purpose
from portico.domain.ledger.queries import allocations_of
from portico.domain.payments.deposits import deposit_due
from portico.lib.clock import local_date
from portico.lib.ids import Ref
from portico.lib.l10n import Formatter
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.pdf_files import document_filename, document_pdf
from portico.output.pdf.sheets import DocumentSheet, Fact
from portico.web.portal.core.allocations import customer_allocations
from portico.web.portal.core.bank_boxes import BankBox, bank_boxes, takes_deposits
from portico.web.portal.core.collected import collection_message, to_be_collected
from portico.web.portal.core.conversation import CustomerCommentForm, conversation_view
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.existing import existing
from portico.web.portal.core.file_list import customer_files
from portico.web.portal.core.gate import DOCUMENTS, portal_page
from portico.web.portal.core.kind_urls import list_url, shown_item_url
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.payable import UnderWay, can_pay, pay_url, payments_under_way, under_way_notice
from portico.web.portal.core.planned import PlannedInvoice, planned
from portico.web.portal.core.promised import Promised, promised
from portico.web.portal.core.staff_browser import is_staff_browser
from portico.web.portal.core.urls import item_url
from portico.web.portal.documents.decision_forms import ApproveForm, DeclineForm
from portico.web.shared.allocations import AllocationRow, allocations_heading
from portico.web.shared.download import attachment
from portico.web.shared.files import FileRow
from portico.web.shared.original_pages import OriginalView, original_page, original_view
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, document_tag, due_label


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document this one refers to; `url` is empty when it can't be opened here."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an open estimate asks its customer: to approve the `edition` with its terms, or to decline it."""

    edition: int
    terms: str
    deposit: str
    pays: bool
    approve_url: str
    decline_url: str


@dataclass(frozen=True, slots=True)
class DepositView:
    """The deposit of an approved estimate: in words, and where it is paid with what that button says."""

    words: str
    is_due: bool
    pay_url: str = ""
    pay_label: str = ""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What the page shows: the sheet as it is printed, or the original's pages, and the column beside it."""

    sheet: DocumentSheet
    back_url: str
    seen_url: str
    pdf_url: str
    own_pdf: bool
    original: OriginalView
    amount_label: str
    amount: str
    tag: Tag
    due: str
    callout: str
    owed: bool
    pay_url: str
    under_way: UnderWay | None
    collected: str
    promised: Promised | None
    plan: PlannedInvoice | None
    banks: list[BankBox]
    applied_heading: str
    applied: list[AllocationRow]
    files: list[FileRow]
    related: list[Reference]
    asked: Asked | None = None
    deposit: DepositView | None = None


@portal_page(opens=DOCUMENTS)
@revalidated
def document(request: HttpRequest, viewer: CustomerViewer, name: str, kind: Kind) -> HttpResponse:
    """Show a document. Looking at it changes nothing: that it was seen is told by `viewed`."""
    return document_page(request, viewer, queries.document(viewer, name, kind))


def document_page(
    request: HttpRequest,
    viewer: CustomerViewer,
    row: Document,
    *,
    approve_form: ApproveForm | None = None,
    decline_form: DeclineForm | None = None,
    comment_form: CustomerCommentForm | None = None,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with a document's page; `alert` says on top why what was sent was refused, the forms keep it."""
    doc = _view(viewer, row)
    context = {
        "doc": doc,
        "alert": alert,
        "approve_form": approve_form or ApproveForm(auto_id="approve_%s"),
        "decline_form": decline_form or DeclineForm(auto_id="decline_%s"),
        "thread": conversation_view(viewer, row, comment_form),
    }
    answer = customer_page(
        request,
        viewer,
        "portal/documents/detail.html",
        context,
        nav="activity",
        status=status,
        # Where an estimate is approved, its customer agrees to pay.
        guarded=doc.asked is not None,
    )
    if not doc.original.settled:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@portal_page(opens=DOCUMENTS)
def document_as_pdf(request: HttpRequest, viewer: CustomerViewer, name: str, kind: Kind) -> HttpResponse:
    """Send a document as PDF; with `?page=1` the picture of a page of the business's own."""
    row = queries.document(viewer, name, kind)
    return original_page(request, row) or _pdf(row)


def linked_document(request: HttpRequest, viewer: CustomerViewer, target: Ref) -> HttpResponse:
    """Return the PDF of the document that a link opens. Raises NotFound."""
    return _pdf(queries.document(viewer, target.public_id, Kind(target.kind)))


def _pdf(row: Document) -> HttpResponse:
    return attachment(document_pdf(row, reader_formatter().language), document_filename(row), "application/pdf")


@portal_page(methods=["POST"], opens=DOCUMENTS)
def viewed(request: HttpRequest, viewer: CustomerViewer, name: str, kind: Kind) -> HttpResponse:
    """Note that somebody had the document on their screen. Only the first time counts, and staff never do."""
    row = queries.document(viewer, name, kind)
    if not is_staff_browser(request, viewer.business):
        mark_viewed(row, by=viewer.actor)
    return HttpResponse(status=204)


def _view(viewer: CustomerViewer, row: Document) -> DocumentView:
    fmt, today = reader_formatter(), viewer.business.today()
    status = row.status(today)
    # What was read of the business for the page is not read again for the sheet.
    row.business, row.customer = viewer.business, viewer.customer
    allocations = allocations_of(row.pk) if row.sign else []
    sheet = document_sheet(row, fmt.language, printed=False, allocations=allocations)
    asks = row.is_owed or row.lifecycle == Lifecycle.APPROVED
    started = payments_under_way(viewer).get(row.pk) if asks else None
    collected = to_be_collected(viewer).get(row.pk) if row.is_owed and not started else None
    beside, pdf_url = _files(viewer, row), item_url(f"{row.kind}_pdf", row.public_id)
    own = next((file for file in beside if file.purpose == Purpose.DOCUMENT_PDF), None)
    headline = sheet.headline or Fact(_("Total"), fmt.money(row.total, row.currency))
    return DocumentView(
        sheet=sheet,
        back_url=list_url(row.kind),
        seen_url=item_url(f"{row.kind}_viewed", row.public_id) if row.first_viewed_at is None else "",
        pdf_url=pdf_url,
        own_pdf=own is not None,
        original=original_view(own, pdf_url, fmt),
        amount_label=headline.label,
        amount=headline.value,
        tag=document_tag(row, today, under_way=started is not None),
        due=_due(row, sheet, status, today, fmt),
        callout=_callout(row, status, fmt) or _decision_message(row, fmt) or _next_step(viewer, row, status, today),
        owed=row.is_owed,
        pay_url=pay_url([row.public_id]) if row.is_owed and not started and can_pay(viewer) else "",
        under_way=under_way_notice(started, fmt, opens=viewer.has_account) if started else None,
        collected=collection_message(collected, today, fmt) if collected else "",
        promised=promised(viewer, row, fmt),
        plan=planned(viewer, row, fmt) if row.is_owed else None,
        banks=bank_boxes(viewer, [row], numbered=False) if row.is_owed else [],
        applied_heading=allocations_heading(row.sign),
        applied=customer_allocations(row.id, allocations, row.currency, viewer, fmt),
        files=customer_files([file for file in beside if file.purpose == Purpose.ATTACHMENT], viewer.business, fmt),
        related=_related(viewer, row),
        asked=_asked(viewer, row, status, fmt),
        deposit=_deposit(viewer, row, fmt, under_way=started is not None),
    )


def _files(viewer: CustomerViewer, row: Document) -> list[File]:
    """Return the document's files; those of messages stand in the conversation, as long as that is shown."""
    if not (existing(viewer).files or existing(viewer).own_pdfs):
        return []
    said = [] if viewer.business.allow_messages else files_said_about(viewer, row)
    return [*queries.attached(row), *said]


def _asked(viewer: CustomerViewer, row: Document, status: Status, fmt: Formatter) -> Asked | None:
    if not SPECS[row.kind].can_be_approved or status not in {Status.ISSUED, Status.VIEWED}:
        return None
    return Asked(
        edition=row.edition,
        terms=row.terms,
        deposit=fmt.money(row.deposit, row.currency) if row.deposit else "",
        pays=bool(row.deposit) and takes_deposits(viewer, row.currency),
        approve_url=item_url("approve_estimate", row.public_id),
        decline_url=item_url("decline_estimate", row.public_id),
    )


def _deposit(viewer: CustomerViewer, row: Document, fmt: Formatter, *, under_way: bool) -> DepositView | None:
    """Say what an approved estimate still asks for in advance, or that it is paid."""
    if row.lifecycle != Lifecycle.APPROVED or not row.deposit:
        return None
    due = deposit_due(row)
    amount = {"amount": fmt.money(due or row.deposit, row.currency)}
    if due == 0:
        return DepositView(_("The deposit of %(amount)s is paid. It is taken off the invoice.") % amount, is_due=False)
    if under_way or not takes_deposits(viewer, row.currency):
        return DepositView(_("Approved; a deposit of %(amount)s is still due.") % amount, is_due=True)
    return DepositView(
        _("Approved; a deposit of %(amount)s is still due.") % amount,
        is_due=True,
        pay_url=pay_url(estimate=row.public_id),
        pay_label=_("Pay deposit %(amount)s") % amount,
    )


def _decision_message(row: Document, fmt: Formatter) -> str:
    """Say who decided on the estimate, and when."""
    decision = queries.decision_of(row)
    if decision is None:
        return ""
    values = {"date": fmt.date(local_date(decision.at, row.business.time_zone)), "name": decision.name}
    if decision.outcome == Lifecycle.APPROVED:
        return _("Approved on %(date)s by %(name)s.") % values
    words = _("Declined on %(date)s by %(name)s.") % values
    return f"{words} {decision.note}".rstrip()


def _due(row: Document, sheet: DocumentSheet, status: Status, today: date, fmt: Formatter) -> str:
    if row.is_owed:
        return due_label(row.deadline, today, fmt) if row.deadline is not None and row.deadline != today else ""
    if row.sign > 0:
        return sheet.headline_note
    if SPECS[row.kind].can_expire and row.expires_on is not None and status in {Status.ISSUED, Status.VIEWED}:
        return _("valid until %(date)s") % {"date": fmt.date(row.expires_on)}
    return ""


def _callout(row: Document, status: Status, fmt: Formatter) -> str:
    if row.lifecycle == Lifecycle.VOIDED and row.voided_on is not None:
        return _("Voided on %(date)s. It no longer counts.") % {"date": fmt.date(row.voided_on)}
    if status == Status.EXPIRED:
        return _("This estimate has expired. Ask for a fresh one if you still need it.")
    if status == Status.WRITTEN_OFF and not row.reads_settled:
        amount = fmt.money(row.written_off, row.currency)
        return _("%(amount)s of this invoice is no longer expected.") % {"amount": amount}
    return ""


def _next_step(viewer: CustomerViewer, row: Document, status: Status, today: date) -> str:
    """Say what becomes of a credit that is left and of a sales order: neither asks its customer for anything."""
    if status in SPECS[row.kind].decisions.get(Lifecycle.INVOICED, ()):
        return _("There is nothing to pay yet: the invoice follows.")
    if status != Status.OPEN or row.issued_on > today:
        return ""
    if viewer.business.apply_credits_to_new_invoices:
        return _("What is left of it is taken off your next invoice.")
    if viewer.business.allow_credits and can_pay(viewer):
        return _("You can use what is left of it when you pay an invoice.")
    return _("What is left of it is yours: tell us which invoice it is for, or that you want it back.")


def _related(viewer: CustomerViewer, row: Document) -> list[Reference]:
    """Find the documents this one names that the viewer may open; other references stand on the sheet."""
    numbers = [str(reference.get("value") or "") for reference in row.references]
    numbers = [number for number in numbers if number]
    invoiced = row.lifecycle == Lifecycle.INVOICED
    if not numbers and not invoiced:
        return []
    known = queries.documents(viewer).filter(Q(number__in=numbers) | Q(estimate=row.pk)).exclude(pk=row.pk)
    return [
        Reference(other.number, shown_item_url(other.kind, other.id, viewer.business))
        for other in known.only("id", "kind", "number").order_by("number")
    ]
