"""Payment methods: what a customer has saved to pay with, and AutoPay, which charges the default one."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.plan_queries import collecting
from portico.domain.payments.actions.warn_of_expiry import EXPIRES_SOON
from portico.domain.payments.autopay import Collection, autopay_of, collections, collector_of
from portico.domain.payments.models import AttemptState, AutoPay, PaymentAttempt, PaymentMethod
from portico.domain.payments.offered import offers
from portico.domain.payments.queries import attempts, payment_methods, shares_of
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.output.wording.payment_methods import failure_message, saved_label
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.collection_rows import CollectionRow, collection_rows
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag

_NAV = "billing_details"
# How many invoices a page names that are collected next, and that were just tried again.
_MOST = 20


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A saved method: `Visa •4242`, its holder and last month, and what is to be known of it."""

    label: str
    words: str
    tags: list[Tag]
    default_url: str
    remove_url: str


@portal_page()
def methods(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the methods, what AutoPay does, and what became of what has just been tried again."""
    fmt = reader_formatter()
    rows = list(payment_methods(viewer, viewer.customer))
    autopay = autopay_of(viewer.customer)
    context = {
        "rows": [_row(row, viewer, autopay, fmt) for row in rows],
        "may_add": may_add(viewer),
        "autopay": autopay,
        "offers_autopay": viewer.business.allow_autopay,
        "waits": wait_label(autopay.days_to_wait if autopay else viewer.business.autopay_delay_days, fmt),
        "used": saved_label(rows[0]) if rows else "",
        "has_plans": any(row.given_approval for row in collecting(viewer.customer)),
        "coming": next_rows(collections(collector_of(viewer.customer)), viewer, fmt),
        "retried": _retried(request, viewer, fmt),
        "saved": request.GET.get("saved", ""),
        "details_url": page_url("billing_details"),
    }
    return customer_page(request, viewer, "portal/payment_methods/list.html", context, nav=_NAV)


def may_add(viewer: CustomerViewer) -> bool:
    """Tell whether the business takes any payment that can be saved."""
    return any(offer.saves for offer in offers(viewer, currency_of(viewer)))


def currency_of(viewer: CustomerViewer) -> str:
    """Return the currency that a method is saved for: any other is tried when it is charged."""
    return viewer.customer.currency or viewer.business.currency


def wait_label(days: int, fmt: Formatter) -> str:
    """Say when AutoPay collects an invoice."""
    if not days:
        return _("Each invoice is collected on its date, an hour after it was issued at the earliest.")
    wait = ngettext("%(n)s day", "%(n)s days", days) % {"n": fmt.number(days)}
    return _("Each invoice is collected %(days)s after its date.") % {"days": wait}


def next_rows(planned: list[Collection], viewer: CustomerViewer, fmt: Formatter) -> list[CollectionRow]:
    """Return the invoices that AutoPay collects, the first ones first; then what it has given up."""
    rows = collection_rows(planned, viewer.business, fmt, lambda row: item_url("invoice", row.public_id))
    return rows[:_MOST]


def _row(row: PaymentMethod, viewer: CustomerViewer, autopay: AutoPay | None, fmt: Formatter) -> MethodRow:
    today, tags = viewer.business.today(), []
    if row.is_default:
        tags.append(Tag("ok", "check", _("AutoPay") if autopay else _("Default")))
    if row.expired(today):
        tags.append(Tag("bad", "alert", _("Expired")))
    elif row.expires_on and row.expires_on <= today + EXPIRES_SOON:
        tags.append(Tag("wait", "clock", _("Expires soon")))
    until = _("until %(month)s") % {"month": fmt.month(row.expires_on)} if row.expires_on else ""
    return MethodRow(
        saved_label(row),
        " · ".join(filter(None, [row.holder, until])),
        tags,
        "" if row.is_default else item_url("default_payment_method", row.public_id),
        item_url("remove_payment_method", row.public_id),
    )


def _retried(request: HttpRequest, viewer: CustomerViewer, fmt: Formatter) -> list[CollectionRow]:
    """Say what became of the attempts that the address names."""
    keys = [parse_public_id(name, "payment_attempt") for name in request.GET.getlist("retried")[:_MOST]]
    rows = attempts(viewer).filter(pk__in=[key for key in keys if key], off_session=True).order_by("id") if keys else []
    return [_retried_row(row, fmt) for row in rows]


def _retried_row(attempt: PaymentAttempt, fmt: Formatter) -> CollectionRow:
    invoice = shares_of(attempt)[0].document
    if attempt.state == AttemptState.SUCCEEDED:
        words = _("collected")
    elif attempt.is_active:
        words = _("being processed")
    else:
        words = failure_message(attempt)
    amount = fmt.money(attempt.charged, attempt.currency)
    return CollectionRow(invoice.number, item_url("invoice", invoice.public_id), amount, words)
