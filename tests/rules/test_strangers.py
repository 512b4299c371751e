"""Nobody reaches what is somebody else's: every URL of every front end, with a stranger's session and the owner's ids.

The addresses come from the URLconfs. One that is new and named in none of the tables below fails the test:
a new page has to say here what it names.
"""

# long: every address of every front end stands in one place, so that none is forgotten.

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from portico.config.mailers import demo_mailers
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import SIGN_IN_BOUNDS, Business
from portico.domain.custom_domains.queries import domains_of
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import originals_of
from portico.output.mail.actions.mail_many import start_run
from portico.output.mail.actions.send import send
from portico.output.mail.document_emails import InvoiceEmail
from portico.output.mail.models import MailRun, Message
from portico.output.mail.wordings import Wording
from portico.web.portal.core.kinds import SLUGS
from tests.cast import CODE, HOST, NAME, Account, Cast, make_cast
from tests.rules.routes import BASE, PORTAL, filled, routes

type Ids = Callable[[Account], list[str]]
type Fields = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """An address that names a row by one parameter. `ids` are the owner's; `also` fills the other parameters.

    `body` is what a program posts there.
    """

    ids: Ids
    parameter: str = "name"
    also: dict[str, str] = field(default_factory=dict)
    body: Fields = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """An address that names no row. `queries` and `forms` try to smuggle in the owner's ids all the same."""

    values: list[dict[str, str]] = field(default_factory=lambda: [{}])
    queries: Callable[[Account], list[Fields]] = lambda _: [{}]
    forms: Callable[[Account], list[Fields]] = lambda _: [{}]


def documents(owner: Account) -> list[str]:
    """Every id of the owner's documents, and the other names the first one goes by."""
    first = owner.documents[0]
    return [*(row.public_id for row in owner.documents), first.number, first.external_id, str(first.id)]


def payments(owner: Account) -> list[str]:
    return [owner.payment.public_id, owner.payment.external_id, str(owner.payment.id)]


def customers(owner: Account) -> list[str]:
    return [owner.customer.public_id, owner.customer.external_id, str(owner.customer.id)]


def contacts(owner: Account) -> list[str]:
    return [contact.public_id for contact in owner.customer.contacts.all()]


def methods(owner: Account) -> list[str]:
    return [owner.method.public_id, str(owner.method.id)]


def files(owner: Account) -> list[str]:
    return [file.public_id for file in owner.files]


def originals(owner: Account) -> list[str]:
    return [row.public_id for row in originals_of(owner.documents[0])]


def mails(owner: Account) -> list[str]:
    return [mail.public_id for mail in Message.objects.filter(customer=owner.customer)]


def comments(owner: Account) -> list[str]:
    return [owner.comment.public_id, str(owner.comment.id)]


def gateways(owner: Account) -> list[str]:
    return [account.public_id for account in owner.business.gateway_accounts.all()]


def bank_accounts(owner: Account) -> list[str]:
    return [account.public_id for account in owner.business.bank_accounts.all()]


def payment_instructions(owner: Account) -> list[str]:
    return [row.public_id for row in owner.business.payment_instructions.all()]


def custom_domains(owner: Account) -> list[str]:
    return [row.public_id for row in domains_of(owner.business)]


def _searches(owner: Account) -> list[Fields]:
    return [{}, {"q": CODE}, {"customer": owner.customer.public_id}, {"currency": "EUR"}]


def _invoices(owner: Account) -> list[Fields]:
    return [{"invoice": owner.of(Kind.INVOICE).public_id}]


def _drafted(owner: Account) -> list[Fields]:
    first = owner.of(Kind.INVOICE).public_id
    return [{"customer": owner.customer.public_id}, {"copy": first}, {"credit": first}]


def _payable(owner: Account) -> list[Fields]:
    return [*_invoices(owner), {"estimate": owner.of(Kind.ESTIMATE).public_id}]


_SLUGS = [{"slug": slug} for slug in SLUGS.values()]
_LIST, _DOCUMENT, _PAYMENT = Page(queries=_searches), Row(documents), Row(payments)
_STEP_UP = Page(forms=lambda owner: [{"to": name, "code": "0000-0000"} for name in contacts(owner)])
_ACCOUNTS = Page(forms=lambda owner: [{"account": name} for name in customers(owner)])

