from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.businesses import queries
from portico.domain.businesses.actions.bank_accounts import (
    BankAccountInput,
    add_bank_account,
    change_bank_account,
    remove_bank_account,
)
from portico.domain.businesses.models import BankAccount, Business
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Input, Line, Text
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Business"])

_FIELDS = ("label", "currency", "country", "holder", "bank_name", "iban", "bic", "details")


class BankAccountIn(Input):
    """A bank account that customers transfer to. Fields that are left out of a change stay; null or "" empties them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"holder": "Nordlicht Studio GmbH", "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFF"}]
        }
    )

    label: Annotated[
        Annotated[Line, Field(max_length=100)] | None, Field(description="Your own name for it; customers don't see it")
    ] = None
    currency: Annotated[
        Annotated[Line, Field(max_length=3)] | None,
        Field(description="ISO 4217: documents in it ask for this account; empty: those without one of their own"),
    ] = None
    country: Annotated[
        Annotated[Line, Field(max_length=2)] | None, Field(description="ISO 3166; an IBAN says it itself")
    ] = None
    holder: Annotated[Line, Field(max_length=70)] | None = None
    bank_name: Annotated[Line, Field(max_length=100)] | None = None
    iban: Annotated[Line, Field(max_length=50)] | None = None
    bic: Annotated[Line, Field(max_length=20)] | None = None
    details: Annotated[
        Annotated[Text, Field(max_length=1000)] | None, Field(description="For a country without IBAN, or beside it")
    ] = None


class BankAccountOut(TypedDict):
    """A bank account. IBAN and BIC stand without spaces."""

    object: Literal["bank_account"]
    id: str
    label: str | None
    currency: str | None
    country: str | None
    holder: str | None
    bank_name: str | None
    iban: str | None
    bic: str | None
    details: str | None
    created_at: datetime


class BankAccountList(TypedDict):
    """The accounts that customers transfer to, in the order in which they are shown: all of them on one page."""

    object: Literal["list"]
    data: list[BankAccountOut]
    next_cursor: None


@router.get("/bank_accounts", auth=READ, response={200: BankAccountList}, summary="List bank accounts")
def list_bank_accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that customers transfer to."""
    body: BankAccountList = {
        "object": "list",
        "data": bank_accounts_out(viewer_of(request).business),
        "next_cursor": None,
    }
    return answer(body)


@router.post(
    "/bank_accounts",
    auth=WRITE,
    response={201: BankAccountOut},
    openapi_extra=IDEMPOTENT,
    summary="Add a bank account",
)
@idempotent
def create_bank_account(request: HttpRequest, body: BankAccountIn) -> HttpResponse:
    """Let customers transfer to an account: it is shown after the others."""
    viewer = viewer_of(request)
    account = add_bank_account(viewer.business, replace(BankAccountInput(), **_sent(body)), by=viewer.actor)
    return answer(bank_account_out(account), 201)


@router.get(
    "/bank_accounts/{str:bank_account}",
    auth=READ,
    response={200: BankAccountOut},
    summary="Read a bank account",
)
def read_bank_account(request: HttpRequest, bank_account: str) -> HttpResponse:
    """One account, by its id."""
    return answer(bank_account_out(queries.bank_account(viewer_of(request).business, bank_account)))


@router.patch(
    "/bank_accounts/{str:bank_account}",
    auth=WRITE,
    response={200: BankAccountOut},
    summary="Change a bank account",
)
def update_bank_account(request: HttpRequest, bank_account: str, body: BankAccountIn) -> HttpResponse:
    """Change an account; open documents ask for it as it is now."""
    viewer = viewer_of(request)
    found = queries.bank_account(viewer.business, bank_account)
    known = {name: getattr(found, name) for name in _FIELDS}
    changed = change_bank_account(found, BankAccountInput(**{**known, **_sent(body)}), by=viewer.actor)
    return answer(bank_account_out(changed))


@router.delete(
    "/bank_accounts/{str:bank_account}",
    auth=WRITE,
    response={200: BankAccountOut},
    summary="Remove a bank account",
)
def delete_bank_account(request: HttpRequest, bank_account: str) -> HttpResponse:
    """Ask nobody to transfer to an account any more."""
    viewer = viewer_of(request)
    found = queries.bank_account(viewer.business, bank_account)
    gone = bank_account_out(found)
    remove_bank_account(found, by=viewer.actor)
    return answer(gone)


def _sent(body: BankAccountIn) -> dict[str, str]:
    return {name: value or "" for name, value in body.model_dump(exclude_unset=True).items()}


def bank_accounts_out(business: Business) -> list[BankAccountOut]:
    """Return a business's bank accounts as they read, in its order."""
    return [bank_account_out(row) for row in queries.bank_accounts(business)]


def bank_account_out(account: BankAccount) -> BankAccountOut:
    """Return a bank account as it reads."""
    return {
        "object": "bank_account",
        "id": account.public_id,
        "label": account.label or None,
        "currency": account.currency or None,
        "country": account.country or None,
        "holder": account.holder or None,
        "bank_name": account.bank_name or None,
        "iban": account.iban or None,
        "bic": account.bic or None,
        "details": account.details or None,
        "created_at": account.created_at,
    }
