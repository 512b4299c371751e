"""Mailing documents, statements and receipts by hand: to whom, with which words, with the PDF; what is refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conftest import React
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.mail_document import request_document_mail
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.payments.models import Payment
from portico.output.mail.models import Message
from portico.web.dashboard.mail import forms
from portico.web.dashboard.tests.cast import Paper, a_document
from tests.postbox import Postbox, Received

_LINK = re.compile(r"http://testserver/portal/nordlicht/s/[\w-]+")


def _form(invoice: Document, **changes: Any) -> dict[str, Any]:
    usual = {
        "people": ["ap@acme.example"],
        "others": "",
        "copies": "",
        "subject": f"Invoice {invoice.number} from Nordlicht",
        "text": "Words",
        "attach_pdf": "on",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def _pdfs(mail: Received) -> list[str]:
    return [
        str(part.get_filename())
        for part in mail.message.iter_attachments()
        if part.get_content_type() == "application/pdf" and part.get_content().startswith(b"%PDF")
    ]


def test_the_form_offers_people_words_and_the_pdf(owner: Client, invoice: Document, postbox: Postbox) -> None:
    page = owner.get(f"/documents/{invoice.public_id}").content.decode()
    assert f"/documents/{invoice.public_id}/send" in page
    form = owner.get(f"/documents/{invoice.public_id}/send").content.decode()
    assert "ada@acme.example · Ada Ahrens · Accounts payable" in form
    assert f"Invoice {invoice.number} from Nordlicht" in form
    assert f"Your invoice {invoice.number} over €100.00 is ready." in form
    assert "Please pay €100.00 by 1 December 2026." in form
    assert not Grant.objects.exists(), "looking makes nothing"


def test_a_document_goes_to_whom_staff_chose(owner: Client, invoice: Document, postbox: Postbox, react: React) -> None:
    data = _form(
        invoice,
        people=["ada@acme.example"],
        others="boss@acme.example, Boss@acme.example",
        copies="me@nordlicht.example; ada@acme.example",
        subject="Your invoice, as discussed",
        text="Dear Ada,\r\n\r\nhere it is.\r\n<b>Bye</b> {{ number }}",
    )
    answer = owner.post(f"/documents/{invoice.public_id}/send", data, follow=True)
    assert "on its way to" in answer.content.decode()
    queued = Message.objects.order_by("id")
    assert [(row.recipient, row.state) for row in queued] == [
        ("ada@acme.example", "queued"),
        ("boss@acme.example", "queued"),
        ("me@nordlicht.example", "queued"),
    ]
    assert react() == 1
    assert react() == 0
    assert sorted(mail.recipients[0] for mail in postbox.mails) == sorted(row.recipient for row in queued)
    links = {url for mail in postbox.mails for url in _LINK.findall(mail.text)}
    assert len(links) == 1
    for mail in postbox.mails:
        assert mail.subject == "Your invoice, as discussed"
        assert "Dear Ada," in mail.text
        assert "<b>Bye</b> {{ number }}" in mail.text
        assert "&lt;b&gt;Bye&lt;/b&gt;" in mail.html
        assert _pdfs(mail) == [f"nordlicht-invoice-{invoice.number}.pdf"]
    log = owner.get(f"/documents/{invoice.public_id}/send").content.decode()
    assert "Mailed so far" in log
    assert log.count("Sent") >= 3
    assert Client(headers={"host": "testserver"}).get(links.pop()).status_code == 303


def test_files_of_the_document_go_along_as_chosen(
    owner: Client, invoice: Document, postbox: Postbox, react: React, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = FileInput(visible=True)
    hours = store_file(invoice.customer, invoice.ref, "hours.csv", b"day;hours", shown, by=OPERATOR)
    terms = store_file(invoice.customer, invoice.ref, "Prüfung أ.txt", b"\xef\xbb\xbfNet\n", shown, by=OPERATOR)
    private = store_file(invoice.customer, invoice.ref, "private.txt", b"Us", by=OPERATOR)
    path = f"/documents/{invoice.public_id}/send"
    form = owner.get(path).content.decode()
    assert hours.public_id in form
    assert private.public_id not in form
    with monkeypatch.context() as patch:
        patch.setattr(forms, "MOST_BYTES_OF_FILES", 8)
        refused = owner.post(path, _form(invoice, attached=[hours.public_id], subject="Typed"))
    assert (refused.status_code, "These files are too large for a mail." in refused.content.decode()) == (422, True)
    assert "Typed" in refused.content.decode()
    assert owner.post(path, _form(invoice, attached=[private.public_id])).status_code == 422
    assert not Message.objects.exists()
    store_file(invoice.customer, invoice.ref, "other.txt", b"Other", shown, by=OPERATOR)
    owner.post(path, _form(invoice, attached=[hours.public_id, terms.public_id], attach_pdf=None))
    react()
    parts = postbox.the_only().message.iter_attachments()
    assert {(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts} == {
        ("hours.csv", "text/csv", b"day;hours"),
        ("Prüfung أ.txt", "text/plain", b"\xef\xbb\xbfNet\n"),
    }


def test_words_that_nobody_changed_are_in_each_reader_s_language(
    owner: Client, acme: Customer, postbox: Postbox, react: React
) -> None:
    Customer.objects.filter(pk=acme.pk).update(language="de")
    invoice = a_document(acme)
    page = owner.get(f"/documents/{invoice.public_id}/send").content.decode()
    subject = f"Rechnung {invoice.number} von Nordlicht"
    assert subject in page
    data = _form(invoice, subject=subject, text=page.partition("<textarea")[2].partition(">")[2].partition("<")[0])
    owner.post(f"/documents/{invoice.public_id}/send", data | {"attach_pdf": ""})
    react()
    mail = postbox.the_only()
    assert mail.subject == subject
    assert "1. Dezember 2026" in mail.text
    assert "subject" not in Activity.objects.get(verb="document.mail_asked").data
    assert not _pdfs(mail)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people": None}, "Choose somebody, or type an address."),
        ({"others": "ada@acme.example, nobody"}, "nobody is no e-mail address."),
        ({"copies": "a@x.example\r\nBcc: evil@evil.example"}, "Bcc: is no e-mail address."),
        ({"people": ["stranger@fremd.example"]}, "Choose among the entries offered."),
        ({"subject": ""}, "Please fill this in."),
        ({"text": "x" * 5001}, "5000"),
        ({"others": ", ".join(f"a{number}@x.example" for number in range(21))}, "20 recipients"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    owner: Client, invoice: Document, postbox: Postbox, changes: dict[str, Any], words: str
) -> None:
    before = Activity.objects.count()
    data = _form(invoice, **{"text": "What I typed", **changes})
    answer = owner.post(f"/documents/{invoice.public_id}/send", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    if "text" not in changes:
        assert "What I typed" in page
    assert Activity.objects.count() == before
    assert not Message.objects.exists()


def _switched_off(invoice: Document) -> None:
    change_portal_settings(invoice.business, {"portal_enabled": False}, by=OPERATOR)


def _five_mails(invoice: Document) -> None:
    for _ in range(5):
        request_document_mail(invoice, by=OPERATOR)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (_switched_off, "The portal is switched off"),
        (_five_mails, "That was mailed five times within an hour."),
    ],
)
def test_why_a_document_is_not_mailed_is_said(
    owner: Client, invoice: Document, postbox: Postbox, state: Callable[[Document], None], words: str
) -> None:
    state(invoice)
    before = Activity.objects.count()
    answer = owner.post(f"/documents/{invoice.public_id}/send", _form(invoice))
    assert words in answer.content.decode()
    assert Activity.objects.count() == before


def test_without_a_mail_server_nothing_is_asked_for(owner: Client, invoice: Document) -> None:
    assert "No mail server is set up" in owner.get(f"/documents/{invoice.public_id}/send").content.decode()
    answer = owner.post(f"/documents/{invoice.public_id}/send", _form(invoice))
    assert answer.status_code == 409
    assert "No mail server is set up" in answer.content.decode()
    assert not Activity.objects.filter(verb="document.mail_asked").exists()


def test_what_customers_do_not_see_is_not_mailed(
    owner: Client, acme: Customer, shop: Business, postbox: Postbox, react: React
) -> None:
    draft = a_document(acme, Paper(draft=True))
    assert owner.get(f"/documents/{draft.public_id}/send").status_code == 404
    assert owner.post(f"/documents/{draft.public_id}/send", _form(draft)).status_code == 404
    note = a_document(acme, Paper(kind=Kind.CREDIT_NOTE, due_on=None))
    owner.post(f"/documents/{note.public_id}/send", _form(note))
    change_portal_settings(shop, {"show_credit_notes": False}, by=OPERATOR)
    assert react() == 1
    assert not postbox.mails
    assert not Grant.objects.exists()


def test_a_voided_invoice_asks_for_no_money(owner: Client, invoice: Document, postbox: Postbox) -> None:
    void(invoice, by=OPERATOR)
    assert "Please pay" not in owner.get(f"/documents/{invoice.public_id}/send").content.decode()


def test_a_statement_is_mailed(
    owner: Client, acme: Customer, invoice: Document, payment: Payment, postbox: Postbox, react: React
) -> None:
    page = owner.get(f"/customers/{acme.public_id}/statement/send").content.decode()
    assert "Here is your statement of 20 November 2026." in page
    assert "Open in all: €25.00." in page
    data = _form(invoice, subject="Your statement of account with Nordlicht")
    owner.post(f"/customers/{acme.public_id}/statement/send", data)
    react()
    mail = postbox.the_only()
    assert "€25.00" in mail.text
    assert _pdfs(mail) == ["nordlicht-statement-2026-11-20.pdf"]
    [url] = set(_LINK.findall(mail.text))
    assert Client(headers={"host": "testserver"}).get(url).status_code == 303


def test_a_receipt_is_mailed(
    owner: Client, payment: Payment, invoice: Document, postbox: Postbox, react: React
) -> None:
    assert f"/payments/{payment.public_id}/send" in owner.get(f"/payments/{payment.public_id}").content.decode()
    owner.post(f"/payments/{payment.public_id}/send", _form(invoice, subject="Receipt for your payment to Nordlicht"))
    react()
    mail = postbox.the_only()
    assert mail.subject == "Receipt for your payment to Nordlicht"
    assert invoice.number in mail.text
    assert _pdfs(mail) == [f"nordlicht-receipt-{payment.number}.pdf"]


def test_strangers_mail_nothing(stranger: Client, invoice: Document, payment: Payment, postbox: Postbox) -> None:
    paths = [
        f"/documents/{invoice.public_id}/send",
        f"/payments/{payment.public_id}/send",
        f"/customers/{invoice.customer.public_id}/statement/send",
    ]
    for path in paths:
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, _form(invoice)).status_code == 404
    assert not Message.objects.exists()
