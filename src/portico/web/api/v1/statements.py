from datetime import date
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from portico.domain.access import queries as access
from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.models import Customer
from portico.domain.ledger.models import Account
from portico.domain.ledger.queries import Bucket, account_or_empty, accounts_of
from portico.domain.ledger.statements import balance_forward, open_item
from portico.lib.errors import FieldError, Invalid
from portico.lib.money import exponent
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, viewer_of
from portico.web.api.v1.document_links import Url, statement_url
from portico.web.api.v1.fields import DayParameter, OneOf, TextParameter
from portico.web.api.v1.pagination import refuse_unknown

router = Router(tags=["Statements"])

TYPES = ("balance_forward", "open_item")

Ageing = Annotated[
    dict[str, int],
    Field(
        description="Amounts by age, in days since the due date or, without one, since the issue date: `current`,"
        " `1_30`, `31_60`, `61_90`, `91_plus` (or the business's own edges), and `unapplied` credits, which are"
        " negative. They add up to the total.",
        examples=[{"current": 43522, "1_30": 0, "31_60": 0, "61_90": 0, "91_plus": 0, "unapplied": 0}],
    ),
]


class StatementQuery(BaseModel):
    """Which statement."""

    type: Annotated[TextParameter, OneOf(TYPES)] = "balance_forward"
    start: Annotated[DayParameter, Field(description="First day; the first of the end's month when left out")] = None
    end: Annotated[DayParameter, Field(description="Last day; today when left out")] = None
    as_of: Annotated[DayParameter, Field(description="Day of an open-item statement; today when left out")] = None
    currency: Annotated[TextParameter, Field(description="Needed when the customer has several")] = ""


class EntryOut(TypedDict):
    """One thing that happened to the account. One of `debit` and `credit` is zero."""

    date: date
    kind: str
    number: str
    debit: int
    credit: int
    balance: int


class BalanceForwardOut(TypedDict):
    """What was brought forward, what moved and what it came to. `opening + debits - credits = closing`."""

    object: Literal["statement"]
    type: Literal["balance_forward"]
    customer: str
    url: Url
    currency: str
    start: date
    end: date
    opening: int
    entries: list[EntryOut]
    debits: int
    credits: int
    closing: int
    ageing: Ageing


class ItemOut(TypedDict):
    """Something open. What the customer is owed is negative.

    `days` is its age since the due date or, without one, the issue date; `days_past_due` is 0 without a due date.
    """

    number: str
    kind: str
    issued_on: date
    due_on: date | None
    original: int
    applied: int
    open: int
    days: int
    days_past_due: int


class OpenItemOut(TypedDict):
    """Everything open on a day. `total` is the sum of the items and of the ageing."""

    object: Literal["statement"]
    type: Literal["open_item"]
    customer: str
    url: Url
    currency: str
    as_of: date
    items: list[ItemOut]
    total: int
    ageing: Ageing


@router.get(
    "/{path:customer}/statement",
    auth=READ,
    response={200: BalanceForwardOut | OpenItemOut},
    summary="Read a statement of account",
)
def read_statement(request: HttpRequest, customer: str, query: Query[StatementQuery]) -> HttpResponse:
    """A statement of any day, past ones as they were. Amounts are minor units of the currency."""
    viewer = viewer_of(request)
    refuse_unknown(request, query)
    owner = access.customer(viewer, customer)
    account = _account(owner, query.currency)
    if query.type == "open_item":
        return answer(_open_item(viewer, owner, account, query))
    return answer(_balance_forward(viewer, owner, account, query))


def _balance_forward(viewer: ApiViewer, owner: Customer, account: Account, query: StatementQuery) -> BalanceForwardOut:
    _refuse_given(query, "as_of")
    today = viewer.business.today()
    end = query.end or today
    start = query.start or end.replace(day=1)
    if start > end:
        raise Invalid("The start is after the end.", fields=[FieldError("/start", "The start is after the end.")])
    statement = balance_forward(account, start, end, today=today, edges=viewer.business.edges)
    return {
        "object": "statement",
        "type": "balance_forward",
        "customer": owner.public_id,
        "url": statement_url(owner, viewer),
        "currency": account.currency,
        "start": start,
        "end": end,
        "opening": statement.opening,
        "entries": [
            {
                "date": line.day,
                "kind": line.kind,
                "number": line.number,
                "debit": line.debit,
                "credit": line.credit,
                "balance": line.balance,
            }
            for line in statement.lines()
        ],
        "debits": statement.debits,
        "credits": statement.credits,
        "closing": statement.closing,
        "ageing": ageing_out(statement.ageing),
    }


def _open_item(viewer: ApiViewer, owner: Customer, account: Account, query: StatementQuery) -> OpenItemOut:
    _refuse_given(query, "start", "end")
    today = viewer.business.today()
    statement = open_item(account, query.as_of or today, today=today, edges=viewer.business.edges)
    return {
        "object": "statement",
        "type": "open_item",
        "customer": owner.public_id,
        "url": statement_url(owner, viewer),
        "currency": account.currency,
        "as_of": query.as_of or today,
        "items": [
            {
                "number": item.number,
                "kind": item.kind,
                "issued_on": item.issued_on,
                "due_on": item.due_on,
                "original": item.original,
                "applied": item.applied,
                "open": item.open,
                "days": item.days,
                "days_past_due": item.days_past_due,
            }
            for item in statement.items
        ],
        "total": statement.total,
        "ageing": ageing_out(statement.ageing),
    }


def ageing_out(buckets: list[Bucket]) -> dict[str, int]:
    """Return ageing columns by name, in minor units."""
    return {bucket.name: bucket.amount for bucket in buckets}


def known_currency(code: str) -> str:
    """Return a currency's code. Raises Invalid that points at the parameter for one that there is not."""
    try:
        exponent(code)
    except Invalid as error:
        error.fields = (FieldError("/currency", error.message),)
        raise
    return code


def _account(owner: Customer, wanted: str) -> Account:
    """Return the account a statement is about: the one asked for, the customer's own currency's, or the only one."""
    if wanted:
        return account_or_empty(owner.business_id, owner.pk, known_currency(wanted))
    accounts = {account.currency: account for account in accounts_of(owner.pk)}
    if owner.currency in accounts:
        return accounts[owner.currency]
    if len(accounts) > 1:
        text = f"Say which currency: this customer has {', '.join(accounts)}."
        raise Invalid(text, code="currency_required", fields=[FieldError("/currency", text)])
    for account in accounts.values():
        return account
    return account_or_empty(owner.business_id, owner.pk, owner.currency or owner.business.currency)


def _refuse_given(query: StatementQuery, *names: str) -> None:
    fields = [
        FieldError(f"/{name}", f"A statement of type {query.type or TYPES[0]} has no {name}.")
        for name in names
        if getattr(query, name) is not None
    ]
    if fields:
        raise Invalid(fields[0].message, fields=fields)
