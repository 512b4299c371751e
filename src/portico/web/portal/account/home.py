"""My Account: what is due, how to pay it, and what happened lately."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Address
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Kind, Listed
from portico.domain.documents.overview import Due, Month, dues, invoiced_by_month
from portico.domain.documents.queries import documents, outstanding
from portico.domain.ledger.queries import Applied, applied, open_credit
from portico.domain.payments.models import Payment, PaymentAttempt
from portico.domain.payments.queries import payments
from portico.lib.l10n import Formatter
from portico.web.portal.account.payment_rows import payment_rows
from portico.web.portal.core.bank_boxes import bank_boxes
from portico.web.portal.core.collected import Collected, collection_message, to_be_collected
from portico.web.portal.core.customer_details import billing_address, letter_lines, missing_fields
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.kinds import PAYMENT, credit_label
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.payable import UnderWay, can_pay, pay_url, payments_under_way, under_way_notice
from portico.web.portal.core.planned import planned_invoice, plans
from portico.web.portal.core.promised import Promised, promise_message, promises
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.charts import AgeingBar, YearBars, ageing_bar, year_bars
from portico.web.shared.memo import memoized
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, document_tag

_TO_LOOK_AT = 5
_RECENT = 5


@dataclass(frozen=True, slots=True)
class Balance:
    """What is due in one currency: the amount, tags about it, and words about what comes next.

    `less_credit` says in one line what is left of it once the open credit is taken off, as on a statement.
    """

    currency: str
    text: str
    tags: list[Tag]
    words: str
    pay_url: str = ""
    less_credit: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    url: str
    number: str
    due: str
    tag: Tag
    amount: str
    collected: str


@dataclass(frozen=True, slots=True)
class CreditRow:
    words: str
    amount: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the page shows of an account: all of it changes only with the day and with what is recorded."""

    owed: list[Due]
    first: list[Document]
    months: list[Month]
    has_documents: bool
    payments: list[Payment]
    applied: dict[UUID, list[Applied]]
    address: Address | None
    credit: list[tuple[str, str, int, int]]


