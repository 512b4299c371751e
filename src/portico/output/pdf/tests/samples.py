"""Sheets to print in tests: an invoice in three scripts, and one of every other kind."""

from dataclasses import replace
from datetime import date

from portico.output.pdf.sheets import (
    Column,
    DocumentSheet,
    Fact,
    Frame,
    ListSheet,
    Party,
    PayNote,
    ReceiptSheet,
    Row,
    Sheet,
    StatementSection,
    StatementSheet,
    Table,
    Total,
)

FRAME = Frame(
    language="en",
    direction="ltr",
    title="Invoice INV-2041",
    business="Nordlicht Studio",
    day=date(2026, 10, 12),
    page_label="Page {page} of {pages}",
    initial="N",
    footer="Nordlicht Studio · Hafenweg 22 · 48155 Münster",
)
ARABIC = replace(FRAME, language="ar", direction="rtl", title="فاتورة INV-2041", page_label="صفحة {page} من {pages}")
COLUMNS = (
    Column("Item", grows=True),
    Column("Quantity", "number"),
    Column("Price", "number"),
    Column("Amount", "number"),
)


def lines(count: int) -> tuple[Row, ...]:
    """Return `count` lines of an invoice, all different."""
    return tuple(
        Row((f"Illustrations, part {index}", "4 h", "€56.00", f"€{index}.00"), ("1–30 September 2026",))
        for index in range(1, count + 1)
    )


def invoice(*, frame: Frame = FRAME, rows: tuple[Row, ...] = lines(3), **changes: object) -> DocumentSheet:
    """Return an ordinary invoice, with `changes` to its fields."""
    sheet = DocumentSheet(
        frame=frame,
        subtitle="Issued 12 October 2026 · Your order PO-7731",
        parties=(
            Party("Billed to", "Acme GmbH", ("Lindenstr. 4", "10969 Berlin", "Germany", "VAT ID DE 811 907 980")),
            Party("From", "Nordlicht Studio", ("Hafenweg 22", "48155 Münster", "Germany", "VAT ID DE 298 112 004")),
        ),
        facts=(Fact("Invoice date", "12 Oct 2026"), Fact("Due date", "12 Nov 2026"), Fact("Your order", "PO-7731")),
        lines=Table(COLUMNS, rows),
        totals=(Total("Subtotal", "€1,664.00"), Total("VAT 19 %", "€316.16"), Total("Total", "€1,980.16", strong=True)),
        headline=Fact("Amount due", "€1,980.16"),
        headline_note="Due 12 Nov 2026",
        breakdown=Table((Column("VAT", grows=True), Column("Net", "number")), (Row(("Standard rate", "€1,664.00")),)),
        remarks=("Reverse charge: the buyer accounts for the VAT.",),
        pay=(PayNote("How to pay", "IBAN DE89 3704 0044 0532 0130 00\nReference INV-2041"),),
    )
    return replace(sheet, **changes)  # type: ignore[arg-type]  # the keywords are field names


def every_kind(frame: Frame = FRAME) -> dict[str, Sheet]:
    """Return one sheet of each kind by name."""
    table = Table(
        (Column("Date"), Column("What", grows=True), Column("Amount", "number")), (Row(("1 Nov", "a", "€1")),)
    )
    totals = (Total("Closing balance", "€1.00", strong=True),)
    party = (Party("To", "Acme GmbH", ("Berlin",)),)
    section = StatementSection("EUR", table, Table((Column("Current", "number"),), (Row(("€1.00",)),)))
    return {
        "document": invoice(frame=frame),
        "receipt": ReceiptSheet(frame, "Thank you", party, (Fact("Method", "Bank"),), table, totals),
        "statement": StatementSheet(frame, "1 to 30 November", party, (), (section, section)),
        "list": ListSheet(frame, "All", (Fact("Status", "Open"),), table, totals),
    }
