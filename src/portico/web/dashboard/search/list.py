"""The search of the whole dashboard: a box on every page that shows what it finds as one types, and a page."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from portico.domain.payments.search import search as search_all
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import kind_label
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import parameters_of
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, payment_tag, staff_document_tag

# Of each kind.
_MOST_IN_BOX = 5
_MOST_ON_PAGE = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    url: str
    name: str
    about: str
    amount: str = ""
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind, and where all of it is listed."""

    heading: str
    all_url: str
    all_label: str
    hits: list[Hit] = field(default_factory=list)


@staff_page
def search(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the customers, documents and payments that the query finds."""
    query = parameters_of(request, "q").get("q", "")
    in_box = request.headers.get("HX-Target") == "found"
    groups = _groups(viewer, query, _MOST_IN_BOX if in_box else _MOST_ON_PAGE, reader_formatter()) if query else []
    context = {"query": query, "groups": [group for group in groups if group.hits], "in_box": in_box}
    return staff_answer(request, viewer, "dashboard/search/list.html", context, part="found")


def _groups(viewer: StaffViewer, query: str, most: int, fmt: Formatter) -> list[Hits]:
    results, today = search_all(viewer, query, most), viewer.business.today()
    where = "?" + urlencode({"q": query})
    return [
        Hits(
            _("Customers"),
            reverse("customers") + where,
            _("All customers with “%(query)s”") % {"query": query},
            [_customer(row) for row in results.customers],
        ),
        Hits(
            _("Documents"),
            reverse("documents") + where,
            _("All invoices with “%(query)s”") % {"query": query},
            [_document(row, today, fmt) for row in results.documents],
        ),
        Hits(
            _("Payments"),
            reverse("payments") + where,
            _("All payments with “%(query)s”") % {"query": query},
            [_payment(row, fmt) for row in results.payments],
        ),
    ]


def _customer(row: Customer) -> Hit:
    return Hit(reverse("customer", args=[row.public_id]), row.name, _about(row.external_id, row.email))


def _document(row: Document, today: date, fmt: Formatter) -> Hit:
    return Hit(
        reverse("document", args=[row.public_id]),
        row.number or _("Draft"),
        _about(kind_label(row.kind), row.customer.name, row.title or row.purchase_order),
        fmt.money(row.payable, row.currency),
        staff_document_tag(row, today),
    )


def _payment(row: Payment, fmt: Formatter) -> Hit:
    return Hit(
        reverse("payment", args=[row.public_id]),
        row.number,
        _about(fmt.date(row.paid_on), row.customer.name, method_label(row.method), row.reference),
        fmt.money(row.amount, row.currency),
        payment_tag(row),
    )


def _about(*texts: str) -> str:
    return " · ".join(filter(None, texts))