@portal_page(signs_in=True)
@revalidated
def home(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show My Account."""
    fmt, business, today = reader_formatter(), viewer.business, viewer.business.today()
    account, started, collected = _account(viewer), payments_under_way(viewer), to_be_collected(viewer)
    context = {
        "welcome": business.text("welcome_message", fmt.language),
        "balances": _balances(account, business.currency, fmt, pays=can_pay(viewer)),
        "collected": _collected(account.first, collected, today, fmt),
        "under_way": _under_way(started.values(), fmt),
        "advance_url": _advance_url(viewer, account),
        "due": [_invoice_row(invoice, today, fmt, started, collected.get(invoice.pk)) for invoice in account.first],
        "plans": [planned_invoice(viewer, plan, fmt) for plan in plans(viewer).values()],
        "promises": [
            Promised(promise_message(row, fmt), item_url("promise", row.document.public_id))
            for row in promises(viewer).values()
        ],
        "has_documents": account.has_documents,
        "invoices_url": list_url(Kind.INVOICE),
        "payments": payment_rows(account.payments, account.applied, fmt),
        "payments_url": list_url(PAYMENT),
        "ageing": _ageing(account.owed, fmt),
        "statements_url": page_url("statements") if business.show_statements else "",
        "banks": bank_boxes(viewer, account.first, numbered=False, whole=False),
        "credits": [
            CreditRow(credit_label(_shown_kind(business, kind), count), fmt.money(amount, currency))
            for currency, kind, count, amount in account.credit
        ],
        "credits_url": list_url(Kind.CREDIT_NOTE) if business.show_credit_notes else "",
        "year": _year(account.months, business.currency, today, fmt),
        "details": letter_lines(viewer.customer, account.address, fmt),
        "missing": fmt.list(missing_fields(viewer.customer, account.address)),
        "missing_url": page_url("edit_details") if business.allow_contact_edits else "",
        "details_url": page_url("billing_details"),
        "messages_url": page_url("messages") if business.allow_messages else "",
    }
    return customer_page(request, viewer, "portal/account/home.html", {"home": context}, nav="home")


@memoized
def _account(viewer: CustomerViewer) -> Account:
    """Read what the page shows of the account, in eight queries at most."""
    business, customer, today = viewer.business, viewer.customer, viewer.business.today()
    months = invoiced_by_month(viewer, _year_ago(today), today)
    first = outstanding(viewer).filter(issued_on__lte=today)
    first = first.only(*Listed._fields, "payment_means", "source", "created_at", "disabled_methods")
    recent = list(payments(viewer).order_by("-paid_on", "-id")[:_RECENT])
    return Account(
        owed=dues(viewer, today, business.edges),
        first=list(first[:_TO_LOOK_AT]),
        months=months,
        has_documents=bool(months) or documents(viewer).exists(),
        payments=recent,
        applied=applied([row.item_id for row in recent]),
        address=billing_address(viewer),
        credit=open_credit(customer.id, today),
    )


def _shown_kind(business: Business, kind: str) -> str:
    """The kind of a credit, or none where the business shows no such documents: the amount stays the same."""
    return "" if kind in SPECS and not SPECS[kind].is_shown_by(business) else kind


def _under_way(started: Iterable[PaymentAttempt], fmt: Formatter) -> list[UnderWay]:
    attempts = {attempt.pk: attempt for attempt in started}
    return [under_way_notice(attempt, fmt, opens=True) for attempt in attempts.values()]


def _advance_url(viewer: CustomerViewer, account: Account) -> str:
    """Where a customer who owes nothing pays in advance, where the business takes that."""
    offered = not account.owed and viewer.business.allow_advance_payments and can_pay(viewer)
    return pay_url(advance="1") if offered else ""


def _balances(account: Account, currency: str, fmt: Formatter, *, pays: bool) -> list[Balance]:
    if not account.owed:
        return [Balance(currency, fmt.money(0, currency), [], "")]
    credit = {due.currency: 0 for due in account.owed}
    for of, _kind, _count, amount in account.credit:
        credit[of] = credit.get(of, 0) + amount
    return [
        _balance(due, credit[due.currency], fmt, pay_url(currency=due.currency) if pays else "") for due in account.owed
    ]


def _balance(due: Due, credit: int, fmt: Formatter, url: str) -> Balance:
    tags = []
    if due.past_due:
        amount = fmt.money(due.past_due, due.currency)
        text = _("Past due") if due.past_due == due.amount else _("%(amount)s past due") % {"amount": amount}
        tags.append(Tag("bad", "alert", text))
    words = ngettext("%(count)s open invoice", "%(count)s open invoices", due.count) % {"count": fmt.number(due.count)}
    if due.next_on:
        words += " · " + _("next due %(date)s") % {"date": fmt.date(due.next_on)}
    amounts = {"open": due.amount, "credit": credit, "balance": due.amount - credit}
    money = {name: fmt.money(amount, due.currency) for name, amount in amounts.items()}
    less_credit = _("%(open)s open − %(credit)s credit = %(balance)s") % money if credit else ""
    return Balance(due.currency, money["open"], tags, words, url, less_credit)


def _collected(first: list[Document], collected: Mapping[UUID, Collected], today: date, fmt: Formatter) -> str:
    """Say when AutoPay collects next, where it collects all that the page names."""
    if not first or any(invoice.pk not in collected for invoice in first):
        return ""
    return collection_message(min(collected.values(), key=lambda row: row.day), today, fmt)


def _invoice_row(
    invoice: Document, today: date, fmt: Formatter, under_way: Container[UUID], collected: Collected | None
) -> InvoiceRow:
    return InvoiceRow(
        url=item_url("invoice", invoice.public_id),
        number=invoice.number,
        due=fmt.date(invoice.deadline) if invoice.deadline else "",
        tag=document_tag(invoice, today, under_way=invoice.id in under_way),
        amount=fmt.money(invoice.open_amount, invoice.currency),
        # The line above the list says by what.
        collected=collection_message(replace(collected, method=""), today, fmt) if collected else "",
    )


def _ageing(owed: list[Due], fmt: Formatter) -> list[tuple[str, AgeingBar]]:
    return [(due.currency, ageing_bar(due.columns, due.currency, fmt)) for due in owed]


def _year(months: list[Month], preferred: str, today: date, fmt: Formatter) -> YearBars | None:
    """Draw one currency: the business's own when there is something in it, else the first that has."""
    if not months:
        return None
    currencies = {month.currency for month in months}
    currency = preferred if preferred in currencies else min(currencies)
    known = {month.first_day: month for month in months if month.currency == currency}
    since = _year_ago(today)
    steps = range(since.month - 1, since.month + 11)
    days = [date(since.year + step // 12, step % 12 + 1, 1) for step in steps]
    bars = [(day, known[day].paid, known[day].open) if day in known else (day, 0, 0) for day in days]
    return year_bars(bars, currency, fmt)


def _year_ago(today: date) -> date:
    """The first day of the month eleven months before today's."""
    return date(today.year - 1, today.month + 1, 1) if today.month < 12 else date(today.year, 1, 1)
