"""What is printed: everything a PDF shows, already translated and already formatted.

A sheet is the whole input of a PDF. Templates only lay it out, so two equal sheets give the same bytes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Paper = Literal["a4", "us-letter"]
Align = Literal["start", "number"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a sheet shares.

    `language` is the BCP 47 tag of the text, `day` the date the file says it was made, `accent` a colour as `#rrggbb`,
    `initial` the letter in the business's mark, `logo` an SVG in its place, `typeface` the family its texts are set in
    where it has the characters, `page_label` a translated text with `{page}` and `{pages}` in it,
    `footer` the business's own line at the foot of each page.
    """

    language: str
    direction: Literal["ltr", "rtl"]
    title: str
    business: str
    day: date
    page_label: str
    accent: str = "#1f5f4b"
    initial: str = ""
    logo: str = ""
    typeface: str = ""
    paper: Paper = "a4"
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A quiet label with its value, such as "Due date" and "12 Nov 2026"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the document under a label such as "Billed to": a name and lines of address and numbers."""

    label: str
    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading. Numbers stand to the right and never break; `grows` takes the width that is left."""

    label: str
    align: Align = "start"
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One cell per column; `details` are quiet lines under the first growing column's cell, `strong` makes a sum."""

    cells: tuple[str, ...]
    details: tuple[str, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that are repeated on every page. `heading` may be empty, `empty` is said without rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heading: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """One line of the sums under a table; a strong one stands out."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Running text under a heading: terms, how to pay, remarks. Line breaks are kept."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code for banking apps: `path` fills its dark modules in SVG, `size` modules each way; `alt` says what it is."""

    path: str
    size: int
    alt: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class PayNote:
    """How to pay, as running text under a heading, with a code beside it where there is one."""

    heading: str
    text: str
    code: Drawn | None = None


@dataclass(frozen=True, slots=True)
class PaymentSlipLabels:
    """The headings of a Swiss QR-bill."""

    language: str
    receipt: str
    payment_part: str
    account: str
    reference: str
    message: str
    payer: str
    payer_by_hand: str
    currency: str
    amount: str
    acceptance: str


@dataclass(frozen=True, slots=True)
class PaymentSlip:
    """The receipt and payment part of a Swiss QR-bill, worded as its standard does. Without a payer, it has boxes."""

    code: Drawn
    account: str
    payee: tuple[str, ...]
    payer: tuple[str, ...]
    reference: str
    message: str
    currency: str
    amount: str
    labels: PaymentSlipLabels


@dataclass(frozen=True, slots=True)
class DocumentSheet:
    """An invoice, estimate, credit note or sales order.

    `state` is said beside the title when it has to be said there ("Voided"); `headline` is the answer first, the
    amount due with the date; `breakdown` is the tax by category; `remarks` are sentences the tax law asks for,
    `pay` says where to pay, `slip` is what a Swiss bank takes.
    """

    frame: Frame
    subtitle: str
    parties: tuple[Party, ...]
    facts: tuple[Fact, ...]
    lines: Table
    totals: tuple[Total, ...]
    state: str = ""
    headline: Fact | None = None
    headline_note: str = ""
    breakdown: Table | None = None
    remarks: tuple[str, ...] = ()
    pay: tuple[PayNote, ...] = ()
    notes: tuple[Note, ...] = ()
    slip: PaymentSlip | None = None


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """One payment and the documents it was applied to."""

    frame: Frame
    subtitle: str
    parties: tuple[Party, ...]
    facts: tuple[Fact, ...]
    applied: Table
    totals: tuple[Total, ...]
    state: str = ""
    headline: Fact | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementSection:
    """The statement of one currency: its entries with their sum, its ageing as a table of one row."""

    heading: str
    entries: Table
    ageing: Table


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A balance forward or open item statement, one section per currency."""

    frame: Frame
    subtitle: str
    parties: tuple[Party, ...]
    facts: tuple[Fact, ...]
    sections: tuple[StatementSection, ...]
    headline: Fact | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A filtered list, such as Activity, with the filters as facts."""

    frame: Frame
    subtitle: str
    facts: tuple[Fact, ...]
    table: Table
    totals: tuple[Total, ...] = ()


Sheet = DocumentSheet | ReceiptSheet | StatementSheet | ListSheet
