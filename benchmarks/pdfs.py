"""Run as `python -m benchmarks.pdfs COUNT BUSINESS` with an installation's environment: how fast PDFs are made.

Prints one JSON object. The generator runs alone and warm, on invoices it has not seen, in one thread.
"""

import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
django.setup()

from django.conf import settings  # noqa: E402  # settings and models can be imported only now

from portico.domain.documents.models import Document  # noqa: E402  # as above
from portico.output.pdf.document_sheet import document_sheet  # noqa: E402  # as above
from portico.output.pdf.render import Renderer  # noqa: E402  # as above
from portico.output.pdf.sheets import DocumentSheet  # noqa: E402  # as above

_WARM = 5
# As many lines as fill a second page.
_TIMES = 13


def measured(count: int, business: str) -> dict[str, float]:
    """Return milliseconds of wall time and of processor time, and bytes, of one page and of two."""
    rows = Document.objects.filter(business__slug=business).select_related("business", "customer")
    sheets = [document_sheet(row, "en") for row in rows.order_by("number")[: count + _WARM]]
    renderer = Renderer(Path(settings.PORTICO_HOME) / "cache" / "fonts")
    facts: dict[str, float] = {}
    for pages, wanted in ((1, sheets), (2, [_longer(sheet) for sheet in sheets])):
        _render(renderer, wanted[:_WARM])
        wall, processor = time.perf_counter(), time.process_time()
        size = _render(renderer, wanted[_WARM:])
        facts[f"wall_{pages}"] = (time.perf_counter() - wall) * 1000 / count
        facts[f"processor_{pages}"] = (time.process_time() - processor) * 1000 / count
        facts[f"bytes_{pages}"] = size / count
    return facts


def _render(renderer: Renderer, sheets: Iterable[DocumentSheet]) -> int:
    return sum(len(renderer.render(sheet)) for sheet in sheets)


def _longer(sheet: DocumentSheet) -> DocumentSheet:
    return replace(sheet, lines=replace(sheet.lines, rows=sheet.lines.rows * _TIMES))


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), sys.argv[2])))
