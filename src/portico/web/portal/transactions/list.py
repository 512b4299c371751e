"""Activity: everything the business has sent and received, one list per kind."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Kind
from portico.domain.documents.overview import counts, open_amounts
from portico.domain.documents.queries import listed, outstanding, whole_list
from portico.domain.payments.queries import payments
from portico.lib.l10n import Formatter
from portico.lib.money import exponent
from portico.output.wording.kinds import kind_plural
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.kinds import PAYMENT, SLUGS, kind_of_slug, kinds_shown
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.payable import can_pay, pay_url, payments_under_way
from portico.web.portal.core.planned import amounts_asked
from portico.web.portal.core.urls import item_url, page_url
from portico.web.portal.transactions.filters import Filter, filtered, filtered_documents, filtered_payments, ordering
from portico.web.portal.transactions.rows import (
    ListRow,
    RowLabels,
    columns,
    document_row,
    payment_row,
    second_label,
    tabs,
    with_total,
)
from portico.web.portal.transactions.zip_export import MOST_IN_ZIP
from portico.web.shared.download import local_csv
from portico.web.shared.memo import memoized
from portico.web.shared.page import reader_formatter
from portico.web.shared.table import Column, Pages, Tab, make_pager, page_count

PAGE_SIZE = 25

# The list follows what is typed; where, and into what, the form around it says.
_AS_TYPED = {
    "hx-trigger": "input changed delay:200ms",
    "hx-include": "closest form",
    "hx-sync": "closest form:replace",
    "maxlength": "100",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of one kind shows."""

    title: str
    url: str
    tabs: list[Tab]
    columns: list[Column]
    rows: list[ListRow]
    pages: Pages
    summary: str
    filtered: bool
    second_label: str
    date_is_extra: bool
    with_total: bool
    can_select: bool
    selection_url: str
    pay_url: str
    locale: str
    digits: dict[str, int]
    counted: dict[str, str]
    xlsx_url: str
    csv_url: str
    local_csv_url: str
    pdf_url: str
    zip_url: str
    most_in_zip: str
    empty_heading: str
    empty_text: str


@portal_page()
def activity(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Go to the first kind."""
    return HttpResponseRedirect(list_url(kinds_shown(viewer.business)[0]))


@portal_page()
@revalidated
def activity_of_kind(request: HttpRequest, viewer: CustomerViewer, slug: str) -> HttpResponse:
    """Show one kind's list, narrowed and ordered as the address says."""
    kind = kind_of_slug(slug, viewer.business)
    if kind is None:
        raise Http404
    form = Filter(kind, request.GET)
    form.fields["q"].widget.attrs |= _AS_TYPED | {"hx-get": list_url(kind)}
    context = {"form": form, "listing": _listing(viewer, form, reader_formatter())}
    response = customer_page(request, viewer, "portal/transactions/list.html", context, nav="activity", part="results")
    # A form sends its empty fields too; the address in the bar names only what narrows the list. Letters that are typed
    # are no steps to go back by.
    typing = request.headers.get("HX-Trigger-Name") == "q"
    response.headers["HX-Replace-Url" if typing else "HX-Push-Url"] = list_url(kind) + form.query()
    return response


def _listing(viewer: CustomerViewer, form: Filter, fmt: Formatter) -> Listing:
    kind, url = form.kind, list_url(form.kind)
    per_kind = _per_kind(viewer)
    total = filtered(viewer, form).count() if form.is_narrowing else per_kind.get(kind, 0)
    number = min(form.number, page_count(total, PAGE_SIZE))
    shown = _rows(viewer, form, slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE), fmt)
    query = form.query(page=None)
    return Listing(
        title=kind_plural(kind),
        url=url,
        tabs=tabs(viewer.business, kind, per_kind, fmt),
        columns=columns(form, url),
        rows=shown,
        pages=make_pager(number, total, PAGE_SIZE, lambda page: url + form.query(page=page), fmt),
        summary=_summary(viewer, form, total, fmt),
        filtered=form.is_narrowing,
        second_label=second_label(kind)[1],
        date_is_extra=kind != PAYMENT and SPECS[kind].has_deadline,
        with_total=with_total(kind),
        can_select=any(row.selectable for row in shown),
        selection_url=page_url("selection"),
        pay_url=pay_url() if can_pay(viewer) else "",
        locale=str(fmt.locale).replace("_", "-"),
        digits={row.currency: exponent(row.currency) for row in shown if row.selectable},
        counted=_counted(),
        xlsx_url=item_url("activity_xlsx", SLUGS[kind]) + query,
        csv_url=item_url("activity_csv", SLUGS[kind]) + query,
        local_csv_url=local_csv(item_url("activity_csv", SLUGS[kind]) + query),
        pdf_url=item_url("activity_pdf", SLUGS[kind]) + query,
        zip_url=item_url("activity_zip", SLUGS[kind]) + query if total <= MOST_IN_ZIP else "",
        most_in_zip=fmt.number(MOST_IN_ZIP),
        empty_heading=_("Nothing here yet"),
        empty_text=_empty_text(kind, viewer.business.name),
    )