PORTAL_CASES: dict[str, Row | Page] = {
    "": Page(),
    "activity": Page(),
    "policy-report": Page(),
    "brand/<str:name>": Page([{"name": f"{CODE}.svg"}]),
    "activity/<slug:slug>": Page(_SLUGS, _searches),
    "activity/<slug:slug>.csv": Page(_SLUGS, _searches),
    "activity/<slug:slug>.pdf": Page(_SLUGS),
    # The names in a ZIP are not compressed, and have the documents' numbers in them.
    "activity/<slug:slug>.zip": Page(_SLUGS, _searches),
    "selection": Page(queries=_invoices),
    "activity/<slug:slug>.xlsx": Page(_SLUGS, _searches),
    "selection.xlsx": Page(queries=_invoices),
    "selection.csv": Page(queries=_invoices),
    "selection.zip": Page(queries=_invoices),
    **{
        f"{folder}/<str:name>{ending}": _DOCUMENT
        for folder in (SLUGS[kind] for kind in Kind)
        for ending in ("", ".pdf", "/viewed", "/comments", "/comments/read")
    },
    "messages": Page(forms=lambda owner: [{"body": "Hello", "customer": owner.customer.public_id}]),
    "messages/read": Page(queries=lambda owner: [{"up_to": owner.comment.public_id}]),
    "comments/files/<str:key>/<str:name>": Row(
        lambda owner: [owner.comment_file.public_id, *files(owner)], "key", {"name": f"{CODE}.pdf"}
    ),
    "comments/<str:key>/edit": Row(comments, "key", body={"body": "Mine"}),
    "comments/<str:key>/remove": Row(comments, "key"),
    "estimates/<str:name>/approve": _DOCUMENT,
    "estimates/<str:name>/decline": _DOCUMENT,
    "invoices/<str:name>/promise": _DOCUMENT,
    "invoices/<str:name>/payment-plan": _DOCUMENT,
    "payments/<str:name>": _PAYMENT,
    "payments/<str:name>.pdf": _PAYMENT,
    "pay": Page(queries=_payable, forms=lambda owner: [{"credit": owner.payment.public_id, "method": "sandbox:card"}]),
    "pay/credits": Page(queries=_invoices),
    "pay/<str:name>": Row(lambda owner: [owner.attempt.public_id, str(owner.attempt.id)]),
    # Which attempt comes back from the bank is known by a signed token alone.
    "pay/back/<str:token>": Page([{"token": "unknown"}]),
    "statements": _LIST,
    "statements.csv": _LIST,
    "statements.xlsx": _LIST,
    "statements.pdf": Page(),
    "documents": Page(queries=lambda _: [{}, {"q": CODE}]),
    "documents.zip": Page(queries=lambda _: [{}, {"q": CODE}]),
    "files/<str:key>/<str:name>": Row(files, "key", {"name": f"{CODE}.pdf"}),
    "billing-details": Page(),
    "sessions": Page(),
    "sessions/end-others": Page(),
    "sessions/<str:name>/end": Row(lambda owner: [owner.session.public_id, str(owner.session.id)]),
    "billing-details/edit": Page(forms=lambda owner: [{"customer": owner.customer.public_id, "phone": "1"}]),
    "billing-details/email": Page(forms=lambda owner: [{"email": owner.customer.email}]),
    "billing-details/contacts/new": Page(forms=lambda owner: [{"customer": owner.customer.public_id, "name": "X"}]),
    "billing-details/contacts/<str:key>": Row(contacts, "key"),
    "billing-details/contacts/<str:key>/remove": Row(contacts, "key"),
    "billing-details/autopay": Page(forms=lambda owner: [{"do": "enrol", "customer": owner.customer.public_id}]),
    "billing-details/payment-methods": Page(),
    "billing-details/payment-methods/new": Page(forms=lambda owner: [{"method": owner.method.public_id}]),
    # Whose method comes back from the bank is known by a signed token alone.
    "billing-details/payment-methods/back": Page(queries=lambda owner: [{"setup": owner.method.public_id}]),
    "billing-details/payment-methods/<str:key>/default": Row(methods, "key"),
    "billing-details/payment-methods/<str:key>/remove": Row(methods, "key"),
    "step-up": _STEP_UP,
    "step-up/code": _STEP_UP,
    # Whom a mailed link is for is known by its secret alone.
    "email/<str:secret>": Page([{"secret": "ch_unknown"}]),
    "email-undo/<str:secret>": Page([{"secret": "ch_unknown"}]),
    "unsubscribe/<str:token>": Page([{"token": "unknown"}]),
    "portico-embed.js": Page(),
    "billing-details/mail": Page(forms=lambda owner: [{"address": owner.customer.email}]),
    "language": Page(forms=lambda _: [{"language": "de", "next": "//evil.example"}]),
    "signed-out": Page(),
    "sign-out": Page(),
    "sign-in": Page(forms=lambda owner: [{"email": owner.customer.email}]),
    "sign-in/code": Page(forms=lambda _: [{"code": "0000-0000"}]),
    "sign-in/account": _ACCOUNTS,
    "sign-in/<str:secret>": Page([{"secret": "ch_unknown"}]),
    "accounts": _ACCOUNTS,
    # A link's secret is nobody's id: `test_gates.py` covers it.
    "s/<str:secret>": Page([{"secret": "pl_unknown"}]),
    "s/<str:secret>/fresh": Page([{"secret": "pl_unknown"}]),
    "s/<str:secret>.pdf": Page([{"secret": "dl_unknown"}]),
    # Nor is a signed token: `web/portal/login/tests/test_signed_link.py` covers it.
    "login/<str:token>": Page([{"token": "eyJhbGciOiJIUzI1NiJ9.e30.unknown"}], lambda _: [{}, {"redirect_to": "//x"}]),
    "login/<str:token>/fresh": Page([{"token": "eyJhbGciOiJIUzI1NiJ9.e30.unknown"}]),
}

