"""What a program has written carries the addresses where people read it."""

import pytest
from django.test import Client

from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.web.api.v1.tests.conftest import Program, payment
from portico.web.api.v1.tests.test_races import at_once


def opened(url: str) -> str:
    """Open a link in a browser of its own and return where it ends up; it has to show something there."""
    client = Client(headers={"host": "testserver"})
    response = client.get(url.partition("#")[0])
    assert response.status_code == 303
    path: str = response.headers["Location"]
    assert client.get(path).status_code == 200
    return path


def test_an_invoice_carries_its_links(program: Program) -> None:
    program.customer()
    made = program.invoice(number="A-1")
    assert opened(made["url"]) == f"/portal/alpha/invoices/{made['id']}"
    assert made["payment_url"] == made["url"] + "#pay"
    assert Client(headers={"host": "testserver"}).get(made["pdf_url"]).content.startswith(b"%PDF")
    read = program.get("/invoices/A-1").json
    assert [read[name] for name in ("url", "payment_url", "pdf_url")] == [
        made[name] for name in ("url", "payment_url", "pdf_url")
    ]
    assert Grant.objects.count() == 1


def test_a_paid_invoice_has_nothing_to_pay_and_its_payment_has_a_receipt(program: Program) -> None:
    program.customer()
    program.invoice(number="A-1")
    paid = program.made("/payments", payment(allocations=[{"invoice": "A-1", "amount": 11900}]))
    assert opened(paid["url"]) == f"/portal/alpha/payments/{paid['id']}"
    assert Client(headers={"host": "testserver"}).get(paid["pdf_url"]).content.startswith(b"%PDF")
    invoice = program.get("/invoices/A-1").json
    assert invoice["payment_url"] is None
    assert invoice["url"]


def test_invoice_and_its_link_are_recorded_as_one_event(program: Program) -> None:
    program.customer()
    invoice = program.invoice()
    link = Grant.objects.get(target_kind="invoice")
    events = Activity.objects.filter(business=program.business, verb__in=["invoice.issued", "link.generated"])
    assert [(event.verb, event.data["link"]) for event in events] == [("invoice.issued", link.public_id)]
    assert program.get(f"/invoices/{invoice['id']}").json["url"] == invoice["url"]
    assert Grant.objects.filter(target_kind="invoice").count() == 1
    assert opened(invoice["url"]).endswith(invoice["id"])


def test_a_draft_has_no_links(program: Program) -> None:
    program.customer()
    draft = program.invoice(draft=True)
    assert [draft[name] for name in ("url", "payment_url", "pdf_url")] == [None, None, None]
    assert not Grant.objects.exists()


def test_credit_notes_and_statements_have_links_while_they_are_shown(program: Program) -> None:
    program.customer()
    line = {"description": "Back", "quantity": "1", "unit_price": "10"}
    body = {"customer": "acme", "issued_on": "2026-11-05", "currency": "EUR", "lines": [line], "number": "CN-1"}
    note = program.made("/credit_notes", body)
    assert opened(note["url"]) == f"/portal/alpha/credit-notes/{note['id']}"
    statement = program.get("/customers/acme/statement").json
    assert opened(statement["url"]) == "/portal/alpha/statements"
    assert program.get("/customers/acme/statement?type=open_item").json["url"] == statement["url"]
    change_portal_settings(program.business, {"show_statements": False, "show_credit_notes": False}, by=OPERATOR)
    assert program.get("/credit_notes/CN-1").json["url"] is None
    assert program.get("/customers/acme/statement").json["url"] is None


@pytest.mark.django_db(transaction=True)
def test_of_several_who_ask_at_once_one_makes_the_link(program: Program) -> None:
    program.customer()
    program.invoice(number="A-1")
    Grant.objects.all().delete()
    answers = at_once(*[lambda one: one.get("/invoices/A-1")] * 4, key=program.key)
    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.json["url"] for answer in answers}) == 1
    assert Grant.objects.count() == 1