@memoized
def _per_kind(viewer: CustomerViewer) -> dict[str, int]:
    return {str(kind): count for kind, count in counts(viewer).items()} | {PAYMENT: payments(viewer).count()}


def _rows(viewer: CustomerViewer, form: Filter, window: slice, fmt: Formatter) -> list[ListRow]:
    today, words = viewer.business.today(), RowLabels()
    if form.kind == PAYMENT:
        return [payment_row(row, fmt, words) for row in filtered_payments(viewer, form)[window]]
    if form.is_narrowing:
        rows = listed(filtered_documents(viewer, form)[window])
    else:
        # What most readers ask for is worth a query of its own.
        rows = whole_list(viewer, Kind(form.kind), ordering(form), window)
    rows, under_way = list(rows), payments_under_way(viewer)
    asked = amounts_asked(viewer, rows)
    return [document_row(row, today, fmt, words, under_way, asked) for row in rows]


def _summary(viewer: CustomerViewer, form: Filter, total: int, fmt: Formatter) -> str:
    """Return `210 invoices · €4,022.66 open`: how many, and for invoices what of them is owed, per currency."""
    words = ngettext("%(count)s entry", "%(count)s entries", total) % {"count": fmt.number(total)}
    if form.kind == PAYMENT or SPECS[form.kind].sign <= 0 or not total:
        return words
    owed = (
        open_amounts(filtered_documents(viewer, form), viewer.business.today()) if form.is_narrowing else _owed(viewer)
    )
    amounts = [fmt.money(left, currency) for currency, left in owed]
    return " · ".join([words, *([_("%(amounts)s open") % {"amounts": fmt.list(amounts)}] if amounts else [])])


def _counted() -> dict[str, str]:
    """Return `# invoices` for every plural form there is, by its CLDR name: the page's script puts the number in."""
    examples = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
    return {
        form: ngettext("%(count)s invoice", "%(count)s invoices", count) % {"count": "#"}
        for form, count in examples.items()
    }


@memoized
def _owed(viewer: CustomerViewer) -> list[tuple[str, int]]:
    return open_amounts(outstanding(viewer), viewer.business.today())


def _empty_text(kind: str, business: str) -> str:
    texts = {
        Kind.INVOICE: _("Invoices from %(name)s will appear here."),
        Kind.ESTIMATE: _("Estimates from %(name)s will appear here."),
        Kind.CREDIT_NOTE: _("Credit notes from %(name)s will appear here."),
        Kind.SALES_ORDER: _("Sales orders at %(name)s will appear here."),
        PAYMENT: _("Payments that %(name)s has received from you will appear here."),
    }
    return texts[kind] % {"name": business}