_CUSTOMER = Row(customers)


def _links(owner: Account) -> list[Fields]:
    names, actions = [owner.customer.public_id, owner.grant.public_id], ("generate", "mail", "regenerate", "revoke")
    many = [{"do": action, "customer": name, "confirmed": "yes"} for action in actions for name in names]
    one = [{"one": f"{action}:{name}", "confirmed": "yes"} for action in actions for name in names]
    return many + one


def _keys(owner: Account) -> list[Fields]:
    return [
        {"do": "create"},
        {"do": "revoke", "key": owner.business.magic_keys.get().public_id, "confirmed": "yes"},
    ]


def _people(owner: Account) -> list[Fields]:
    places = owner.business.memberships.select_related("user")
    return [
        {"do": action, "who": place.user.public_id, "confirmed": "yes"}
        for place in places
        for action in ("owner", "member", "remove", "again", "withdraw")
    ]


def _api_keys(owner: Account) -> list[Fields]:
    key = owner.business.api_keys.earliest("id").public_id
    return [{"do": action, "key": key, "grace": "0", "confirmed": "yes"} for action in ("replace", "revoke")]


def _looked_for(owner: Account) -> list[Fields]:
    return [{}, *({"about": name} for name in documents(owner) + customers(owner))]


def mail_runs(owner: Account) -> list[str]:
    return [row.public_id for row in MailRun.objects.filter(business=owner.business)]


def _mailed_at_once(owner: Account) -> list[Fields]:
    return [{"document": name, "confirmed": "yes"} for name in documents(owner)]


_TEXT = {"name": "invoice", "language": "en"}


def _words(_owner: Account) -> list[Fields]:
    return [{"subject": "{{ customer }}", "text": "{{ document }} {{ title }}"}]


