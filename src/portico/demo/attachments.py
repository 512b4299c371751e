"""Files that hang on customers and documents of the demonstration."""

import csv
import io
from decimal import Decimal

from portico.domain.documents.models import Document


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
