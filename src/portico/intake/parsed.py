"""What a file says, whatever its format: one document with everything that is kept of it.

Amounts are integers in minor units of `ParsedDocument.currency`. Prices, quantities and rates (percent) are exact
decimals. A text that the file does not have is "", a value it does not have is None. The names follow the semantic
model of EN 16931-1; a reader of another format fills the same shapes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

# kinds: e-invoices are of these two kinds alone
DocumentKind = Literal["invoice", "credit_note"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier and the scheme that issued it: ISO 6523 or EAS codes (`0088`, `EM`), "" when not said."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class ParsedContact:
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ParsedParty:
    """A seller, buyer, payee or tax representative.

    `name` is the legal name, `trading_name` the one it trades under; `legal_form` is free text (capital, court, board).
    """

    name: str
    trading_name: str = ""
    identifiers: tuple[Identifier, ...] = ()
    legal_id: Identifier | None = None
    vat_id: str = ""
    tax_number: str = ""
    endpoint: Identifier | None = None
    legal_form: str = ""
    address: ParsedAddress = ParsedAddress()
    contact: ParsedContact = ParsedContact()


@dataclass(frozen=True, slots=True)
class ParsedNote:
    """A note; `subject` is a code of UNTDID 4451 such as `ADU`, or ""."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPeriod:
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class ParsedReference:
    """Another document this one refers to.

    `kind` is one of preceding_invoice, purchase_order, sales_order, contract, project, despatch, receipt, tender,
    invoiced_object, document; `issued_on`, `description` and `url` only where the file has them.
    """

    kind: str
    value: str
    scheme: str = ""
    issued_on: date | None = None
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ParsedDelivery:
    delivered_on: date | None = None
    location: Identifier | None = None
    recipient: str = ""
    address: ParsedAddress = ParsedAddress()


@dataclass(frozen=True, slots=True)
class ParsedPaymentMeans:
    """How the seller wants to be paid. `code` is UNTDID 4461 (30 and 58 transfer, 59 direct debit, 48 card …)."""

    code: str
    text: str = ""
    remittance: str = ""
    account: str = ""
    account_name: str = ""
    bank: str = ""
    card_number: str = ""
    card_holder: str = ""
    card_network: str = ""
    mandate: str = ""
    debited_account: str = ""


@dataclass(frozen=True, slots=True)
class ParsedAllowance:
    """An allowance, or a charge where `charge` is true. `amount` is minor units and mostly not negative."""

    charge: bool
    amount: int
    reason: str = ""
    reason_code: str = ""
    percent: Decimal | None = None
    base: Decimal | None = None
    tax_category: str = ""
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ParsedTax:
    """One row of the tax breakdown."""

    category: str
    rate: Decimal | None
    taxable: int
    tax: int
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """What was sold, with the numbers that seller, buyer and the trade know it by."""

    name: str
    description: str = ""
    seller_id: str = ""
    buyer_id: str = ""
    standard_id: Identifier | None = None
    classifications: tuple[Identifier, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    origin_country: str = ""


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One line. `net` is what the file says it comes to, after the line's allowances and charges.

    `unit_price` is for `base_quantity` units, after `price_discount` was taken off `gross_price`. `lines` breaks this
    line down (XRechnung's sub invoice lines): their sum is already in `net`. Only those may lack quantity and price.
    """

    id: str
    item: ParsedItem
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    net: int
    note: str = ""
    base_quantity: Decimal = Decimal(1)
    gross_price: Decimal | None = None
    price_discount: Decimal | None = None
    allowances: tuple[ParsedAllowance, ...] = ()
    tax_category: str = ""
    tax_rate: Decimal | None = None
    period: ParsedPeriod = ParsedPeriod()
    order_line: str = ""
    invoiced_object: Identifier | None = None
    accounting_reference: str = ""
    lines: tuple["ParsedLine", ...] = ()


@dataclass(frozen=True, slots=True)
class ThirdPartyPayment:
    """An amount collected for somebody else on this invoice; it adds to what is due (XRechnung extension)."""

    kind: str
    description: str
    amount: int


@dataclass(frozen=True, slots=True)
class ParsedTotals:
    """The file's own totals, in minor units of the document's currency.

    `tax_in_tax_currency` is the tax total in `ParsedDocument.tax_currency`, in that currency's minor units, or None.
    """

    lines: int
    allowances: int
    charges: int
    without_tax: int
    tax: int
    with_tax: int
    prepaid: int
    rounding: int
    payable: int
    tax_in_tax_currency: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """A file that travels inside the document or beside it. `media_type` is what its bytes are, not what it claims.

    `type` is the code or word for what it is to the document, as the file says it. `refused` says why it is no file for
    the customer; what there is of it is kept aside.
    """

    filename: str
    media_type: str
    content: bytes
    reference: str = ""
    description: str = ""
    type: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """Everything that is kept of one invoice or credit note.

    `own_pdf` is the one of its `attachments` that is the document itself, as its author laid it out.

    `number_line` and `number_place` say where the number stands in the file, as `Unreadable` does.

    `warnings` says what is doubtful and still taken.

    `checksum` is the SHA-256 of the content as it means, in hexadecimal: the same under another encoding, other
    namespace prefixes, other indentation or other comments.
    """

    kind: DocumentKind
    number: str
    type_code: str
    issued_on: date
    currency: str
    seller: ParsedParty
    buyer: ParsedParty
    lines: tuple[ParsedLine, ...]
    totals: ParsedTotals
    taxes: tuple[ParsedTax, ...]
    checksum: str
    number_line: int | None = None
    number_place: str = ""
    profile: str = ""
    process: str = ""
    due_on: date | None = None
    tax_point_on: date | None = None
    tax_currency: str = ""
    buyer_reference: str = ""
    accounting_reference: str = ""
    references: tuple[ParsedReference, ...] = ()
    notes: tuple[ParsedNote, ...] = ()
    period: ParsedPeriod = ParsedPeriod()
    delivery: ParsedDelivery | None = None
    terms: str = ""
    payment_means: tuple[ParsedPaymentMeans, ...] = ()
    payee: ParsedParty | None = None
    tax_representative: ParsedParty | None = None
    allowances: tuple[ParsedAllowance, ...] = ()
    third_party_payments: tuple[ThirdPartyPayment, ...] = ()
    attachments: tuple[ParsedAttachment, ...] = ()
    own_pdf: ParsedAttachment | None = None
    warnings: tuple[str, ...] = ()

    def reference(self, kind: str) -> str:
        """The first reference of a kind, or ""."""
        return next(
            (reference.value for reference in self.references if reference.kind == kind),
            "",
        )
