"""One page as a careful Django project would write it: a customer's invoices, 25 of them, for a signed-in user.

It shows what the list of `portico serve` shows, from the same rows, and asks for the session, the user, the count and
the rows. Rows are values, and formatting is Python's own: neither models nor Django's filters make it slow.
"""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from jinja2 import Environment

from portico.domain.documents.models import Document, Kind, Lifecycle, Listed
from portico.lib.clock import today

_PAGE_SIZE = 25


def environment(**options: Any) -> Environment:
    """Build the environment of the page's template."""
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701  # Django's backend sets autoescape
    env.globals["url"] = reverse
    return env


@login_required
def invoices(request: HttpRequest) -> HttpResponse:
    """Show the invoices of the customer that the session names."""
    rows = Document.objects.filter(customer=request.session["customer"], kind=Kind.INVOICE)
    rows = rows.exclude(lifecycle=Lifecycle.DRAFT).order_by("-issued_on", "-id")
    page = Paginator(rows.values_list(*Listed._fields), _PAGE_SIZE).get_page(request.GET.get("page"))
    day = today("Europe/Berlin")
    context = {"page": page, "rows": [_row(Listed._make(row), day) for row in page], "user": request.user}
    return render(request, "invoices.html", context)


def _row(row: Listed, day: date) -> dict[str, str]:
    late = (day - row.due_on).days if row.due_on and row.open_amount else 0
    return {
        "id": row.public_id,
        "number": row.number,
        "issued_on": f"{row.issued_on:%d %b %Y}",
        "state": f"Past due · {late} days" if late > 0 else str(row.status(day).label),
        "due_on": f"{row.due_on:%d %b %Y}" if row.due_on else "",
        "total": _money(row.payable, row.currency),
        "open": _money(row.open_amount, row.currency),
    }


def _money(minor: int, currency: str) -> str:
    whole, rest = divmod(minor, 100)
    return f"{currency} {whole:,}.{rest:02d}"


urlpatterns = [
    path("invoices", invoices, name="invoices"),
    path("invoices/<str:name>", invoices, name="invoice"),
    path("invoices/<str:name>.pdf", invoices, name="invoice_pdf"),
]
