"""A session to one thing sees that thing; a link that opens once waits for a person; two accounts never mix."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.models import Grant, PortalSession, Purpose, Scope
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.ledger.tests.history import new_document, pay
from portico.lib.ids import Ref
from portico.web.portal.conftest import SignIn, Visitor, days_ago

HOME = "/portal/nordlicht/"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def browser(*, strict: bool = False) -> Client:
    return Client(headers={"host": "testserver"}, enforce_csrf_checks=strict)


def read(response: Any) -> tuple[int, bytes]:
    """Read a response to its end and let go of the file it is read from, as a server does."""
    content = response.getvalue()
    for let_go in response._resource_closers:
        let_go()
    return response.status_code, content


def link_to(customer: Customer, target: Ref) -> tuple[Grant, str]:
    fields = {"scope": Scope.DOCUMENT, "target_kind": target.kind, "target_id": target.id}
    return new_grant(customer, Purpose.DOCUMENT_LINK, NOON + timedelta(days=90), by=OPERATOR, **fields)


def once(customer: Customer, page: str = "") -> tuple[Grant, str]:
    return new_grant(customer, Purpose.MAGIC_LINK, NOON + timedelta(hours=1), by=OPERATOR, max_uses=1, page=page)


def test_a_link_to_a_document_opens_that_document_with_its_pdf_and_files(acme: Customer) -> None:
    invoice, other = (new_document(acme, 10_000, on=days_ago(day)) for day in (1, 2))
    kept, apart, own = (
        store_file(acme, subject, "file.txt", b"x", FileInput(visible=True), by=OPERATOR)
        for subject in (invoice.ref, other.ref, acme.ref)
    )
    client = browser()
    response = client.get(f"{HOME}s/{link_to(acme, invoice.ref)[1]}")
    assert (response.status_code, response.headers["Location"]) == (303, f"{HOME}invoices/{invoice.public_id}")
    page = client.get(response.headers["Location"])
    assert page.status_code == 200
    assert invoice.number in page.content.decode()
    assert f"{HOME}activity" not in page.content.decode(), "what is out of reach is not offered"
    assert acme.email == "" or acme.email not in page.content.decode()
    assert client.get(f"{HOME}invoices/{invoice.public_id}.pdf").status_code == 200
    assert client.post(f"{HOME}invoices/{invoice.public_id}/viewed").status_code == 204
    assert read(client.get(f"{HOME}files/{kept.public_id}/file.txt")) == (200, b"x")
    others = [f"invoices/{other.public_id}", f"invoices/{other.public_id}.pdf"]
    for path in (*others, f"files/{apart.public_id}/file.txt", f"files/{own.public_id}/file.txt"):
        assert client.get(HOME + path).status_code == 404, path
    assert client.post(f"{HOME}invoices/{other.public_id}/viewed").status_code == 404
    other.refresh_from_db()
    assert other.first_viewed_at is None


@pytest.mark.parametrize(
    "path",
    ["", "activity", "activity/invoices", "activity/invoices.csv", "activity/invoices.pdf",
     "selection", "selection.xlsx", "activity/invoices.xlsx",
     "statements.xlsx",
     "selection.csv", "statements", "statements.csv", "statements.pdf", "documents", "billing-details"],
)  # fmt: skip
def test_a_link_to_a_document_does_not_reach_the_account(acme: Customer, path: str) -> None:
    invoice = new_document(acme, 10_000, on=days_ago(1))
    new_document(acme, 77_700, on=days_ago(2))
    client = browser()
    client.get(f"{HOME}s/{link_to(acme, invoice.ref)[1]}")
    response = client.get(HOME + path)
    assert response.status_code == 403
    assert "Sign in to see this" in response.content.decode()
    assert f'class="po-back" href="{HOME}invoices/{invoice.public_id}"' in response.content.decode()
    assert "777" not in response.content.decode()


def test_what_is_not_there_leads_back_to_what_the_link_opened(acme: Customer) -> None:
    invoice = new_document(acme, 10_000, on=days_ago(1))
    client = browser()
    client.get(f"{HOME}s/{link_to(acme, invoice.ref)[1]}")
    here = f"{HOME}invoices/{invoice.public_id}"
    assert f'class="po-btn" href="{here}"' in client.get(f"{HOME}invoices/inv_nothing").content.decode()
    assert f'class="po-brand" href="{here}"' in client.get(here).content.decode()


def test_a_link_to_a_payment_opens_it_with_its_receipt(acme: Customer) -> None:
    payment, other = (pay(acme, 5_000, days_ago(day)) for day in (1, 2))
    client = browser()
    assert client.get(f"{HOME}s/{link_to(acme, payment.ref)[1]}").headers["Location"].endswith(payment.public_id)
    assert read(client.get(f"{HOME}payments/{payment.public_id}.pdf"))[0] == 200
    assert client.get(f"{HOME}payments/{other.public_id}").status_code == 404
    assert client.get(HOME).status_code == 403


def test_a_link_to_a_statement_opens_every_form_of_it_and_no_document(acme: Customer) -> None:
    invoice = new_document(acme, 10_000, on=days_ago(1))
    client = browser()
    response = client.get(f"{HOME}s/{link_to(acme, Ref('statement', acme.id))[1]}")
    assert response.headers["Location"] == f"{HOME}statements"
    for path in ("statements", "statements.csv", "statements.pdf", "statements?type=open_item"):
        assert read(client.get(HOME + path))[0] == 200, path
    assert client.get(f"{HOME}invoices/{invoice.public_id}").status_code == 403


def test_sessions_last_as_long_as_their_reach_allows_and_end_with_their_link(acme: Customer, clock: Clock) -> None:
    invoice = new_document(acme, 10_000, on=days_ago(1))
    grant, secret = link_to(acme, invoice.ref)
    client = browser()
    client.get(f"{HOME}s/{secret}")
    session = PortalSession.objects.get()
    assert session.expires_at - session.created_at == timedelta(hours=24)
    revoke(grant, by=OPERATOR)
    response = client.get(f"{HOME}invoices/{invoice.public_id}")
    assert response.status_code == 403
    assert "Access denied" in response.content.decode()


def test_what_is_remembered_for_one_thing_is_not_told_to_the_account(acme: Customer, sign_in: SignIn) -> None:
    invoice = new_document(acme, 10_000, on=days_ago(1))
    store_file(acme, acme.ref, "terms.txt", b"x", FileInput(visible=True), by=OPERATOR)
    narrow = browser()
    narrow.get(f"{HOME}s/{link_to(acme, invoice.ref)[1]}")
    narrow.get(f"{HOME}invoices/{invoice.public_id}")
    wide = sign_in(acme)
    assert wide.url("documents") in wide.page("home")


def test_a_link_that_opens_once_waits_for_its_button(acme: Customer) -> None:
    grant, secret = once(acme, "open_item_statement")
    address, scanner = f"{HOME}s/{secret}", browser(strict=True)
    for _ in range(3):
        response = scanner.get(address)
        assert response.status_code == 200
        assert f"Continue as {acme.name}" in response.content.decode()
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "same-origin", "or a browser would not send the form"
        assert scanner.head(address).status_code == 200
        assert browser(strict=True).post(address).status_code == 403, "a form found on the page, sent without a browser"
    assert not PortalSession.objects.exists()
    client = browser()
    client.get(address)
    response = client.post(address)
    assert (response.status_code, response.headers["Location"]) == (303, f"{HOME}statements?type=open_item")
    assert client.get(HOME).status_code == 200
    grant.refresh_from_db()
    assert grant.state == "used_up"
    for attempt in (client.get(address), client.post(address)):
        assert attempt.status_code == 403
        assert "This link has been used" in attempt.content.decode()
    assert PortalSession.objects.count() == 1


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ("my_account", ""), ("invoices", "activity/invoices"), ("estimates", "activity/estimates"),
        ("credit_notes", "activity/credit-notes"), ("payments", "activity/payments"),
        ("balance_forward_statement", "statements?type=balance_forward"),
        ("open_item_statement", "statements?type=open_item"), ("pay", "pay"),
        ("add_payment_method", "billing-details/payment-methods/new"),
        ("update_billing_info", "billing-details"), ("https://evil.example/", ""),
    ],
)  # fmt: skip
def test_a_link_leads_to_the_page_it_names(acme: Customer, page: str, path: str) -> None:
    client = browser()
    assert client.post(f"{HOME}s/{once(acme, page)[1]}").headers["Location"] == HOME + path
    assert client.get(HOME + path).status_code == 200


def test_two_accounts_in_two_tabs_never_mix(acme: Customer, stranger: Visitor, sign_in: SignIn) -> None:
    visitor = sign_in(acme)
    made_for = acme.public_id
    assert f'name="acting_for" value="{made_for}"' in visitor.page("home")
    # The browser's other tab opens another account: the cookie is the stranger's from here on.
    visitor.client.cookies = stranger.client.cookies
    before = Activity.objects.count()
    response = visitor.post(visitor.url("sign_out"), acting_for=made_for)
    assert response.status_code == 409
    assert "You are now acting for Stranger Ltd" in response.content.decode()
    assert visitor.post(visitor.url("language"), language="de", acting_for=made_for).status_code == 409
    region = visitor.get(visitor.url("home"), **{"HX-Request": "true", "X-Acting-For": made_for})
    assert (region.status_code, region.headers["HX-Refresh"]) == (409, "true")
    assert Activity.objects.count() == before
    assert not PortalSession.objects.exclude(ended_at=None, language="").exists()
    now_for = stranger.customer.public_id
    assert visitor.post(visitor.url("language"), language="de", acting_for=now_for).status_code == 302