DASHBOARD_CASES: dict[str, Row | Page] = {
    "": Page(),
    "accounts/login/": Page(),
    "accounts/logout/": Page(),
    "accounts/password/change/": Page(),
    "accounts/password/reset/": Page(),
    "accounts/second-step/": Page(),
    "accounts/passkey/": Page(),
    "accounts/confirm/": Page(),
    **{f"accounts/second-factor/{ending}": Page() for ending in ("", "app/", "passkey/", "codes/", "remove/")},
    # Whom a mailed link is for is known by its secret alone.
    "accounts/password/reset/<str:secret>/": Page([{"secret": "stl_unknown"}]),
    "accounts/invitation/<str:secret>/": Page([{"secret": "stl_unknown"}]),
    "businesses": Page(forms=lambda owner: [{"business": owner.business.public_id}]),
    "customers": _LIST,
    **{
        f"customers/<str:name>{ending}": _CUSTOMER
        for ending in (
            "", "/documents", "/payments", "/payments/new", "/timeline", "/access", "/mail", "/statement",
            "/statement.pdf", "/statement.csv", "/statement.xlsx", "/statement/send", "/link", "/sign-in-links",
            "/files", "/autopay", "/methods", "/credit", "/conversation", "/conversation/seen", "/edit", "/archive",
            "/contacts/new", "/merge",
        )
    },
    "customers/new": Page(),
    "contacts/<str:name>": Row(contacts),
    "documents": _LIST,
    **{
        f"documents/<str:name>{ending}": _DOCUMENT
        for ending in (
            "", ".pdf", "/send", "/reminders", "/issue", "/void", "/write-off", "/undo-write-off", "/apply",
            "/take-off", "/link", "/files",
            "/approve", "/decline", "/deposit", "/convert", "/methods", "/payment-plan", "/payment-plan/send",
            "/payment-plan/cancel", "/collect", "/conversation", "/conversation/seen",
        )
    },
    "mail": Page(queries=lambda _: [{}, {"q": CODE}, {"state": "sent"}]),
    "mail/<str:name>": Row(mails),
    "mail/runs/<str:name>": Row(mail_runs),
    "documents/mail": Page(forms=_mailed_at_once),
    **{f"{name}.{suffix}": Page() for name in ("customers", "documents", "payments") for suffix in ("csv", "xlsx")},
    **{name: Page() for name in ("journal", "journal.csv", "journal.xlsx", "journal/datev.csv", "settings/datev")},
    "search": Page(queries=lambda account: [{}, {"q": "a"}, {"q": "acme"}]),
    "inbox": Page(queries=lambda _: [{}, {"show": "mine"}, {"show": "waiting"}, {"show": "resolved"}]),
    "inbox/alerts": Page(),
    "comments/<str:name>/edit": Row(comments),
    "comments/<str:name>/remove": Row(comments),
    "payments": _LIST,
    "payments/attempts": Page(),
    **{f"payments/<str:name>{ending}": _PAYMENT for ending in ("", ".pdf", "/void", "/refund", "/apply", "/send")},
    "documents/new": Page(queries=_drafted, forms=_drafted),
    "documents/<str:name>/edit": Row(documents),
    "documents/<str:name>/delete": Row(documents),
    "originals/<str:name>": Row(originals),
    "files/<str:name>": Row(files),
    "files/<str:name>/visibility": Row(files),
    "files/<str:name>/remove": Row(files),
    "settings/business": Page(),
    "settings/start": Page(),
    "settings/portal": Page(),
    "settings/texts": Page(),
    "settings/brand": Page(),
    "settings/brand/preview": Page(),
    "settings/brand/restore": Page(),
    "settings/brand/css": Page(),
    "settings/brand/script": Page(),
    "settings/brand/analytics": Page(),
    "settings/brand/sites": Page(),
    "settings": Page(),
    "settings/domains": Page(),
    "settings/domains/<str:name>": Row(custom_domains),
    "settings/payments": Page(),
    "settings/mail": Page(),
    "settings/mail/texts": Page(),
    # A text is named by what it is, and found among the business's own alone.
    "settings/mail/texts/<str:name>/<str:language>": Page([_TEXT]),
    "settings/mail/texts/<str:name>/<str:language>/preview": Page([_TEXT], forms=_words),
    # A business's gateway is named by what it is, and found among its own alone.
    "settings/team": Page(forms=_people),
    "settings/api-keys": Page(forms=_api_keys),
    "settings/audit-log": Page(queries=_looked_for),
    "settings/audit-log.csv": Page(queries=_looked_for),
    "settings/sign-in": Page(
        forms=lambda _: [{"sign_in_url": "", "return_origins": ""} | dict.fromkeys(SIGN_IN_BOUNDS, "15")]
    ),
    "settings/sign-in/keys": Page(forms=_keys),
    "settings/embedding/example": Page(forms=lambda _: [{}]),
    "settings/embedding": Page(forms=lambda _: [{"embed_origins": "https://shop.example"}]),
    "settings/portal/tokens": Page(forms=_links),
    "settings/payments/bank": Page(),
    "settings/payments/bank/new": Page(),
    "settings/payments/bank/<str:name>": Row(bank_accounts),
    "settings/payments/bank/texts/new": Page(),
    "settings/payments/bank/texts/<str:name>": Row(payment_instructions),
    "settings/payments/gateways": Page(),
    "settings/payments/gateways/new/<str:gateway>": Page([{"gateway": "sandbox"}]),
    "settings/payments/gateways/<str:name>": Row(gateways),
    "dev/outbox": Page(),
    "dev/outbox/<str:name>": Row(mails),
    "dev/outbox/<str:name>.html": Row(mails),
}  # fmt: skip


