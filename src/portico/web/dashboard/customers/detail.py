"""A customer's page: what they owe, their open items, link, people and files; and tabs for everything else."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.links.queries.portal_links import newest_links
from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.queries import timeline_of_customer
from portico.domain.customers.limits import is_over_limit
from portico.domain.customers.models import Customer
from portico.domain.documents.customer_balances import balances_and_credit, past_due_of
from portico.domain.documents.models import Document
from portico.domain.documents.plan_queries import plans_of
from portico.domain.documents.queries import outstanding
from portico.domain.payments.queries import documents_under_way, promises_of
from portico.lib.l10n import LANGUAGES, Formatter
from portico.output.mail.queries import refusals
from portico.output.wording.mail_topics import switched_off_labels
from portico.web.dashboard.core.customer_page import customer_answer
from portico.web.dashboard.core.file_list import FileForm, files_on, staff_files
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.link_labels import link_facts
from portico.web.dashboard.core.listing import ListState, paginate
from portico.web.dashboard.core.mail_labels import why_not_sent
from portico.web.dashboard.core.method_switches import disabled_label
from portico.web.dashboard.core.plan_panel import plan_links
from portico.web.dashboard.core.promises import promise_rows
from portico.web.dashboard.core.timeline import moments
from portico.web.dashboard.customers.autopay import autopay_facts
from portico.web.shared.customer_details import address_label, address_lines, detail_labels
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, staff_document_tag

_OPEN_ITEMS = 10
_RECENT = 8


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What a customer owes in one currency; texts are empty where there is nothing. `over` is a limit it is over.

    With a credit that is not applied yet the balance is what is `open` less that.
    """

    balance: str
    past_due: str
    open: str
    credit: str
    over: str


@dataclass(frozen=True, slots=True)
class OpenRow:
    url: str
    number: str
    due: str
    tag: Tag
    amount: str


@dataclass(frozen=True, slots=True)
class Person:
    """A contact; the first one is the main one."""

    url: str
    main: bool
    name: str
    email: str
    details: str
    refused: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about a customer; `refused` says why the last mail to it, an address, did not arrive."""

    label: str
    value: str
    refused: str = ""


@staff_page
def customer(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a customer's overview."""
    found, fmt, today = customer_of(viewer, name), reader_formatter(), viewer.business.today()
    owed = outstanding(viewer).filter(customer=found)
    items = list(owed[: _OPEN_ITEMS + 1])
    under_way = documents_under_way(invoice.pk for invoice in items)
    plans = plans_of(viewer, found)
    contacts = list(found.contacts.all())
    refused = refusals(viewer, {found.email, *(row.email for row in contacts)} - {""})
    context = {
        "balances": _balances(viewer, found, fmt),
        "open_items": [_open_row(invoice, today, fmt, under_way) for invoice in items[:_OPEN_ITEMS]],
        "plans": plan_links(plans, today, fmt),
        "promises": promise_rows(promises_of(viewer, found), today, fmt),
        "more_open": len(items) > _OPEN_ITEMS,
        "moments": moments(timeline_of_customer(found.pk)[:_RECENT], viewer.business, fmt),
        "link": link_facts(newest_links(viewer, [found.pk]).get(found.pk), viewer.business, fmt),
        "autopay": autopay_facts(found, plans, viewer, fmt),
        "disabled_methods": fmt.list(disabled_label(found)),
        "facts": _facts(found, fmt, refused),
        "addresses": [(address_label(row.kind), address_lines(row, fmt)) for row in found.addresses.all()],
        "people": [
            Person(
                reverse("contact", args=[row.public_id]),
                row == contacts[0],
                row.name,
                row.email,
                " · ".join(filter(None, [row.role, row.phone])),
                why_not_sent(refused.get(row.email, "")),
            )
            for row in contacts
        ],
        "mail_off": switched_off_labels(found, fmt),
        "files": staff_files(viewer, files_on(viewer, found.ref), fmt),
        "upload": FileForm(),
        "today": today,
    }
    return customer_answer(
        request, viewer, found, "overview", "dashboard/customers/detail.html", context, part="file_list"
    )


@staff_page
def customer_timeline(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show everything that happened around a customer."""
    found, fmt = customer_of(viewer, name), reader_formatter()
    list_state = ListState(reverse("customer_timeline", args=[found.public_id]), {})
    shown, pages, _total = paginate(request, timeline_of_customer(found.pk), fmt, list_state)
    context = {"moments": moments(shown, viewer.business, fmt), "pages": pages}
    return customer_answer(
        request, viewer, found, "timeline", "dashboard/customers/timeline.html", context, part="results"
    )


def _balances(viewer: StaffViewer, found: Customer, fmt: Formatter) -> list[BalanceRow]:
    today = viewer.business.today()
    accounts = balances_and_credit(viewer, found, today)
    late = dict(past_due_of(viewer, [found.pk], today).get(found.pk, []))
    rows = []
    for currency in sorted(accounts.keys() | late.keys()) or [found.currency or viewer.business.currency]:
        balance, credit = accounts.get(currency, (0, 0))
        rows.append(
            BalanceRow(
                balance=fmt.money(balance, currency),
                past_due=fmt.money(late[currency], currency) if currency in late else "",
                open=fmt.money(balance + credit, currency),
                credit=fmt.money(credit, currency) if credit else "",
                over=_limit_passed(found, currency, balance, fmt),
            )
        )
    return rows


def _limit_passed(found: Customer, currency: str, balance: int, fmt: Formatter) -> str:
    passed = is_over_limit(found, currency, balance)
    return fmt.money(found.credit_limit or 0, currency) if passed else ""


def _open_row(invoice: Document, today: date, fmt: Formatter, under_way: Container[UUID]) -> OpenRow:
    return OpenRow(
        url=reverse("document", args=[invoice.public_id]),
        number=invoice.number,
        due=fmt.date(invoice.deadline) if invoice.deadline else "",
        tag=staff_document_tag(invoice, today, under_way=invoice.pk in under_way),
        amount=fmt.money(invoice.open_amount, invoice.currency),
    )


def _facts(found: Customer, fmt: Formatter, refused: Mapping[str, str]) -> list[Fact]:
    labels = detail_labels()
    terms, limit = found.payment_terms_days, found.credit_limit
    days = ngettext("%(n)s day", "%(n)s days", terms or 0) % {"n": fmt.number(terms or 0)}
    facts = [
        Fact(labels["legal_name"], found.legal_name),
        Fact(labels["email"], found.email, why_not_sent(refused.get(found.email, ""))),
        Fact(labels["phone"], found.phone),
        Fact(labels["external_id"], found.external_id),
        Fact(labels["tax_id"], found.tax_id),
        Fact(labels["registration_number"], found.registration_number),
        Fact(labels["language"], LANGUAGES.get(found.language, "")),
        Fact(labels["currency"], fmt.currency_name(found.currency) if found.currency else ""),
        Fact(labels["payment_terms_days"], "" if terms is None else days),
        Fact(labels["credit_limit"], "" if limit is None else fmt.money(limit, found.credit_limit_currency)),
        Fact(labels["reminders_stopped"], _("None are sent") if found.reminders_stopped else ""),
        *(Fact(name, str(value)) for name, value in found.metadata.items()),
    ]
    return [fact for fact in facts if fact.value]
