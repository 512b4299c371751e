"""Files that hang on customers and documents of the demonstration."""

import csv
import io
from decimal import Decimal

from PIL import Image, ImageDraw

from portico.domain.documents.models import Document
from portico.domain.files.actions.store import FileInput

# A file that its customer sees.
SHOWN = FileInput(visible=True)


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


def sketch() -> bytes:
    """Return a drawing of a reading lamp as PNG, with its measures."""
    picture = Image.new("RGB", (900, 640), "#fdfcf8")
    pen = ImageDraw.Draw(picture)
    for step in range(0, 900, 30):
        pen.line((step, 0, step, 640), fill="#eef0ee")
        pen.line((0, step, 900, step), fill="#eef0ee")
    pen.line((300, 540, 300, 250, 520, 130), fill="#1f2d3a", width=8, joint="curve")
    pen.ellipse((288, 238, 312, 262), fill="#fdfcf8", outline="#1f2d3a", width=4)
    pen.polygon((490, 90, 590, 150, 560, 230, 450, 160), fill="#e8b64c", outline="#1f2d3a", width=4)
    pen.rounded_rectangle((210, 540, 390, 566), 10, fill="#1f2d3a")
    pen.line((660, 90, 660, 566), fill="#0f5f87", width=2)
    for y in (90, 566):
        pen.line((646, y, 674, y), fill="#0f5f87", width=2)
    pen.text((680, 310), "476 mm", fill="#0f5f87", font_size=28)
    pen.text((210, 590), "Lotse, Serie 2", fill="#1f2d3a", font_size=26)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def side_view(ink: str, paper: str) -> bytes:
    """Return a side view of a bicycle's frame as PNG, drawn in one colour on another."""
    picture = Image.new("RGB", (1200, 800), paper)
    draw = ImageDraw.Draw(picture)
    rear, crank, seat, head, front = (300, 540), (560, 560), (480, 250), (860, 260), (930, 540)
    for x, y in (rear, front):
        draw.ellipse((x - 190, y - 190, x + 190, y + 190), outline=ink, width=10)
    for ends in ((rear, crank), (rear, seat), (seat, crank), (seat, head), (crank, head), (head, front)):
        draw.line(ends, fill=ink, width=16)
    draw.line(((440, 215), (540, 215)), fill=ink, width=22)
    draw.line(((840, 200), (930, 170)), fill=ink, width=18)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