def _written(owner: Account) -> list[Fields]:
    line = {"description": "x", "quantity": "1", "unit_price": "1"}
    return [
        {"customer": name, "issued_on": "2026-11-01", "currency": "EUR", "lines": [line]} for name in customers(owner)
    ]


def _paid(owner: Account) -> list[Fields]:
    money = {"amount": 100, "currency": "EUR", "paid_on": "2026-11-01", "method": "cash"}
    shares = [{"invoice": name, "amount": 100} for name in documents(owner)]
    return [{"customer": name, **money} for name in customers(owner)] + [
        {"customer": "FAR-1", **money, "allocations": [share]} for share in shares
    ]


def _mails(owner: Account) -> list[Fields]:
    about = [{"document": owner.documents[0].public_id}, {"customer": owner.customer.public_id}]
    return [{}, *about, {"recipient": owner.customer.email}]


def _comments(owner: Account) -> list[Fields]:
    return [{}, {"customer": owner.customer.public_id}, {"document": owner.documents[0].public_id}]


def _written_about(owner: Account) -> list[Fields]:
    about = [{"document": name} for name in documents(owner)] + [{"customer": name} for name in customers(owner)]
    return [{"body": "Mine"} | row for row in about] + [{"body": "Mine", "customer": "FAR-1", "author": "staff"}]


def _events(owner: Account) -> list[Fields]:
    return [{}, *({"about": row.public_id} for row in owner.documents), {"customer": owner.customer.public_id}]


_ESTIMATE: Fields = {
    "customer": "FAR-1", "issued_on": "2026-11-01", "currency": "EUR",
    "lines": [{"description": "x", "quantity": "1", "unit_price": "1"}],
}  # fmt: skip


def _collected(owner: Account) -> list[Fields]:
    return [{"customer": name, "advance": 100} for name in customers(owner)] + [
        {"customer": "FAR-1", "invoices": [{"invoice": name}]} for name in documents(owner)
    ]


_PLAN: Fields = {"instalments": [{"due_on": "2026-12-31", "amount": 100}]}
_SHARES: Fields = {"allocations": [{"invoice": "FAR-2", "amount": 1}]}

