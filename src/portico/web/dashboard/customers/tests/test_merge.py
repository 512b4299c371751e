"""Staff make one customer of two: they see what moves, and links, addresses and ids of the other lead on."""

import pytest
from django.test import Client

from portico.domain.access.links.actions.make_portal_link import generate_portal_link
from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Account
from portico.domain.merges.models import CustomerMerge
from portico.web.dashboard.tests.cast import a_customer, a_document, a_payment


@pytest.fixture
def double(acme: Customer) -> Customer:
    """The same customer under another name, with an invoice and a payment of its own."""
    made = a_customer(acme.business, "ACME (old)", email="old@acme.example", external_id="C-2")
    a_payment(made, 2000, [(a_document(made), 2000)])
    return made


def _html(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def _merge(owner: Client, acme: Customer, double: Customer, **more: str) -> None:
    owner.post(f"/customers/{acme.public_id}/merge", {"with": double.public_id, **more})


def test_the_other_one_is_found_and_what_moves_is_shown_first(owner: Client, acme: Customer, double: Customer) -> None:
    here = f"/customers/{acme.public_id}/merge"
    found = _html(owner, f"{here}?q=old")
    assert f"{here}?with={double.public_id}" in found.replace("&amp;", "&")
    html = _html(owner, f"{here}?with={double.public_id}")
    for text in ("What moves", "Documents", "€80.00", "Programs that name C-2 reach Acme GmbH."):
        assert text in html
    acme.name = "Acme Inc."
    acme.save()
    html = _html(owner, f"{here}?with={double.public_id}")
    assert "Programs that name C-2 reach Acme Inc.<" in html, "one full stop, not two"
    assert not CustomerMerge.objects.exists()


def test_merged_everything_is_the_one_that_stays_and_old_names_lead_there(
    owner: Client, acme: Customer, double: Customer, invoice: Document
) -> None:
    _merge(owner, acme, double)
    assert set(Document.objects.values_list("customer", flat=True)) == {acme.pk}
    assert Account.objects.get(customer=acme).balance == 18_000
    assert "ACME (old)" not in _html(owner, "/customers")
    page = _html(owner, f"/customers/{double.public_id}")
    assert "<bdi>Acme GmbH</bdi></h1>" in page
    assert "€180.00" in page
    assert "ACME (old) became part of this customer" in page


def test_a_note_about_it_is_read_in_the_history(owner: Client, acme: Customer, double: Customer) -> None:
    _merge(owner, acme, double, reason="Imported twice")
    assert "Imported twice" in _html(owner, "/settings/audit-log?event=customer.merged")


def test_a_name_that_no_row_can_hold_is_nobody(owner: Client, acme: Customer) -> None:
    here = f"/customers/{acme.public_id}/merge"
    assert owner.post(here, {"with": "\x00"}).status_code == 404
    assert not CustomerMerge.objects.exists()


def test_the_other_way_round_keeps_the_other(owner: Client, acme: Customer, double: Customer) -> None:
    _merge(owner, acme, double, keep="other")
    acme.refresh_from_db()
    assert acme.merged_into == double


def test_links_sessions_and_addresses_of_the_other_lead_over(
    owner: Client, acme: Customer, double: Customer, invoice: Document
) -> None:
    business = acme.business
    generate_portal_link(acme, by=OPERATOR)
    _grant, secret = generate_portal_link(double, by=OPERATOR)
    theirs = Document.objects.get(customer=double)
    _link, of_document = link_to(double, theirs.ref, by=OPERATOR)
    visitor, late = (Client(headers={"host": "testserver"}) for _ in range(2))
    portal, opened = f"/portal/{business.slug}/", link_url(business, secret).removeprefix("http://testserver")
    visitor.get(opened)
    assert invoice.number not in _html(visitor, f"{portal}activity/invoices")
    _merge(owner, acme, double)
    for client in (visitor, late):
        client.get(opened)
        html = _html(client, f"{portal}activity/invoices")
        assert invoice.number in html
        assert theirs.number in html
    there = link_url(business, of_document).removeprefix("http://testserver")
    reader = Client(headers={"host": "testserver"})
    shown = reader.get(there).headers["Location"].removeprefix("http://testserver")
    assert theirs.number in reader.get(shown).content.decode()
    owner.post(f"/customers/{acme.public_id}/link", {"do": "regenerate", "confirmed": "yes"})
    assert theirs.number not in visitor.get(f"{portal}activity/invoices").content.decode()


def test_undone_on_the_page_both_are_there_again(owner: Client, acme: Customer, double: Customer) -> None:
    _merge(owner, acme, double)
    here = f"/customers/{acme.public_id}/merge"
    merge = CustomerMerge.objects.get()
    assert merge.public_id in _html(owner, here)
    owner.post(here, {"undo": merge.public_id})
    listed = _html(owner, "/customers")
    assert "ACME (old)" in listed
    assert "Acme GmbH" in listed
    assert Account.objects.get(customer=double).balance == 8_000
    assert merge.public_id not in _html(owner, here)


def test_an_undo_that_cannot_be_says_why(owner: Client, acme: Customer, double: Customer) -> None:
    _merge(owner, acme, double)
    theirs = Document.objects.get(customer=acme)
    a_payment(acme, 8000, [(theirs, 8000)])
    answer = owner.post(f"/customers/{acme.public_id}/merge", {"undo": CustomerMerge.objects.get().public_id})
    assert answer.status_code == 409
    assert "Money has moved since on something that would go back." in answer.content.decode()
    double.refresh_from_db()
    assert double.merged_into == acme


def test_strangers_merge_and_undo_nothing(owner: Client, stranger: Client, acme: Customer, double: Customer) -> None:
    here = f"/customers/{acme.public_id}/merge"
    assert stranger.post(here, {"with": double.public_id}).status_code == 404
    assert owner.post(here, {"with": "cus_unknown"}).status_code == 404
    _merge(owner, acme, double)
    assert stranger.post(here, {"undo": CustomerMerge.objects.get().public_id}).status_code == 404
    assert CustomerMerge.objects.get().undone_at is None
