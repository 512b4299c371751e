"""The texts of a business by language: who reads which, what is refused, and what programs may do."""

import pytest
from django.test import Client

from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_profile import change_profile
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.change_texts import change_texts
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.output.pdf.document_sheet import document_sheet
from portico.web.dashboard.tests.cast import a_document

PATH = "/settings/texts"
GERMAN = {"welcome_message": "Willkommen", "default_terms": "Zahlbar in 14 Tagen.\r\nOhne Abzug.", "legal_note": ""}


@pytest.fixture
def said(shop: Business) -> Business:
    """What everybody reads as long as nothing is said in their language."""
    change_profile(shop, {"default_terms": "Pay in 14 days.", "legal_note": "Capital 25,000"}, by=OPERATOR)
    return change_portal_settings(shop, {"welcome_message": "Hello"}, by=OPERATOR)


def test_texts_are_kept_for_a_language_and_taken_away(owner: Client, said: Business) -> None:
    shown = owner.get(f"{PATH}?language=de").content.decode()
    assert 'placeholder="Pay in 14 days."' in shown
    answer = owner.post(f"{PATH}?language=de", GERMAN)
    assert (answer.status_code, answer["Location"]) == (302, f"{PATH}?language=de")
    said.refresh_from_db()
    terms = "Zahlbar in 14 Tagen.\nOhne Abzug."
    assert said.texts == {"de": {"welcome_message": "Willkommen", "default_terms": terms}}
    readings = [said.text("welcome_message", language) for language in ("de", "fr", "")]
    assert readings == ["Willkommen", "Hello", "Hello"]
    said.language = "de"
    assert said.text("welcome_message", "") == "Willkommen"
    assert said.text("legal_note", "de") == "Capital 25,000"
    changed = Activity.objects.get(verb="settings.changed", actor_label="Olga")
    assert changed.data["before"] == {"texts": {}}
    owner.post(f"{PATH}?language=de", GERMAN)
    assert Activity.objects.filter(verb="settings.changed", actor_label="Olga").count() == 1
    assert "Deutsch (own words)" in owner.get(PATH).content.decode()
    owner.post(f"{PATH}?language=de", dict.fromkeys(GERMAN, " "))
    said.refresh_from_db()
    assert said.texts == {}


@pytest.mark.parametrize("wrong", [{"welcome_message": "x" * 501}, {"legal_note": "a\x07b"}])
def test_what_is_wrong_is_refused_and_stays_typed(owner: Client, said: Business, wrong: dict[str, str]) -> None:
    answer = owner.post(f"{PATH}?language=de", GERMAN | wrong)
    assert answer.status_code == 422
    assert "Zahlbar in 14 Tagen." in answer.content.decode()
    said.refresh_from_db()
    assert said.texts == {}


def test_an_unknown_language_is_the_reader_s(owner: Client, said: Business) -> None:
    owner.post(f"{PATH}?language=tlh", GERMAN)
    said.refresh_from_db()
    assert list(said.texts) == ["en"]


def test_each_customer_reads_its_own_language(owner: Client, said: Business, acme: Customer) -> None:
    change_texts(said, "de", {**GERMAN, "legal_note": "Stammkapital 25.000 €"}, by=OPERATOR)
    Customer.objects.filter(pk=acme.pk).update(language="de")
    form = owner.get("/documents/new", {"kind": "invoice", "customer": acme.public_id}).content.decode()
    assert "Zahlbar in 14 Tagen." in form
    document = a_document(Customer.objects.get(pk=acme.pk))
    assert document.seller["legal_note"] == "Stammkapital 25.000 €"
    assert "Stammkapital" in document_sheet(document, "de").frame.footer
    client, page = Client(headers={"host": "testserver"}), "/portal/nordlicht/"
    client.get(f"{page}s/{regenerate_portal_link(acme, by=OPERATOR)[1]}")
    assert "Willkommen" in client.get(page).content.decode()
    client.post(f"{page}language", {"language": "fr", "next": page})
    assert "Hello" in client.get(page).content.decode()


def test_a_stranger_changes_nothing_here(said: Business, stranger: Client) -> None:
    stranger.post(f"{PATH}?language=de", GERMAN)
    said.refresh_from_db()
    assert said.texts == {}