API_CASES: dict[str, Row | Page] = {
    "api/v1/openapi.json": Page(),
    "api/v1/": Page(),
    "api/": Page(),
    "api/v1/customers": Page(queries=_searches),
    **{
        f"api/v1/customers/<path:customer>{ending}": Row(customers, "customer")
        for ending in (
            "",
            "/portal_url",
            "/sign_in_links",
            "/statement",
            "/statement/send",
            "/credit_balance",
            "/autopay",
            "/archive",
            "/unarchive",
        )
    },
    "api/v1/domains": Page(),
    "api/v1/domains/<str:domain>": Row(custom_domains, "domain"),
    "api/v1/domains/<str:domain>/check": Row(custom_domains, "domain"),
    "api/v1/files": Page(queries=lambda owner: [{}, {"customer": owner.customer.public_id}]),
    "api/v1/files/<str:file>": Row(files, "file", body={"visible": True}),
    "api/v1/files/<str:file>/content": Row(files, "file"),
    "api/v1/originals": Page(queries=lambda owner: [{}, {"document": owner.documents[0].public_id}]),
    "api/v1/originals/<str:original>": Row(originals, "original"),
    "api/v1/originals/<str:original>/content": Row(originals, "original"),
    "api/v1/search": Page(queries=_searches),
    "api/v1/customers/<path:customer>/merge": Row(customers, "customer", body={"customer": "far"}),
    "api/v1/customers/<path:customer>/merges/<str:merge>/undo": Row(customers, "customer", {"merge": "mrg_1"}),
    "api/v1/customers/<path:customer>/contacts": Row(customers, "customer", body={"name": "Me"}),
    "api/v1/customers/<path:customer>/contacts/<str:contact>": Row(
        customers, "customer", {"contact": "con_1"}, body={"name": "Me"}
    ),
    "api/v1/invoices": Page(queries=_searches, forms=_written),
    "api/v1/invoices/<path:invoice>": Row(documents, "invoice"),
    "api/v1/invoices/<path:invoice>/void": Row(documents, "invoice"),
    **{
        f"api/v1/{kind}s/<path:{kind}>/issue": Row(documents, kind)
        for kind in ("invoice", "estimate", "credit_note", "sales_order")
    },
    "api/v1/sales_orders": Page(queries=_searches, forms=_written),
    "api/v1/sales_orders/<path:sales_order>": Row(documents, "sales_order"),
    "api/v1/sales_orders/<path:sales_order>/void": Row(documents, "sales_order"),
    "api/v1/invoices/<path:invoice>/collect": Row(documents, "invoice"),
    "api/v1/invoices/<path:invoice>/promise": Row(
        documents, "invoice", body={"amount": 100, "promised_on": "2026-12-31"}
    ),
    "api/v1/invoices/<path:invoice>/payment_plan": Row(documents, "invoice", body=_PLAN),
    "api/v1/invoices/<path:invoice>/payment_plan/approve": Row(documents, "invoice"),
    **{
        f"api/v1/{kind}s/<path:{kind}>/send": Row(documents, kind)
        for kind in ("invoice", "estimate", "credit_note", "sales_order")
    },
    "api/v1/payments/<path:payment>/send": Row(payments, "payment"),
    "api/v1/messages": Page(queries=_mails),
    "api/v1/messages/<str:message>": Row(mails, "message"),
    "api/v1/comments": Page(queries=_comments, forms=_written_about),
    "api/v1/comments/<str:comment>": Row(comments, "comment", body={"body": "Mine"}),
    **{
        f"api/v1/{kind}s/<path:{kind}>/resolve": Row(documents, kind) for kind in ("invoice", "estimate", "credit_note")
    },
    "api/v1/credit_notes": Page(queries=_searches, forms=_written),
    "api/v1/credit_notes/<path:credit_note>": Row(documents, "credit_note"),
    "api/v1/credit_notes/<path:credit_note>/void": Row(documents, "credit_note"),
    "api/v1/estimates": Page(queries=_searches, forms=_written),
    "api/v1/estimates/<path:estimate>": Row(documents, "estimate", body=_ESTIMATE),
    "api/v1/estimates/<path:estimate>/approve": Row(documents, "estimate", body={"name": "Jane Doe"}),
    **{
        f"api/v1/estimates/<path:estimate>/{action}": Row(documents, "estimate")
        for action in ("decline", "convert", "void")
    },
    "api/v1/payments": Page(queries=_searches, forms=_paid),
    "api/v1/payments/<path:payment>": Row(payments, "payment"),
    "api/v1/payments/<path:payment>/void": Row(payments, "payment"),
    "api/v1/payments/<path:payment>/refunds": Row(payments, "payment"),
    "api/v1/payments/<path:payment>/allocations": Row(payments, "payment", body=_SHARES),
    "api/v1/payments/<path:payment>/allocations/<path:invoice>": Row(payments, "payment", {"invoice": "FAR-2"}),
    "api/v1/payment_attempts": Page(queries=_searches, forms=_collected),
    "api/v1/payment_attempts/<str:payment_attempt>": Row(payments, "payment_attempt"),
    "api/v1/credit_notes/<path:credit_note>/allocations": Row(documents, "credit_note", body=_SHARES),
    "api/v1/credit_notes/<path:credit_note>/allocations/<path:invoice>": Row(
        documents, "credit_note", {"invoice": "FAR-2"}
    ),
    "api/v1/customers/<path:customer>/payment_methods": Row(
        customers, "customer", body={"gateway": "sandbox", "token": "sbm_1"}
    ),
    **{
        f"api/v1/customers/<path:customer>/payment_methods/<str:payment_method>{ending}": Row(
            customers, "customer", {"payment_method": "pm_1"}
        )
        for ending in ("", "/default")
    },
    "api/v1/customers/<path:customer>/credit_balance/adjustments": Row(
        customers, "customer", body={"amount": 5, "currency": "EUR", "reason": "x"}
    ),
    "api/v1/events": Page(queries=_events),
    "api/v1/reports/ageing": Page(queries=_searches),
    "api/v1/business": Page(),
    "api/v1/business/texts": Page(),
    "api/v1/business/texts/<str:language>": Page([{"language": "de"}]),
    "api/v1/business/bank_accounts": Page(),
    "api/v1/business/bank_accounts/<str:bank_account>": Row(bank_accounts, "bank_account"),
}

# What may move when somebody merely knocks: when a session or key was last used.
_USES = {"last_seen_at", "last_used_at", "last_login"}
_UNWATCHED = {"sessions.Session", "contenttypes.ContentType"}


