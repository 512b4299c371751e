"""What a viewer may see of documents and files. Front ends get no rows but from here."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypedDict
from unicodedata import normalize
from uuid import UUID

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from portico.domain.access.viewer import ApiViewer, CustomerViewer, StaffViewer, Viewer
from portico.domain.customers.models import Customer
from portico.domain.documents.kinds import SPECS, kinds_of_sign, shown_kinds
from portico.domain.documents.models import (
    Decision,
    Document,
    Instalment,
    Kind,
    Lifecycle,
    Line,
    Listed,
    Status,
    WriteOff,
)
from portico.domain.files.models import File, Original, Purpose
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.lib.prepared import Given, Prepared, given_key

# As many rows as a long list reads at once.
_CHUNK = 2000

# Whose documents they are, in a query that is compiled once.
_BUSINESS, _CUSTOMER, _TARGET = given_key("business"), given_key("customer"), given_key("target")


def documents(viewer: Viewer) -> QuerySet[Document]:
    """The documents a viewer may see: the business's; in the portal the customer's own, issued, of a shown kind.

    A session that reaches one thing sees that document, or none.
    """
    if not isinstance(viewer, CustomerViewer):
        return Document.objects.filter(business=viewer.business)
    return _visible(_shown(viewer), **_keys(viewer))


def has_issued_invoices(viewer: Viewer) -> bool:
    """Tell whether a viewer's business, or a customer, has an invoice that counts or did."""
    return documents(viewer).filter(kind=Kind.INVOICE).exclude(lifecycle=Lifecycle.DRAFT).exists()


class _Shown(NamedTuple):
    """What shapes a customer's query: the kinds that are shown, and whether the session reaches the whole account."""

    kinds: tuple[Kind, ...]
    has_account: bool


class _Keys(TypedDict):
    """Whose documents they are; `target` is the only one that a session reaches which has not the whole account."""

    business: UUID
    customer: UUID
    target: UUID | None


def _visible(
    shown: _Shown,
    business: UUID | Given = _BUSINESS,
    customer: UUID | Given = _CUSTOMER,
    target: UUID | Given | None = _TARGET,
) -> QuerySet[Document]:
    """The documents a customer may see. Without keys the query is one to compile, which gets them when it is asked."""
    rows = Document.objects.filter(business=business, customer=customer, kind__in=shown.kinds)
    rows = rows.exclude(lifecycle=Lifecycle.DRAFT)
    return rows if shown.has_account else rows.filter(pk__in=[target])


def _shown(viewer: CustomerViewer) -> _Shown:
    return _Shown(tuple(shown_kinds(viewer.business)), viewer.has_account)


def _keys(viewer: CustomerViewer) -> _Keys:
    return {"business": viewer.business.id, "customer": viewer.customer.id, "target": viewer.session.target_id}


def document(viewer: Viewer, name: str, *kinds: Kind) -> Document:
    """Return the document with this public id or, for programs and staff, external id or number. Raises NotFound.

    It comes with its business and its customer.
    """
    key = parse_public_id(name, *kinds)
    if isinstance(viewer, CustomerViewer):
        found = _own_document(viewer, key, kinds) if key else None
    else:
        found = _named(documents(viewer).filter(kind__in=kinds).select_related("business", "customer"), key, name)
    if found is not None:
        # The same row as the document's: what asks the customer for its business reads it no second time.
        found.customer.business = found.business
    if found is None:
        raise NotFound(f"There is no {' or '.join(kind.label.lower() for kind in kinds)} {name}.")
    return found


_ONE = Prepared(lambda shown, kinds: _visible(shown).filter(kind__in=kinds, pk=given_key("key")))


def _own_document(viewer: CustomerViewer, key: UUID, kinds: tuple[Kind, ...]) -> Document | None:
    found = next(iter(_ONE(_shown(viewer), kinds, key=key, **_keys(viewer))), None)
    if found is not None:
        found.business, found.customer = viewer.business, viewer.customer
    return found


