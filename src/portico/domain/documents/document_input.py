"""A document as staff or a program write it, and what makes it one that can be kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize
from uuid import UUID

from portico.domain.businesses.models import Business
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.kinds import SPECS, Kind
from portico.domain.documents.models import Document
from portico.domain.documents.tax_categories import EXEMPTION_CODE, TAX_CATEGORIES, TAXED, UNTAXED, WITH_REASON
from portico.domain.documents.totals import Discount, LineInput, Totals, compute
from portico.lib.days import DAYS, FIRST_DAY, LAST_DAY
from portico.lib.errors import FieldError, Invalid
from portico.lib.money import exponent

# Other documents that a new one may refer to, by the words of `output.wording.references`.
PRECEDING = "preceding_invoice"
WRITTEN_REFERENCES = (
    PRECEDING, "sales_order", "despatch", "receipt", "tender", "invoiced_object", "accounting", "document",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteInput:
    """One of several notes; `subject` is a code of UNTDID 4451 such as `REG`, or ""."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """A document as somebody writes it. Dates are civil dates of the business; `tax_rate` is in percent.

    `key` is what the row is called when something that is sent twice shall be written once.
    `terms` are those of the payment, on an estimate those of the offer. Several notes stand in `note_list`, a single
    one in `notes`. `references` are other documents, of a kind in `WRITTEN_REFERENCES`: `kind`, `value` and, where
    they are known, `issued_on`, `scheme`, `description` and `url`.
    """

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
    note_list: tuple[NoteInput, ...] = ()
    terms: str = ""
    buyer_reference: str = ""
    purchase_order: str = ""
    contract_reference: str = ""
    project_reference: str = ""
    references: tuple[dict[str, Any], ...] = ()
    delivered_on: date | None = None
    delivered_to: dict[str, str] = field(default_factory=dict)
    period_start: date | None = None
    period_end: date | None = None
    discount: Discount | None = None
    tax_rate: Decimal | None = None
    prices_include_tax: bool = False
    deposit: Deposit | None = None
    disabled_methods: tuple[str, ...] = ()
    draft: bool = False
    source: str = ""
    key: UUID | None = None

    def __post_init__(self) -> None:
        """Write numbers in one way: what looks the same is the same, however a program puts its accents together."""
        for name in ("number", "external_id"):
            object.__setattr__(self, name, normalize("NFC", getattr(self, name)))


def preceding_reference(invoice: Document) -> dict[str, Any]:
    """Return the reference to an invoice that a credit note, or another invoice, corrects."""
    return {"kind": PRECEDING, "value": invoice.number, "issued_on": invoice.issued_on.isoformat()}


def checked_totals(business: Business, data: DocumentInput) -> Totals:
    """Return what a document of a business comes to. Raises Invalid, with places, for input that makes no document."""
    _check(data)
    totals = compute(
        data.lines,
        data.currency,
        discount=data.discount,
        tax_rate=data.tax_rate,
        prices_include_tax=data.prices_include_tax,
        discount_lowers_tax=business.discounts_lower_tax,
    )
    if data.deposit:
        check_deposit(data.kind, data.deposit, totals.total)
    return totals


def check_deposit(kind: str, deposit: Deposit, total: int) -> None:
    """Raise Invalid for a deposit that can't be asked for on a document of a kind and total."""
    message = ""
    if not SPECS[kind].can_be_approved:
        message = "Only an estimate asks for a deposit."
    elif not 0 < deposit.of(total) <= total:
        message = "A deposit is more than zero and no more than the total."
    if message:
        raise Invalid(message, code="invalid_deposit", fields=[FieldError("/deposit", message)])


def _check(data: DocumentInput) -> None:
    exponent(data.currency)
    fields = [*_wrong(data)]
    for index, line in enumerate(data.lines):
        fields += _wrong_in_line(line, f"/lines/{index}")
    if fields:
        raise Invalid(fields[0].message, fields=fields)


def _wrong(data: DocumentInput) -> Iterator[FieldError]:
    for name in ("issued_on", "due_on", "expires_on", "delivered_on", "period_start", "period_end"):
        day: date | None = getattr(data, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield FieldError(f"/{name}", f"{DAYS[0].upper()}{DAYS[1:]}.")
    if not data.lines:
        yield FieldError("/lines", "A document needs at least one line.")
    if data.due_on is not None and data.due_on < data.issued_on:
        yield FieldError("/due_on", "The due date is before the issue date.")
    if data.expires_on is not None and data.expires_on < data.issued_on:
        yield FieldError("/expires_on", "The expiry is before the issue date.")
    if data.period_start and data.period_end and data.period_end < data.period_start:
        yield FieldError("/period_end", "The period ends before it starts.")
    if data.tax_rate and any(line.tax_category in UNTAXED for line in data.lines):
        yield FieldError("/tax_rate", "A line is not taxed: give each line its own rate.")


def _wrong_in_line(line: LineInput, place: str) -> Iterator[FieldError]:
    category, has_reason = line.tax_category, bool(line.exemption_reason or line.exemption_code)
    if category and category not in TAX_CATEGORIES:
        yield FieldError(f"{place}/tax_category", f"Give one of {', '.join(TAX_CATEGORIES)}.")
    elif category in UNTAXED and line.tax_rate:
        yield FieldError(f"{place}/tax_rate", f"There is no tax in category {category}.")
    elif category == "S" and not line.tax_rate:
        yield FieldError(f"{place}/tax_rate", "The standard rate is more than zero; what is zero rated is Z.")
    elif category in TAXED and line.tax_rate is None:
        yield FieldError(f"{place}/tax_rate", f"Give the rate of category {category}.")
    elif category == "E" and not has_reason:
        yield FieldError(f"{place}/tax_exemption_reason", "Say why it is exempt.")
    elif has_reason and category not in WITH_REASON:
        message = "Only what is exempt, under reverse charge, an intra-community supply or an export has a reason."
        yield FieldError(f"{place}/tax_category", message)
    if line.exemption_code and not EXEMPTION_CODE.fullmatch(line.exemption_code):
        yield FieldError(f"{place}/tax_exemption_code", "Give a code such as VATEX-EU-AE.")
    if line.period_start and line.period_end and line.period_end < line.period_start:
        yield FieldError(f"{place}/period_end", "The period ends before it starts.")