@dataclass
class Intruder:
    """Somebody with a session or key of their own; `enter` gives a fresh one, as some addresses end it.

    `refused` is what addresses answer that name the owner's rows. Who has no session here never gets as far as a row,
    so one of them is enough: `knows_one`.
    """

    enter: Callable[[], Client]
    prefix: str = "/"
    is_json: bool = False
    refused: frozenset[int] = frozenset({404})
    knows_one: bool = False
    _client: Client | None = None

    def send(self, method: str, path: str, query: Fields, form: Fields) -> HttpResponse:
        if self._client is None:
            self._client = self.enter()
        url = self.prefix + path
        if method == "POST" and not self.is_json:
            answer = self._client.post(url, form, query_params=query)
        else:
            body = json.dumps(form) if method in {"POST", "PUT", "PATCH"} else ""
            answer = self._client.generic(method, url, body, "application/json", query_params=query)
        if "sign-out" in path or "logout" in path:
            self._client = None
        return answer  # type: ignore[return-value]  # the client adds to the response, it stays one


def walk(intruder: Intruder, cases: dict[str, Row | Page], owner: Account) -> Iterator[str]:
    """Knock at every route, and yield what an intruder should not have got or done."""
    marks = [NAME, *(row.number for row in owner.documents), owner.customer.external_id]
    before = everything(), of_owner(owner)
    for route, case in cases.items():
        statuses: set[int] = set()
        for method, path, query, form in _knocks(intruder, route, case, owner):
            response = intruder.send(method, path, query, form)
            statuses.add(response.status_code)
            body = (b"".join(response) if response.streaming else response.content).decode("utf-8", "replace")
            sent = f"{unquote(path)} {query} {form}"
            if any(mark in body and mark not in sent for mark in marks):
                yield f"{method} {path} {query} {form} shows something of the owner's"
            if response.status_code >= 500:
                yield f"{method} {path} {query} {form} answers {response.status_code}"
        after = everything(), of_owner(owner)
        if isinstance(case, Row) and not (statuses <= intruder.refused | {405} and statuses & intruder.refused):
            yield f"{route} answers {statuses}"
        if after[1] != before[1] or (isinstance(case, Row) and after != before):
            yield f"{route} changed something"
        before = after


