from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from portico.domain.access.models import Grant
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply_open_credits import apply_open_credits
from portico.domain.documents.actions.issue import put_on_ledger
from portico.domain.documents.actions.link import first_link
from portico.domain.documents.actions.number import next_number
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.errors import NumberTaken
from portico.domain.documents.events import DRAFTED, ISSUED
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Kind, Lifecycle, Line
from portico.domain.documents.parties import buyer_snapshot, seller_snapshot
from portico.domain.documents.queries import documents_named
from portico.domain.documents.totals import Discount, LineInput, Totals, compute
from portico.domain.ledger.actions.lock import lock_account
from portico.lib.errors import FieldError, Invalid
from portico.lib.money import exponent


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """A document as somebody writes it. Dates are civil dates of the business; `tax_rate` is in percent."""

    kind: Kind
    currency: str
    issued_on: date
    lines: list[LineInput]
    due_on: date | None = None
    expires_on: date | None = None
    number: str = ""
    external_id: str = ""
    title: str = ""
    notes: str = ""
    terms: str = ""
    buyer_reference: str = ""
    purchase_order: str = ""
    discount: Discount | None = None
    tax_rate: Decimal | None = None
    prices_include_tax: bool = False
    deposit: Deposit | None = None
    disabled_methods: tuple[str, ...] = ()
    draft: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A document that was just written, its lines, and the link to it if its customer may see it."""

    document: Document
    lines: list[Line]
    link: Grant | None


def create_document(business: Business, customer: Customer, data: DocumentInput, *, by: Actor) -> Document:
    """Write a document, its lines and totals, and issue it unless it is a draft.

    Raises NumberTaken for a number or external id in use, Invalid (with places) for input that makes no document.
    """
    return _checked(business, customer, data, by, with_link=False).document


def create_with_link(business: Business, customer: Customer, data: DocumentInput, *, by: Actor) -> Written:
    """Write a document as `create_document` does, and the link to it in the same transaction."""
    return _checked(business, customer, data, by, with_link=True)


def _checked(business: Business, customer: Customer, data: DocumentInput, by: Actor, *, with_link: bool) -> Written:
    totals = checked_totals(data)
    try:
        return _create(business, customer, data, totals, by, with_link)
    except IntegrityError:
        # Somebody was faster: with this number, which is refused now, or with the one that was ours to give.
        return _create(business, customer, data, totals, by, with_link)


def checked_totals(data: DocumentInput) -> Totals:  # reads: an edit computes them, too
    """Return what a document comes to. Raises Invalid, with places, for input that makes no document."""
    _check(data)
    totals = compute(
        data.lines,
        data.currency,
        discount=data.discount,
        tax_rate=data.tax_rate,
        prices_include_tax=data.prices_include_tax,
    )
    if data.deposit:
        check_deposit(data.kind, data.deposit, totals.total)
    return totals


def check_deposit(kind: str, deposit: Deposit, total: int) -> None:  # reads: an edit asks it, too
    """Raise Invalid for a deposit that can't be asked for on a document of a kind and total."""
    message = ""
    if not SPECS[kind].can_be_approved:
        message = "Only an estimate asks for a deposit."
    elif not 0 < deposit.of(total) <= total:
        message = "A deposit is more than zero and no more than the total."
    if message:
        raise Invalid(message, code="invalid_deposit", fields=[FieldError("/deposit", message)])


@transaction.atomic
def _create(
    business: Business, customer: Customer, data: DocumentInput, totals: Totals, by: Actor, with_link: bool
) -> Written:
    counts = bool(SPECS[data.kind].sign) and not data.draft
    account = lock_account(business.id, customer.pk, data.currency) if counts else None
    _refuse_taken(business.id, data.kind, number=data.number, external_id=data.external_id)
    number = data.number
    if not number and not data.draft:
        number = next_number(business.id, data.kind, SPECS[data.kind].number_prefix)
    document = new_document(business, customer, data, totals, number)
    document.save(force_insert=True)
    lines = Line.objects.bulk_create(new_lines(document, data, totals))
    if account is not None:
        put_on_ledger(account, document)
    link = first_link(document, by=by) if with_link else None
    record(
        (DRAFTED if data.draft else ISSUED)[data.kind],
        document,
        by=by,
        data={"number": number, "currency": data.currency, "total": totals.total}
        | ({"link": link.public_id} if link else {}),
    )
    if account is not None:
        apply_open_credits(account, document)
    return Written(document, lines, link)


