"""A document as a program writes it."""

from datetime import date
from typing import Annotated

from pydantic import Field

from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.models import Kind
from portico.domain.documents.tax_categories import TAX_CATEGORIES
from portico.domain.documents.totals import LineInput
from portico.lib.errors import FieldError, Invalid
from portico.web.api.v1.document_parts import (
    DeliveryIn,
    NotesField,
    ReferenceIn,
    delivery_input,
    notes_input,
    reference_input,
)
from portico.web.api.v1.fields import (
    MAX_LINES,
    Currency,
    Day,
    DecimalText,
    DiscountField,
    Flag,
    Input,
    Label,
    Line,
    Name,
    OneOf,
    Passage,
    Percent,
    Reference,
    Said,
    Text,
)


class LineIn(Input):
    """A line of a document. `amount = quantity × unit_price`, rounded, less the discount."""

    description: Annotated[Said, Field(max_length=5000)]
    quantity: Annotated[DecimalText, Field(examples=["8"])]
    unit_price: Annotated[DecimalText, Field(description="In major units of the currency", examples=["51.50"])]
    discount: DiscountField | None = None
    tax_rate: Annotated[Percent | None, Field(description="In percent: 19.5 % is 19.5", examples=["19.5"])] = None
    details: Passage | None = None
    item_number: Annotated[Line, Field(max_length=120)] | None = None
    unit: Annotated[Line, Field(max_length=20)] | None = None
    tax_category: Annotated[
        Annotated[Text, OneOf(TAX_CATEGORIES)] | None,
        Field(description="By UNCL 5305: S standard, Z zero, E exempt, AE reverse charge, K, G, O, L, M"),
    ] = None
    tax_exemption_reason: Annotated[
        Annotated[Text, Field(max_length=1000)] | None, Field(description="Why nothing is taxed; needed for E")
    ] = None
    tax_exemption_code: Annotated[
        Annotated[Line, Field(max_length=30)] | None, Field(description="The same as a code", examples=["VATEX-EU-AE"])
    ] = None
    period_start: Day | None = None
    period_end: Day | None = None


class DocumentFields(Input):
    """What every document may say."""

    number: Annotated[
        Annotated[Label, Field(max_length=100)] | None, Field(description="Given by Portico when left out")
    ] = None
    external_id: Annotated[
        Annotated[Label, Field(max_length=255)] | None,
        Field(
            description="Your own id; unique among its kind, and what the document is found by when it is sent again"
        ),
    ] = None
    discount: Annotated[DiscountField | None, Field(description="Off what the lines leave")] = None
    tax_rate: Annotated[Percent | None, Field(description="On what the document's discount leaves")] = None
    prices_include_tax: Flag = False
    title: Name | None = None
    notes: NotesField | None = None
    terms: Annotated[Passage | None, Field(description="Terms of payment; on an estimate, those of the offer")] = None
    purchase_order: Annotated[Reference | None, Field(description="The number of the customer's order")] = None
    buyer_reference: Annotated[
        Reference | None, Field(description="What the customer wants to read, such as a Leitweg-ID")
    ] = None
    contract_reference: Reference | None = None
    project_reference: Reference | None = None
    references: Annotated[list[ReferenceIn], Field(max_length=100, description="Other documents it refers to")] = []
    delivered_on: Annotated[Day | None, Field(description="The day of the supply")] = None
    delivered_to: DeliveryIn | None = None
    period_start: Annotated[Day | None, Field(description="First day of the period of the service")] = None
    period_end: Day | None = None


class DocumentIn(DocumentFields):
    """A document as a program writes it."""

    customer: Annotated[Reference, Field(description="Id or external id of the customer", examples=["acme"])]
    issued_on: Day
    currency: Currency
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MAX_LINES)]
    draft: Annotated[Flag, Field(description="A draft has no number, shows to nobody and owes nothing")] = False


class DocumentPatch(DocumentFields):
    """What changes of a draft. Fields that are left out stay as they are; null or "" empties them.

    `lines` and `references` replace what was.
    """

    customer: Reference | None = None
    issued_on: Day | None = None
    currency: Currency | None = None
    lines: Annotated[list[LineIn] | None, Field(min_length=1, max_length=MAX_LINES)] = None


# What a document has always, so that nothing empties it.
_NEEDED = ("customer", "issued_on", "currency", "lines", "prices_include_tax", "references")


def refuse_emptied(body: DocumentPatch) -> None:
    """Raise Invalid where a change would take away what a document needs."""
    empty = [name for name in _NEEDED if name in body.model_fields_set and getattr(body, name) is None]
    if empty:
        raise Invalid("This can't be empty.", fields=[FieldError(f"/{name}", "This can't be empty.") for name in empty])


def document_input(kind: Kind, body: DocumentIn | DocumentPatch, due_on: date | None = None) -> DocumentInput:
    """Return what the domain needs of a body; of a change, only the fields it names mean something."""
    return DocumentInput(
        kind=kind,
        currency=body.currency or "",
        issued_on=body.issued_on or date.min,
        due_on=due_on,
        lines=[_line_input(line) for line in body.lines or ()],
        number=body.number or "",
        external_id=body.external_id or "",
        title=body.title or "",
        **notes_input(body.notes),
        terms=body.terms or "",
        buyer_reference=body.buyer_reference or "",
        purchase_order=body.purchase_order or "",
        contract_reference=body.contract_reference or "",
        project_reference=body.project_reference or "",
        references=tuple(reference_input(reference) for reference in body.references),
        delivered_on=body.delivered_on,
        delivered_to=delivery_input(body.delivered_to),
        period_start=body.period_start,
        period_end=body.period_end,
        discount=body.discount,
        tax_rate=body.tax_rate,
        prices_include_tax=body.prices_include_tax,
        draft=isinstance(body, DocumentPatch) or body.draft,
        source="api",
    )


def _line_input(line: LineIn) -> LineInput:
    return LineInput(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        tax_rate=line.tax_rate,
        details=line.details or "",
        unit=line.unit or "",
        item_number=line.item_number or "",
        tax_category=line.tax_category or "",
        exemption_reason=line.tax_exemption_reason or "",
        exemption_code=line.tax_exemption_code or "",
        period_start=line.period_start,
        period_end=line.period_end,
    )