def _named(rows: QuerySet[Document], key: UUID | None, name: str) -> Document | None:
    found = rows.filter(pk=key).first() if key else None
    # No row holds the null character, and PostgreSQL refuses to look for it.
    if found is not None or not name or "\x00" in name:
        return found
    name = normalize("NFC", name)
    # Said as the partial indexes say it, or SQLite would not use them.
    called = rows.filter(external_id=name).exclude(external_id="")
    return (
        called.exclude(lifecycle=Lifecycle.VOIDED).first()
        or rows.filter(number=name).exclude(number="").first()
        or called.filter(lifecycle=Lifecycle.VOIDED).order_by("-id").first()
    )


_LINES = Prepared(lambda: Line.objects.filter(document=given_key("document")))


def lines(document: Document) -> list[Line]:
    """Return the lines of a document the viewer has fetched, in their order."""
    return _LINES(document=document.pk)


def decision_of(document: Document) -> Decision | None:
    """Return the decision on the present edition of an estimate the viewer has fetched, or None."""
    return decisions_of([document]).get(document.pk) if SPECS[document.kind].can_be_approved else None


def decisions_of(estimates: Sequence[Document]) -> dict[UUID, Decision]:
    """Return the decisions on the present editions of estimates that the viewer has fetched, by estimate."""
    editions = {row.pk: row.edition for row in estimates}
    rows = Decision.objects.filter(document__in=list(editions))
    return {row.document_id: row for row in rows if row.edition == editions[row.document_id]}


def invoices_of(viewer: Viewer, estimates: Sequence[Document]) -> dict[UUID, Document]:
    """Return the invoices that estimates became and that the viewer may see, by estimate."""
    rows = documents(viewer).filter(estimate__in=[row.pk for row in estimates])
    return {row.estimate_id: row for row in rows if row.estimate_id}


_WHOLE_LIST = Prepared(
    lambda shown, kind, order: _visible(shown).filter(kind=kind).order_by(*order).values_list(*Listed._fields)
)


def whole_list(viewer: CustomerViewer, kind: Kind, order: tuple[OrderBy, ...], window: slice) -> list[Listed]:
    """Return a window of all documents of a kind that a customer may see, in some order."""
    return [Listed._make(row) for row in _WHOLE_LIST(_shown(viewer), kind, order, window=window, **_keys(viewer))]


def listed(rows: QuerySet[Document]) -> list[Listed]:
    """Return documents as lists show them."""
    return [Listed._make(row) for row in rows.values_list(*Listed._fields)]


def each_listed(rows: QuerySet[Document]) -> Iterator[Listed]:
    """Yield documents as lists show them, read from the database as they are taken."""
    return map(Listed._make, rows.values_list(*Listed._fields).iterator(chunk_size=_CHUNK))


def of_status(rows: QuerySet[Document], status: Status, today: date) -> QuerySet[Document]:
    """Narrow documents of one kind to those that `Document.status(today)` calls `status`."""
    return rows.filter(_CONDITIONS[status](today))


def of_statuses(rows: QuerySet[Document], statuses: Sequence[Status], today: date) -> QuerySet[Document]:
    """Narrow documents of one kind to those that `Document.status(today)` calls one of `statuses`."""
    condition = Q(pk__in=[])
    for status in statuses:
        condition |= _CONDITIONS[status](today)
    return rows.filter(condition)


_INVOICE = Q(kind__in=kinds_of_sign(1), lifecycle=Lifecycle.ISSUED)
_CREDIT_NOTE = Q(kind__in=kinds_of_sign(-1), lifecycle=Lifecycle.ISSUED)
_OFFER = Q(kind__in=kinds_of_sign(0), lifecycle=Lifecycle.ISSUED)


def late(today: date) -> Q:
    """Return the condition that something is owed on documents, and past due: itself, or an instalment of its plan."""
    by_plan = Q(instalment_due_on__lt=today)
    return Q(open_amount__gt=0) & (by_plan | Q(instalment_due_on=None, due_on__lt=today))