def _knocks(
    intruder: Intruder, route: str, case: Row | Page, owner: Account
) -> Iterator[tuple[str, str, Fields, Fields]]:
    queries: list[Fields]
    if isinstance(case, Row):
        names = case.ids(owner)[: 1 if intruder.knows_one else None]
        paths = [filled(route, {case.parameter: name, **case.also}) for name in names]
        queries = [{}]
        forms = [case.body if intruder.is_json else {"confirmed": "yes"}]
    else:
        paths = [filled(route, values) for values in case.values]
        queries, forms = case.queries(owner), case.forms(owner)
    for path in paths:
        yield from (("GET", path, query, {}) for query in queries)
        if path == paths[0]:
            yield from (("POST", path, {}, form) for form in forms)
            body = case.body if isinstance(case, Row) else {}
            yield from ((method, path, {}, body) for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"))


def everything() -> dict[str, str]:
    """A checksum of every table, without the moments of last use."""
    watched = [model for model in apps.get_models() if model._meta.label not in _UNWATCHED]
    return {model._meta.label: _checksum(model._base_manager.all()) for model in watched}


def of_owner(owner: Account) -> dict[str, str]:
    """A checksum of what is the owner's own, table by table."""
    found = {}
    for model in apps.get_models():
        path = _way(model, Customer)
        if path is not None:
            found[model._meta.label] = _checksum(model._base_manager.filter(**{path or "pk": owner.customer.pk}))
    found["business"] = _checksum(Business._base_manager.filter(pk=owner.business.pk))
    assert len(found) > 15, "the ways from tables to their customer are found"
    return found


def _way(model: type[Model], to: type[Model], depth: int = 3) -> str | None:
    """Return the lookup that leads from a table to the customer its rows belong to, if there is one."""
    if model is to:
        return ""
    keys = [key for key in model._meta.get_fields() if isinstance(key, ForeignKey)] if depth else []
    ways = [(key.name, _way(key.related_model, to, depth - 1)) for key in keys]
    paths = [f"{name}__{way}" if way else name for name, way in ways if way is not None]
    return min(paths, key=len, default=None)


def _checksum(rows: QuerySet[Any]) -> str:
    names = [column.attname for column in rows.model._meta.concrete_fields if column.name not in _USES]
    return hashlib.sha256(repr(list(rows.order_by("pk").values_list(*names))).encode()).hexdigest()


def mail_to(owner: Account) -> None:
    """Mail the owner a document that bears the marks."""
    customer = owner.customer
    letter = InvoiceEmail(f"{NAME} {CODE}", "https://example.com/", Wording(f"{NAME} {CODE}", NAME))
    event = Activity.objects.filter(customer=customer).latest("id")
    start_run(customer.business, owner.documents[:1], by=OPERATOR)
    send(InvoiceEmail, lambda: letter, about=event, to=customer.email, business=customer.business, customer=customer)


@pytest.fixture
def cast(db: None, settings: Settings) -> Cast:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Only a demonstration's mail can be looked at.
    settings.PORTICO_DEMO, settings.MAILERS = True, demo_mailers()
    made = make_cast()
    mail_to(made.owner)
    return made


# Nobody is signed in there: a signature or an id that can't be guessed opens them, and their own tests try without.
_NO_SESSION = ("webhooks/", "sandbox/")


@pytest.mark.parametrize(
    ("found", "cases"),
    [
        (routes(PORTAL), PORTAL_CASES),
        ([route for route in routes(BASE) if route.startswith("api/")], API_CASES),
        ([route for route in routes(BASE) if not route.startswith(("api/", *_NO_SESSION))], DASHBOARD_CASES),
    ],
    ids=["portal", "api", "dashboard"],
)
def test_every_address_has_a_case(found: list[str], cases: dict[str, Row | Page]) -> None:
    assert sorted(found) == sorted(cases)


@pytest.mark.parametrize("who", ["neighbour", "stranger", "stranger's cookie", "nobody"])
def test_the_portal_shows_and_does_nothing_of_somebody_else_s(cast: Cast, who: str) -> None:
    here, closed = "/portal/nordlicht/", frozenset({403, 404})
    intruder = {
        "neighbour": Intruder(cast.neighbour.browser, here),
        "stranger": Intruder(cast.stranger.browser, "/portal/fremd/"),
        "stranger's cookie": Intruder(
            lambda: cast.stranger.browser(business=cast.owner.business), here, refused=closed, knows_one=True
        ),
        "nobody": Intruder(lambda: Client(headers={"host": HOST}), here, refused=closed, knows_one=True),
    }[who]
    assert not list(walk(intruder, PORTAL_CASES, cast.owner))


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_the_dashboard_shows_and_does_nothing_of_another_business(cast: Cast, who: str) -> None:
    def enter() -> Client:
        client = Client(headers={"host": HOST})
        if who == "stranger":
            client.force_login(cast.stranger_staff)
        return client

    intruder = Intruder(enter)
    if who == "nobody":
        intruder.refused, intruder.knows_one = frozenset({302, 404}), True
    assert not list(walk(intruder, DASHBOARD_CASES, cast.owner))


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_the_api_shows_and_does_nothing_of_another_business(cast: Cast, who: str) -> None:
    key = {"authorization": f"Bearer {cast.stranger_api_key}"} if who == "stranger" else {}
    intruder = Intruder(lambda: Client(headers={"host": HOST, **key}), is_json=True)
    if who == "nobody":
        intruder.refused, intruder.knows_one = frozenset({401}), True
    assert not list(walk(intruder, API_CASES, cast.owner))


def test_the_same_ids_open_it_all_for_their_owners(cast: Cast) -> None:
    """The walks above would prove nothing with ids that open nothing."""
    owner, browser = cast.owner, cast.owner.browser(colleague=True)
    for kind in Kind:
        page = browser.get(f"/portal/nordlicht/{SLUGS[kind]}/{owner.of(kind).public_id}")
        assert NAME in page.content.decode(), kind
    of_customer, of_invoice, of_draft = (
        f"/portal/nordlicht/files/{file.public_id}/{file.name}" for file in owner.files
    )
    for path in (of_customer, of_invoice):
        assert browser.get(path).getvalue().startswith(b"%PDF"), path
    assert browser.get(of_draft).status_code == 404
    assert browser.get(of_customer + ".exe").status_code == 404
    staff, program = (
        Client(headers={"host": HOST}),
        Client(headers={"host": HOST, "authorization": f"Bearer {cast.api_key}"}),
    )
    staff.force_login(cast.staff)
    assert NAME in staff.get(f"/customers/{owner.customer.public_id}").content.decode()
    [mail] = mails(owner)
    assert NAME in staff.get(f"/dev/outbox/{mail}").content.decode()
    for name in customers(owner)[:2]:
        assert NAME in program.get(f"/api/v1/customers/{name}").content.decode()
    assert CODE in program.get(f"/api/v1/invoices/{owner.documents[0].external_id}").content.decode()
