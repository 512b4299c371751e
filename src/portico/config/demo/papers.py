"""Files that hang on customers and documents of the demonstration."""

import csv
import io
from decimal import Decimal

import typst

from portico.domain.documents.models import Document

_PAGE = """#set page(paper: "a4", margin: 2.5cm)
#set text(size: 10.5pt)
#let data = sys.inputs
#text(size: 18pt, weight: "bold", data.title)
#v(4mm)
#text(fill: luma(90), data.subtitle)
#v(8mm)
#data.text
#v(14mm)
#line(length: 6cm, stroke: 0.5pt)
#text(size: 8.5pt, fill: luma(90), data.signed)
"""


def letter(title: str, subtitle: str, text: str, signed: str) -> bytes:
    """Return a page of text as PDF."""
    inputs = {"title": title, "subtitle": subtitle, "text": text, "signed": signed}
    content = typst.compile(_PAGE.encode(), sys_inputs=inputs)
    assert isinstance(content, bytes)
    return content


def timesheet(document: Document) -> bytes:
    """Return the hours behind an invoice as CSV, a day's work per row."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(["Date", "Work", "Hours"])
    for line in document.lines.filter(unit="HUR"):
        left, day = line.quantity, 1
        while left > 0:
            hours = min(left, Decimal("6.5"))
            writer.writerow([document.issued_on.replace(day=min(day, 28)).isoformat(), line.description, f"{hours:f}"])
            left, day = left - hours, day + 1
    return table.getvalue().encode()
