"""The cast of the API's tests: a business with a key, and a stranger with another."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_profile import change_profile
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business

type Body = dict[str, Any]


class Program:
    """A program with a key, or without one: what it sends and what it gets."""

    def __init__(self, key: str, business: Business | None = None) -> None:
        self.key = key
        self._business = business
        self._client = Client(headers={"host": "testserver"})

    @property
    def business(self) -> Business:
        assert self._business is not None
        self._business.refresh_from_db()
        return self._business

    def send(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> "Answer":
        """Send a request below `/api/v1`; a body of bytes goes as it is, any other as JSON."""
        sent = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        sent |= headers or {}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        content_type = sent.pop("Content-Type", "application/json")
        response = self._client.generic(method, f"/api/v1{path}", content, content_type, headers=sent)
        return Answer(response.status_code, response.content, response.headers)

    def get(self, path: str) -> "Answer":
        return self.send("GET", path)

    def post(self, path: str, body: object = None, *, once: str = "") -> "Answer":
        """Post; `once` is the Idempotency-Key."""
        return self.send("POST", path, body, headers={"Idempotency-Key": once} if once else None)

    def delete(self, path: str) -> "Answer":
        return self.send("DELETE", path)

    def patch(self, path: str, body: object) -> "Answer":
        return self.send("PATCH", path, body)

    def customer(self, **fields: Any) -> Body:
        """Make a customer, `acme` unless it is said otherwise."""
        return self.made("/customers", {"external_id": "acme", "name": "Acme GmbH"} | fields)

    def invoice(self, **fields: Any) -> Body:
        """Issue an invoice of 119.00 EUR to `acme`, unless it is said otherwise."""
        return self.made("/invoices", invoice(**fields))

    def payment(self, **fields: Any) -> Body:
        """Record a payment of 119.00 EUR from `acme`, unless it is said otherwise."""
        return self.made("/payments", payment(**fields))

    def made(self, path: str, body: Body) -> Body:
        """Post something that is accepted, and return it as it is read again."""
        answer = self.post(path, body)
        assert answer.status in {200, 201}, answer.content
        # A document keeps what its import doubted; of a payment it is said once.
        unread = {"warnings"} if path == "/payments" else set()
        return {name: value for name, value in answer.json.items() if name not in unread}


class Answer:
    """What came back."""

    def __init__(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.status = status
        self.content = content
        self.headers = headers

    @property
    def json(self) -> Body:
        found: Body = json.loads(self.content)
        return found

    def refused(self, status: int, code: str, pointer: str | None = None) -> Body:
        """Assert that this is a problem of RFC 9457 with this status, code and, if given, place; return it."""
        assert (self.status, self.headers["Content-Type"]) == (status, "application/problem+json"), self.content
        problem = self.json
        assert set(problem) == {"type", "title", "status", "detail", "code", "errors"}
        assert (problem["status"], problem["code"]) == (status, code), problem
        if pointer is not None:
            assert pointer in [error["pointer"] for error in problem["errors"]], problem
        return problem


def unlinked(body: Body) -> Body:
    """A document or payment as lists have it: without its links."""
    return {name: value for name, value in body.items() if name not in {"url", "pdf_url", "payment_url"}}


def invoice(**fields: Any) -> Body:
    """An invoice's body: one line of 100.00 EUR and 19 % to `acme`, due in thirty days, unless said otherwise."""
    line = {"description": "Work", "quantity": "1", "unit_price": "100", "tax_rate": "19"}
    return {
        "customer": "acme", "issued_on": "2026-11-01", "due_on": "2026-12-01", "currency": "EUR", "lines": [line]
    } | fields  # fmt: skip


def payment(**fields: Any) -> Body:
    """A payment's body: 119.00 EUR from `acme` by bank transfer, unless said otherwise."""
    return {
        "customer": "acme", "amount": 11900, "currency": "EUR", "paid_on": "2026-11-10", "method": "bank_transfer"
    } | fields  # fmt: skip


@pytest.fixture
def new_program(db: None, clock: Clock) -> Callable[[str], Program]:
    """Return a function that makes a business with a key."""

    def make(slug: str) -> Program:
        data = BusinessInput(slug.title(), slug, "EUR", "DE", "Europe/Berlin")
        business = create_business(data, by=OPERATOR)
        # The order of the recorded example: docs/api.md says that its business has it.
        change_profile(business, {"discount_tax": "after_tax"}, by=OPERATOR)
        _, secret = create_api_key(business, "ERP", by=OPERATOR)
        return Program(secret, business)

    return make


@pytest.fixture
def program(new_program: Callable[[str], Program]) -> Program:
    """A program of the business at hand."""
    return new_program("alpha")


@pytest.fixture
def stranger(new_program: Callable[[str], Program]) -> Program:
    """A program of another business."""
    return new_program("beta")
