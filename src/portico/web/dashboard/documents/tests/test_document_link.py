"""Staff make, copy and revoke the link to a document."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import React
from portico.config.mailers import mailers
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.mail_document import request_document_mail
from portico.domain.documents.models import Document, Kind
from portico.web.dashboard.tests.cast import Paper, a_document
from tests.postbox import Postbox

_LINK = re.compile(r'value="(http://testserver/portal/nordlicht/s/dl_[\w-]+)"')


def links(answer: Any) -> list[str]:
    return _LINK.findall(answer.content.decode())


def opens(url: str) -> bool:
    return Client(headers={"host": "testserver"}).get(url).status_code == 303


def test_a_link_is_made_copied_again_and_revoked(owner: Client, invoice: Document) -> None:
    page = f"/documents/{invoice.public_id}"
    assert links(owner.get(page)) == []
    assert not Grant.objects.exists(), "looking makes nothing"
    [url] = links(owner.post(f"{page}/link", {"do": "generate"}, follow=True))
    assert opens(url)
    answer = owner.get(page)
    assert links(answer) == [url]
    assert "1 use" in answer.content.decode()
    answer = owner.post(f"{page}/link", {"do": "revoke"}, follow=True)
    assert links(answer) == []
    assert not opens(url)
    assert Grant.objects.get().state == "revoked"
    [second] = links(owner.post(f"{page}/link", {"do": "generate"}, follow=True))
    assert second != url


def test_what_customers_do_not_see_offers_no_link(owner: Client, acme: Customer, shop: Business) -> None:
    Business.objects.filter(pk=shop.pk).update(show_credit_notes=False)
    for paper in (Paper(draft=True), Paper(kind=Kind.CREDIT_NOTE, due_on=None)):
        page = f"/documents/{a_document(acme, paper).public_id}"
        assert "Link for the customer" not in owner.get(page).content.decode()
        assert owner.post(f"{page}/link", {"do": "generate"}).status_code == 404
    assert not Grant.objects.exists()


@pytest.mark.parametrize("action", ["", "burn"])
def test_an_unknown_action_is_not_there(owner: Client, invoice: Document, action: str) -> None:
    assert owner.post(f"/documents/{invoice.public_id}/link", {"do": action}).status_code == 404
    assert not Grant.objects.exists()


def test_a_document_is_mailed_as_its_link(owner: Client, invoice: Document, postbox: Postbox, react: React) -> None:
    page = f"/documents/{invoice.public_id}"
    [url] = links(owner.post(f"{page}/link", {"do": "generate"}, follow=True))
    answer = owner.post(f"{page}/link", {"do": "mail"}, follow=True).content.decode()
    assert "The mail is on its way to \u2068ap@acme.example\u2069." in answer
    assert react() == 1
    mail = postbox.the_only()
    assert mail.recipients == ["ap@acme.example"]
    assert mail.subject == f"Invoice {invoice.number} from Nordlicht"
    assert url in mail.text, "the same link each time"
    assert url in mail.html
    assert opens(url)
    timeline = owner.get(f"/customers/{invoice.customer.public_id}/timeline").content.decode()
    assert "Link to the document to be e-mailed" in timeline
    assert "Mail sent to ap@acme.example" in timeline


def test_a_document_that_was_hidden_in_the_meantime_is_not_mailed(
    owner: Client, acme: Customer, shop: Business, postbox: Postbox, react: React
) -> None:
    note = a_document(acme, Paper(kind=Kind.CREDIT_NOTE, due_on=None))
    owner.post(f"/documents/{note.public_id}/link", {"do": "mail"})
    change_portal_settings(shop, {"show_credit_notes": False}, by=OPERATOR)
    assert react() == 1
    assert not postbox.mails
    assert not Grant.objects.exists()


def no_address(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(email="")


def switched_off(customer: Customer) -> None:
    change_portal_settings(customer.business, {"portal_enabled": False}, by=OPERATOR)


def five_mails(customer: Customer) -> None:
    for _ in range(5):
        request_document_mail(Document.objects.get(), by=OPERATOR)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (no_address, "This customer has no e-mail address."),
        (switched_off, "The portal is switched off"),
        (five_mails, "That was mailed five times within an hour."),
    ],
)
def test_why_a_document_is_not_mailed_is_said(
    owner: Client, invoice: Document, postbox: Postbox, state: Callable[[Customer], None], words: str
) -> None:
    state(invoice.customer)
    before = Activity.objects.count()
    answer = owner.post(f"/documents/{invoice.public_id}/link", {"do": "mail"}, follow=True)
    assert words in answer.content.decode()
    assert Activity.objects.count() == before


def test_without_a_way_out_nothing_is_offered(owner: Client, invoice: Document, settings: Settings) -> None:
    settings.MAILERS = mailers("")
    page = f"/documents/{invoice.public_id}"
    assert "E-mail the link" not in owner.get(page).content.decode()
    answer = owner.post(f"{page}/link", {"do": "mail"}, follow=True)
    assert "No mail server is set up." in answer.content.decode()
    assert not Activity.objects.filter(verb="document.mail_asked").exists()