def past_due_amount(today: date) -> Case:
    """Return the expression of how much of documents that are `late` is past due, in minor units.

    By a payment plan that is what was to be paid before today: all that is open but what is left after that.
    """
    before = Instalment.objects.filter(plan__document=OuterRef("pk"), plan__ended_at=None, due_on__lt=today)
    left = Subquery(before.order_by("open_after").values("open_after")[:1])
    missed = F("open_amount") - Coalesce(left, F("open_amount"))
    return Case(When(instalment_due_on=None, then=F("open_amount")), default=missed, output_field=BigIntegerField())


def _expired(today: date) -> Q:
    return Q(kind__in=[kind for kind, spec in SPECS.items() if spec.can_expire], expires_on__lt=today)


def _standing(today: date) -> Q:
    """Issued and not past due, with money open: the invoice states between issued and paid."""
    return _INVOICE & ~Q(open_amount=0) & ~late(today)


def _untouched(today: date) -> Q:
    return (_standing(today) & Q(open_amount=F("payable"))) | (_OFFER & ~_expired(today))


_CONDITIONS: dict[Status, Callable[[date], Q]] = {
    Status.DRAFT: lambda _: Q(lifecycle=Lifecycle.DRAFT),
    Status.VOIDED: lambda _: Q(lifecycle=Lifecycle.VOIDED),
    Status.APPROVED: lambda _: Q(lifecycle=Lifecycle.APPROVED),
    Status.DECLINED: lambda _: Q(lifecycle=Lifecycle.DECLINED),
    Status.INVOICED: lambda _: Q(lifecycle=Lifecycle.INVOICED),
    Status.EXPIRED: lambda today: _OFFER & _expired(today),
    Status.OPEN: lambda _: _CREDIT_NOTE & ~Q(open_amount=0),
    Status.USED: lambda _: _CREDIT_NOTE & Q(open_amount=0),
    Status.PAID: lambda _: _INVOICE & Q(open_amount=0, written_off=0),
    Status.WRITTEN_OFF: lambda _: _INVOICE & Q(open_amount=0) & ~Q(written_off=0),
    Status.PAST_DUE: lambda today: _INVOICE & late(today),
    Status.PARTIALLY_PAID: lambda today: _standing(today) & ~Q(open_amount=F("payable")),
    Status.VIEWED: lambda today: _untouched(today) & Q(first_viewed_at__isnull=False),
    Status.ISSUED: lambda today: _untouched(today) & Q(first_viewed_at=None),
}


def reads_paid() -> Q:
    """The invoices that customers read as paid: among them those that were written off without telling them."""
    return _INVOICE & Q(open_amount=0) & (Q(written_off=0) | Q(write_off_hidden=True))


def reads_written_off() -> Q:
    """The invoices that customers read as written off."""
    return _INVOICE & Q(open_amount=0, write_off_hidden=False) & ~Q(written_off=0)


def write_offs_of(document: Document) -> list[WriteOff]:
    """Return what is written off a document that the viewer has fetched, small differences and bank fees too."""
    return list(WriteOff.objects.filter(document=document, reversed_on=None).order_by("id"))


def outstanding(viewer: Viewer) -> QuerySet[Document]:
    """The invoices a viewer may see on which something is owed, the longest due first."""
    return (
        documents(viewer)
        .filter(_INVOICE, open_amount__gt=0)
        # Said as the partial index says it, or SQLite would not use it.
        .exclude(open_amount=0)
        .order_by(F("due_on").asc(nulls_last=True), "issued_on", "id")
    )


def payable(viewer: Viewer) -> QuerySet[Document]:
    """The invoices a viewer may see that money can still come for: owed ones, and those that were written off."""
    return documents(viewer).filter(Q(open_amount__gt=0) | Q(written_off__gt=0), kind=Kind.INVOICE, lifecycle="issued")


