"""A business's own words for its mails: changed, refused with the line, tried, previewed and put back."""

import pytest
from django.test import Client

from conftest import React
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Document
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.models import MailWording
from portico.output.mail.wordings import default_wording
from tests.postbox import Postbox

_PATH = "/settings/mail/texts/invoice/en"
_WORDS = {
    "subject": "{{ number }} for {{ customer }}",
    "text": "Hello <b>{{ customer }}</b>,\r\n\r\nplease pay {{ amount_due }}.\r\nOrder {{ purchase_order }}",
}


def test_own_words_are_kept_and_mailed(owner: Client, invoice: Document, postbox: Postbox, react: React) -> None:
    listed = owner.get("/settings/mail/texts").content.decode()
    assert _PATH in listed
    assert "own words" not in listed.partition("<table")[2]
    assert owner.post(_PATH, _WORDS).status_code == 302
    assert "own words" in owner.get("/settings/mail/texts").content.decode().partition("<table")[2]
    mail_document(invoice, MailInput(), by=OPERATOR)
    react()
    mail = postbox.the_only()
    assert mail.subject == f"{invoice.number} for Acme GmbH"
    assert "please pay €100.00." in mail.text
    assert "Order" not in mail.text
    assert "Hello &lt;b&gt;Acme GmbH&lt;/b&gt;," in mail.html


def test_readers_of_other_languages_get_portico_s_words(
    owner: Client, acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    owner.post(_PATH, _WORDS)
    Customer.objects.filter(pk=acme.pk).update(language="de")
    mail_document(Document.objects.get(pk=invoice.pk), MailInput(), by=OPERATOR)
    react()
    assert postbox.the_only().subject == f"Rechnung {invoice.number} von Nordlicht"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("text", "Dear\n\nyou owe {{ amount }}", "Line 3: there is no {{ amount }}."),
        ("text", "{% if 1 %}", "Line 1: there is no {%."),
        ("subject", "{{ customer.email }}", "Line 1: there is no {{ customer.email }}."),
        ("subject", "", "Please fill this in."),
        ("text", "x" * 5001, "5000"),
    ],
)
def test_a_wrong_text_is_refused_with_its_line_and_kept_on_the_page(
    owner: Client, field: str, typed: str, words: str, postbox: Postbox, react: React
) -> None:
    for action in ("save", "test"):
        answer = owner.post(_PATH, _WORDS | {field: typed, "do": action})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert typed[:20].replace("\n", "\n") in answer.content.decode()
    preview = owner.post(f"{_PATH}/preview", _WORDS | {field: typed})
    assert preview.status_code == 422
    assert words in preview.content.decode()
    assert not MailWording.objects.exists()
    assert react() == 0
    assert not postbox.mails


def test_a_preview_has_the_newest_document_and_keeps_nothing(owner: Client, invoice: Document) -> None:
    answer = owner.post(f"{_PATH}/preview", _WORDS)
    html = answer.content.decode()
    assert "please pay €100.00." in html
    assert f"{invoice.number} for Acme GmbH" in html
    assert "sandbox" in answer["Content-Security-Policy"]
    text = owner.post(f"{_PATH}/preview", _WORDS | {"as": "text"})
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "Hello <b>Acme GmbH</b>," in text.content.decode()
    assert not MailWording.objects.exists()
    assert not Activity.objects.filter(verb__startswith="mail_wording").exists()


@pytest.mark.parametrize(
    "name", ["invoice", "estimate", "credit_note", "sales_order", "statement", "receipt", "reminder+7"]
)
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_text_can_be_opened_and_previewed_without_any_document(owner: Client, name: str, language: str) -> None:
    path = f"/settings/mail/texts/{name}/{language}"
    page = owner.get(path)
    assert page.status_code == 200
    usual = default_wording(name, language)
    preview = owner.post(f"{path}/preview", {"subject": usual.subject, "text": usual.text})
    assert preview.status_code == 200
    assert "{{" not in preview.content.decode()
    assert owner.get(f"{path}/preview").content == preview.content, "the page shows it at first"


def test_a_test_goes_to_who_asked_and_keeps_nothing(
    owner: Client, invoice: Document, postbox: Postbox, react: React
) -> None:
    answer = owner.post(_PATH, _WORDS | {"do": "test"})
    assert "A test is on its way to olga@nordlicht.example" in answer.content.decode()
    react()
    mail = postbox.the_only()
    assert mail.recipients == ["olga@nordlicht.example"]
    assert mail.subject == f"{invoice.number} for Acme GmbH"
    assert not MailWording.objects.exists()


def test_portico_s_words_are_put_back(owner: Client) -> None:
    owner.post(_PATH, _WORDS)
    owner.post(_PATH, {"do": "reset"})
    assert not MailWording.objects.exists()
    assert "{{ document }} from {{ business }}" in owner.get(_PATH).content.decode()
    owner.post(_PATH, {"do": "reset"})
    assert Activity.objects.filter(verb="mail_wording.reset").count() == 1


def test_strangers_change_their_own_words_only(owner: Client, stranger: Client, visitor: Client) -> None:
    stranger.post(_PATH, _WORDS)
    assert "{{ number }} for" not in owner.get(_PATH).content.decode()
    assert visitor.post(_PATH, _WORDS).status_code == 302
    assert MailWording.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["nothing/en", "invoice/xx", "invoice/EN", "reminder+8/en", "reminderx/en", "reminder/en"]
)
def test_an_unknown_text_is_not_there(owner: Client, path: str) -> None:
    assert owner.get(f"/settings/mail/texts/{path}").status_code == 404
    assert owner.post(f"/settings/mail/texts/{path}/preview", _WORDS).status_code == 404