def new_document(  # reads: its caller saves it
    business: Business, customer: Customer, data: DocumentInput, totals: Totals, number: str
) -> Document:
    """Return the document's own row, not saved yet."""
    return Document(
        business=business,
        customer=customer,
        kind=data.kind,
        number=number,
        external_id=data.external_id,
        lifecycle=Lifecycle.DRAFT if data.draft else Lifecycle.ISSUED,
        title=data.title,
        disabled_methods=list(data.disabled_methods),
        issued_on=data.issued_on,
        due_on=data.due_on,
        expires_on=data.expires_on,
        currency=data.currency,
        prices_include_tax=data.prices_include_tax,
        subtotal=totals.subtotal,
        discount_total=totals.line_discount + totals.document_discount,
        tax_total=totals.tax,
        total=totals.total,
        payable=totals.total,
        deposit_amount=data.deposit.amount if data.deposit else None,
        deposit_percent=data.deposit.percent if data.deposit else None,
        open_amount=0 if data.draft or not SPECS[data.kind].sign else totals.total,
        notes=data.notes,
        terms=data.terms,
        buyer_reference=data.buyer_reference,
        purchase_order=data.purchase_order,
        seller=seller_snapshot(business),
        buyer=buyer_snapshot(customer),
        breakdown=_breakdown(totals),
        allowances=_allowances(data, totals),
        source=data.source,
    )


def _check(data: DocumentInput) -> None:
    exponent(data.currency)
    fields = []
    if not data.lines:
        fields.append(FieldError("/lines", "A document needs at least one line."))
    if data.due_on is not None and data.due_on < data.issued_on:
        fields.append(FieldError("/due_on", "The due date is before the issue date."))
    if data.expires_on is not None and data.expires_on < data.issued_on:
        fields.append(FieldError("/expires_on", "The expiry is before the issue date."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)


def new_lines(  # reads: its caller saves them
    document: Document, data: DocumentInput, totals: Totals
) -> list[Line]:
    """Return the rows of a document's lines, not saved yet."""
    return [
        Line(
            document=document,
            position=position,
            description=line.description,
            details=line.details,
            item_number=line.item_number,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            gross=worked.gross,
            discount=worked.discount,
            amount=worked.amount,
            tax_rate=line.tax_rate,
            tax=worked.tax,
        )
        for position, (line, worked) in enumerate(zip(data.lines, totals.lines, strict=True), start=1)
    ]


def _breakdown(totals: Totals) -> list[dict[str, Any]]:
    return [{"rate": f"{share.rate:f}", "taxable": share.taxable, "tax": share.tax} for share in totals.taxes]


def _allowances(data: DocumentInput, totals: Totals) -> list[dict[str, Any]]:
    if not totals.document_discount:
        return []
    rate = data.discount.percent if data.discount else None
    return [
        {
            "charge": False,
            "amount": totals.document_discount,
            "reason": "",
            "rate": None if rate is None else f"{rate:f}",
        }
    ]


def _refuse_taken(business_id: UUID, kind: str, *, number: str = "", external_id: str = "") -> None:
    """Raise NumberTaken, naming the other document, when a number or external id is already used for the kind."""
    for field, value in (("number", number), ("external_id", external_id)):
        other = value and documents_named(business_id, kind, **{field: value}).first()
        if other:
            raise NumberTaken(
                f"{value} already stands for {other.public_id}, issued on {other.issued_on}.",
                fields=[FieldError(f"/{field}", f"Already used by {other.public_id}.")],
            )
