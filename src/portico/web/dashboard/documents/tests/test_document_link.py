"""Staff make, copy and revoke the link to a document."""

import re
from typing import Any

import pytest
from django.test import Client

from portico.domain.access.models import Grant
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind
from portico.web.dashboard.tests.cast import Paper, a_document

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
