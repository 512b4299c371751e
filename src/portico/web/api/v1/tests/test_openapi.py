"""The description is true: programs that believe it are right, and nothing they send breaks us."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_json

from portico.web.api.v1.api import api
from portico.web.api.v1.tests.conftest import Program

_DOCS = Path(__file__).parents[6] / "docs" / "api.md"
SCHEMA: dict[str, Any] = json.loads(to_json(api.get_openapi_schema()))
_OPERATIONS = [(method.upper(), path) for path, methods in SCHEMA["paths"].items() for method in methods]


def test_the_description_is_served_to_everybody(db: None) -> None:
    answer = Program("").get("/openapi.json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["servers"] == [{"url": "http://testserver"}]
    assert set(answer.json["paths"]) == {
        "/api/v1/business", "/api/v1/business/bank_accounts", "/api/v1/business/bank_accounts/{bank_account}",
        "/api/v1/business/texts", "/api/v1/business/texts/{language}",
        "/api/v1/customers", "/api/v1/customers/{customer}", "/api/v1/customers/{customer}/portal_url",
        "/api/v1/customers/{customer}/autopay", "/api/v1/customers/{customer}/archive",
        "/api/v1/customers/{customer}/unarchive", "/api/v1/customers/{customer}/contacts",
        "/api/v1/customers/{customer}/contacts/{contact}", "/api/v1/customers/{customer}/merge",
        "/api/v1/customers/{customer}/merges/{merge}/undo", "/api/v1/customers/{customer}/sign_in_links",
        "/api/v1/customers/{customer}/statement", "/api/v1/invoices", "/api/v1/invoices/{invoice}",
        "/api/v1/invoices/{invoice}/void", "/api/v1/invoices/{invoice}/payment_plan",
        "/api/v1/invoices/{invoice}/payment_plan/approve", "/api/v1/invoices/{invoice}/promise",
        "/api/v1/credit_notes", "/api/v1/credit_notes/{credit_note}", "/api/v1/credit_notes/{credit_note}/void",
        "/api/v1/payments", "/api/v1/payments/{payment}", "/api/v1/payments/{payment}/void", "/api/v1/reports/ageing",
        "/api/v1/estimates", "/api/v1/estimates/{estimate}", "/api/v1/estimates/{estimate}/approve",
        "/api/v1/estimates/{estimate}/decline", "/api/v1/estimates/{estimate}/convert",
        "/api/v1/estimates/{estimate}/void", "/api/v1/events", "/api/v1/invoices/{invoice}/send",
        "/api/v1/estimates/{estimate}/send", "/api/v1/credit_notes/{credit_note}/send",
        "/api/v1/customers/{customer}/statement/send", "/api/v1/payments/{payment}/send", "/api/v1/messages",
        "/api/v1/messages/{message}", "/api/v1/sales_orders", "/api/v1/sales_orders/{sales_order}",
        "/api/v1/sales_orders/{sales_order}/void", "/api/v1/sales_orders/{sales_order}/issue",
        "/api/v1/sales_orders/{sales_order}/send", "/api/v1/invoices/{invoice}/issue",
        "/api/v1/estimates/{estimate}/issue", "/api/v1/credit_notes/{credit_note}/issue", "/api/v1/files",
        "/api/v1/files/{file}", "/api/v1/files/{file}/content", "/api/v1/search", "/api/v1/originals",
        "/api/v1/originals/{original}", "/api/v1/originals/{original}/content", "/api/v1/domains",
        "/api/v1/domains/{domain}", "/api/v1/domains/{domain}/check", "/api/v1/comments", "/api/v1/comments/{comment}",
        "/api/v1/invoices/{invoice}/resolve", "/api/v1/estimates/{estimate}/resolve",
        "/api/v1/credit_notes/{credit_note}/resolve", "/api/v1/payment_attempts",
        "/api/v1/payment_attempts/{payment_attempt}", "/api/v1/invoices/{invoice}/collect",
        "/api/v1/payments/{payment}/refunds", "/api/v1/payments/{payment}/allocations",
        "/api/v1/payments/{payment}/allocations/{invoice}", "/api/v1/credit_notes/{credit_note}/allocations",
        "/api/v1/credit_notes/{credit_note}/allocations/{invoice}", "/api/v1/customers/{customer}/payment_methods",
        "/api/v1/customers/{customer}/payment_methods/{payment_method}",
        "/api/v1/customers/{customer}/payment_methods/{payment_method}/default",
        "/api/v1/customers/{customer}/credit_balance", "/api/v1/customers/{customer}/credit_balance/adjustments",
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path"), _OPERATIONS)
def test_every_operation_says_what_it_does_and_how_it_refuses(method: str, path: str) -> None:
    operation = SCHEMA["paths"][path][method.lower()]
    assert operation["summary"]
    assert operation["description"]
    assert operation["security"] == [{"BearerKey": []}, {"BasicKey": []}]
    assert operation["responses"]["401"]["content"].keys() == {"application/problem+json"}
    names = [parameter["name"] for parameter in operation["parameters"]]
    assert ("Idempotency-Key" in names) == (method == "POST")


@pytest.mark.parametrize(("method", "path"), _OPERATIONS)
def test_every_operation_is_in_the_guide(method: str, path: str) -> None:
    assert re.search(rf"`{method} {re.escape(path)}`", _DOCS.read_text("utf-8")), f"{method} {path} is not in {_DOCS}"


def test_the_guide_names_no_operation_that_there_is_not() -> None:
    named = re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/api/v1/[^`?]*)`", _DOCS.read_text("utf-8"))
    assert set(named) <= set(_OPERATIONS)