def files(viewer: Viewer) -> QuerySet[File]:
    """The files a viewer may see, newest first; in the portal what is shown of the customer's own and its documents'.

    A PDF that is a document itself is had where the document is.
    """
    rows = File.objects.filter(business=viewer.business).order_by("-id")
    if not isinstance(viewer, CustomerViewer):
        return rows
    visible = Exists(documents(viewer).filter(pk=OuterRef("subject_id")))
    own = Q(subject_kind="customer") if viewer.has_account else Q(pk__in=[])
    return rows.filter(customer=viewer.customer, **_SHOWN_FILES).filter(own | visible)


_SHOWN_FILES = {"visible": True, "purpose": Purpose.ATTACHMENT}
_ATTACHED = Prepared(
    lambda: File.objects.filter(business=_BUSINESS, subject_id=given_key("subject"), visible=True).order_by("-id")
)


def attached(document: Document) -> list[File]:
    """Return what a document's customer sees with it, newest first, also the PDF that is the document itself.

    The viewer has fetched the document.
    """
    return _ATTACHED(business=document.business_id, subject=document.pk)


def attachments_named(document: Document, names: Collection[str]) -> list[File]:
    """Return those of a document's attachments with these public ids; the viewer has fetched the document."""
    rows = attached(document) if names else []
    return [file for file in rows if file.purpose == Purpose.ATTACHMENT and file.public_id in names]


def own_pdfs_of(customer: Customer) -> QuerySet[File]:
    """The PDFs that are a customer's documents themselves, made by the business elsewhere."""
    return File.objects.filter(customer=customer, purpose=Purpose.DOCUMENT_PDF)


def own_pdf(document: Document) -> File | None:
    """Return the business's own PDF of a document that the viewer has fetched, or None where it is drawn here."""
    return own_pdfs([document]).get(document.pk)


def own_pdfs(documents: Sequence[Document]) -> dict[UUID, File]:
    """Return the business's own PDFs of documents that the viewer has fetched, by document."""
    rows = File.objects.filter(subject_id__in=[row.pk for row in documents], purpose=Purpose.DOCUMENT_PDF)
    return {row.subject_id: row for row in rows}


def attachments_of(viewer: StaffViewer | ApiViewer, keys: Sequence[UUID]) -> dict[UUID, list[File]]:
    """Return the files of documents that the viewer has fetched, by document, the oldest first."""
    found: dict[UUID, list[File]] = {}
    for file in File.objects.filter(business=viewer.business, subject_id__in=keys).order_by("id"):
        found.setdefault(file.subject_id, []).append(file)
    return found


def originals_of(document: Document) -> list[Original]:
    """Return what a document was imported from, and its attachments that were kept aside; for staff and programs."""
    return list(Original.objects.filter(business=document.business_id, subject_id=document.pk).order_by("id"))


def originals(viewer: StaffViewer | ApiViewer) -> QuerySet[Original]:
    """Return what documents were imported from, and what was kept aside of it."""
    return Original.objects.filter(business=viewer.business)


def original(viewer: StaffViewer | ApiViewer, name: str) -> Original:
    """Return the original with this public id. Raises NotFound."""
    key = parse_public_id(name, "original")
    found = originals(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no original {name}.")
    return found


def file(viewer: Viewer, name: str) -> File:
    """Return the file with this public id. Raises NotFound."""
    key = parse_public_id(name, "file")
    found = files(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no file {name}.")
    return found


def documents_named(business_id: UUID, kind: str, **name: str) -> QuerySet[Document]:
    """Return the documents of a kind with this `number` or `external_id`; a voided one has given its external id up."""
    # Said as the partial unique indexes say it, or SQLite would not use them.
    empty = dict.fromkeys(name, "")
    rows = Document.objects.filter(business_id=business_id, kind=kind, **name).exclude(**empty)
    return rows.exclude(lifecycle=Lifecycle.VOIDED) if "external_id" in name else rows
