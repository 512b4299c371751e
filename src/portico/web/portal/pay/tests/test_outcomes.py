"""What becomes of a payment: declined, confirmed at the bank, processed later; from wherever and however often sent."""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from conftest import Clock, React
from portico.domain.access.models import PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.documents.actions.link import document_link
from portico.domain.documents.models import Document
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.gateway import ProviderUnreachable
from portico.domain.payments.models import AttemptState, Payment, PaymentAttempt, PaymentMethod
from portico.gateways.sandbox.bank import Bank
from portico.gateways.sandbox.connection import bank
from portico.web.portal.conftest import SignIn, Visitor, at_most
from portico.web.portal.pay.tests.conftest import Payer, fresh
from tests.bank import new_bank_account
from tests.forms import filled
from tests.postbox import Postbox
from tests.shop import Shop

DECLINED, CHALLENGED = "4000 0000 0000 0002", "4000 0000 0000 3220"
DEBIT = {"method": "sandbox:direct_debit", "account_holder": "Ada", "iban": "DE89 3704 0044 0532 0130 00"}


def text(response: HttpResponse) -> str:
    return response.content.decode()


def by_link(invoice: Document) -> Payer:
    """Somebody who has nothing but the link to one invoice."""
    link = document_link(invoice, by=OPERATOR)
    assert link is not None
    client = Client(headers={"host": "testserver"})
    assert client.get(f"/portal/nordlicht/s/{link[1]}").status_code == 303
    return Payer(Visitor(client, invoice.business, invoice.customer))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (DECLINED, "The bank has declined the card."),
        ("4000 0000 0000 9995", "not enough money on the account"),
        ("4111 1111 1111 1111", "The bank does not know this number."),
    ],
)
def test_declined_card_loses_nothing_and_another_way_is_offered(
    shop: Shop, payer: Payer, number: str, words: str
) -> None:
    change_payment_settings(shop.business, {"allow_partial_payments": True}, by=OPERATOR)
    invoice = shop.invoice()
    answer = payer.pay(invoice, card_number=number, amount="40", receipt_email="ada@example.com")
    assert answer.status_code == 422
    html = text(answer)
    assert words in html
    assert "Nothing was charged." in html
    kept = filled(html)
    assert (kept["amount"], kept["receipt_email"], kept["cardholder"]) == ("40", "ada@example.com", "Ada")
    assert (kept["card_number"], kept["card_cvc"]) == ("", "")
    assert "Direct debit" in html
    assert (fresh(invoice).open_amount, Payment.objects.count()) == (10000, 0)
    payer.follow(payer.send(answer, **DEBIT, amount="40"))
    assert [charge["state"] for charge in bank().charges()] == ["processing", "failed"]


@pytest.mark.parametrize("field", ["cardholder", "card_number", "card_expiry", "card_cvc"])
def test_missing_field_of_the_card_is_named(shop: Shop, payer: Payer, field: str) -> None:
    answer = payer.pay(shop.invoice(), **{field: ""})
    assert answer.status_code == 422
    assert f'id="pay_{field}_error"' in text(answer)
    assert not PaymentAttempt.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("card_number", "4242 4242 4242 4241", "This is not a card number."),
        ("card_expiry", "01/20", "This card has expired."),
        ("card_expiry", "13/30", "Enter the month and the year"),
        ("card_cvc", "12", "three or four digits"),
        ("receipt_email", "ada", "This is not an e-mail address"),
        ("method", "sandbox:cash", "Choose how to pay."),
    ],
)
def test_wrong_field_is_refused_before_the_bank_is_asked(
    shop: Shop, payer: Payer, field: str, typed: str, words: str
) -> None:
    answer = payer.pay(shop.invoice(), **{field: typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert not PaymentAttempt.objects.exists()


def test_challenge_leads_to_the_bank_and_back(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    answer = payer.pay(invoice, card_number=CHALLENGED)
    waiting = payer.follow(answer)
    attempt = PaymentAttempt.objects.get()
    assert attempt.action_url in waiting
    assert "Your bank asks you to confirm" in waiting
    assert "is waiting for your confirmation" in text(payer.open(invoice))
    back = confirm(attempt)
    done = payer.follow(payer.visitor.get(back))
    assert "Payment received" in done
    assert payer.visitor.get(back).status_code == 303
    assert (fresh(invoice).open_amount, Payment.objects.count()) == (0, 1)


def confirm(attempt: PaymentAttempt, answer: str = "confirm") -> str:
    """Answer at the bank's page; returns the path that it leads back to."""
    bank_page = Client(headers={"host": "testserver"}).post(
        f"/sandbox/challenge/{attempt.provider_id}", {"answer": answer}
    )
    return urlsplit(bank_page.headers["Location"]).path


def test_refused_challenge_fills_the_form_in_again(shop: Shop, payer: Payer) -> None:
    change_payment_settings(shop.business, {"allow_partial_payments": True}, by=OPERATOR)
    invoice = shop.invoice()
    payer.pay(invoice, card_number=CHALLENGED, amount="40", receipt_email="ada@example.com")
    form = payer.follow(payer.visitor.get(confirm(PaymentAttempt.objects.get(), "refuse")))
    assert "The payment was not confirmed at the bank." in form
    kept = filled(form)
    assert (kept["amount"], kept["receipt_email"]) == ("40.00", "ada@example.com")
    assert (fresh(invoice).open_amount, Payment.objects.count()) == (10000, 0)


def test_session_that_ends_during_the_challenge_loses_nothing(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    payer.pay(invoice, card_number=CHALLENGED)
    attempt = PaymentAttempt.objects.get()
    PortalSession.objects.update(ended_at=attempt.created_at)
    answer = payer.visitor.get(confirm(attempt))
    assert answer.status_code == 200
    html = text(answer)
    assert "Payment received" in html
    assert "€100.00" in html
    assert "Acme" not in html
    assert fresh(invoice).open_amount == 0


def test_forged_way_back_leads_nowhere(shop: Shop, payer: Payer) -> None:
    payer.pay(shop.invoice(), card_number=CHALLENGED)
    back = confirm(PaymentAttempt.objects.get())
    for forged in (back[:-1] + "x", payer.visitor.url("payment_return", PaymentAttempt.objects.get().public_id)):
        assert payer.visitor.get(forged).status_code == 404
    assert not Payment.objects.exists()


def test_waiting_payment_can_be_given_up(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    payer.pay(invoice, card_number=CHALLENGED)
    attempt = PaymentAttempt.objects.get()
    form = payer.follow(payer.visitor.post(payer.visitor.url("payment_attempt", attempt.public_id)))
    assert "The payment was canceled" in form
    assert PaymentAttempt.objects.get().state == AttemptState.CANCELED
    payer.follow(payer.pay(invoice))
    assert fresh(invoice).open_amount == 0


def test_debit_is_processed_and_says_so_everywhere(shop: Shop, payer: Payer, clock: Clock) -> None:
    invoice, visitor = shop.invoice(), payer.visitor
    assert "Your payment is being processed" in payer.follow(payer.pay(invoice, **DEBIT))
    for page in (visitor.page("home"), visitor.page("invoice", invoice.public_id), text(payer.open(invoice))):
        assert "A payment of €100.00 is being processed." in page
    activity = visitor.page("activity_of_kind", "invoices")
    assert "Processing" in activity
    assert f'value="{invoice.public_id}"' not in activity
    assert 'class="po-pay"' not in text(payer.open(invoice))
    clock.advance(minutes=5)
    bank().settle_due()
    sweep_attempts()
    assert "Payment received" in visitor.page("payment_attempt", PaymentAttempt.objects.get().public_id)
    assert fresh(invoice).open_amount == 0


def test_lost_answer_shows_processing_and_is_not_charged_twice(
    shop: Shop, payer: Payer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, charge = shop.invoice(), Bank.charge
    page = payer.open(invoice)

    def lost(self: Bank, asked: dict[str, Any]) -> dict[str, Any]:
        charge(self, asked)
        raise ProviderUnreachable("No answer.")

    monkeypatch.setattr(Bank, "charge", lost)
    assert "We are waiting for the bank’s answer." in payer.follow(payer.send(page))
    monkeypatch.undo()
    assert 'class="po-pay"' not in text(payer.open(invoice))
    clock.advance(minutes=3)
    sweep_attempts()
    assert (fresh(invoice).open_amount, Payment.objects.count(), len(bank().charges())) == (0, 1, 1)


def test_two_tabs_pay_a_part_once(shop: Shop, payer: Payer) -> None:
    change_payment_settings(shop.business, {"allow_partial_payments": True}, by=OPERATOR)
    invoice = shop.invoice()
    one, other = payer.open(invoice), payer.open(invoice)
    payer.follow(payer.send(one, amount="40"))
    answer = payer.send(other, amount="40")
    assert answer.status_code == 422
    assert "What is open has changed" in text(answer)
    assert (Payment.objects.count(), fresh(invoice).open_amount) == (1, 6000)


def test_two_tabs_pay_an_advance_once(shop: Shop, payer: Payer) -> None:
    change_payment_settings(shop.business, {"allow_advance_payments": True}, by=OPERATOR)
    one, other = payer.open(query="advance=1"), payer.open(query="advance=1")
    first = payer.send(one, amount="40")
    again = payer.send(other, amount="40")
    assert first.headers["Location"] == again.headers["Location"]
    assert payer.send(other, amount="50").status_code == 409
    assert (Payment.objects.count(), len(bank().charges())) == (1, 1)


def test_link_to_an_invoice_pays_that_one_alone(shop: Shop, clock: Clock) -> None:
    invoice, other = shop.invoice(), shop.invoice(50)
    payer = by_link(invoice)
    assert payer.open(other).status_code == 404
    page = payer.open()
    assert "Pay €100.00" in text(page)
    assert "Save for next time" not in text(page)
    done = payer.follow(payer.send(page, save_method="on"))
    payment = Payment.objects.get()
    assert payer.visitor.url("receipt", payment.public_id) in done
    assert payer.visitor.get(payer.visitor.url("payment", payment.public_id)).status_code == 200
    assert (fresh(invoice).open_amount, fresh(other).open_amount) == (0, 5000)
    assert not PaymentMethod.objects.exists()
    # What was paid together with others is not shown to a person with the link to one of them.
    both = shop.pay(shop.start(other, shop.invoice(10), submission="form-9")).payment
    assert both is not None
    narrow = by_link(other)
    assert narrow.visitor.get(narrow.visitor.url("payment", both.public_id)).status_code == 404


def test_card_is_kept_and_used_again(shop: Shop, payer: Payer) -> None:
    payer.follow(payer.pay(shop.invoice(), save_method="on"))
    saved = PaymentMethod.objects.get()
    page = payer.open(shop.invoice(20))
    assert "Visa •4242" in text(page)
    assert filled(text(page))["method"] == [saved.public_id]
    nothing = dict.fromkeys(["cardholder", "card_number", "card_expiry", "card_cvc"], "")
    payer.follow(payer.send(page, **nothing))
    assert Payment.objects.count() == 2


def test_keeping_a_card_waits_for_a_proof(shop: Shop, payer: Payer, clock: Clock) -> None:
    invoice = shop.invoice()
    clock.advance(minutes=31)
    page = payer.open(invoice)
    assert "Confirm that it is you to save a card" in text(page)
    answer = payer.send(page, save_method="on")
    assert answer.status_code == 422
    assert not PaymentAttempt.objects.exists()
    payer.follow(payer.send(page))
    assert not PaymentMethod.objects.exists()


def test_another_customers_card_is_not_there(
    shop: Shop, payer: Payer, stranger_of_shop: Visitor, sign_in: SignIn
) -> None:
    payer.follow(payer.pay(shop.invoice(), save_method="on"))
    saved = PaymentMethod.objects.get()
    theirs = by_link(shop.invoice())
    for thief in (Payer(stranger_of_shop), theirs):
        change_payment_settings(shop.business, {"allow_advance_payments": True}, by=OPERATOR)
        page = thief.open()
        assert saved.public_id not in text(page)
        answer = thief.send(page, method=saved.public_id, amount="5")
        assert answer.status_code == 422
        assert "Choose how to pay." in text(answer)
    assert Payment.objects.count() == 1


def test_tried_cards_come_to_an_end(shop: Shop, payer: Payer, clock: Clock) -> None:
    invoice = shop.invoice()
    for _ in range(8):
        assert payer.pay(invoice, card_number=DECLINED).status_code == 422
    answer = payer.pay(invoice)
    assert answer.status_code == 429
    assert "Too many payments were tried. Nothing was charged." in text(answer)
    assert len(bank().charges()) == 8
    clock.advance(hours=1, seconds=1)
    payer.follow(payer.pay(invoice))
    assert fresh(invoice).open_amount == 0


def test_no_card_number_is_kept_or_logged(shop: Shop, payer: Payer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    payer.pay(shop.invoice(), card_number=DECLINED)
    payer.follow(payer.pay(shop.invoice(), save_method="on"))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a table of ours
            rows = repr(cursor.fetchall()).replace(" ", "")
            assert "4242424242424242" not in rows, table
            assert "4000000000000002" not in rows, table
    assert "4242424242424242" not in caplog.text.replace(" ", "")


def test_total_is_worked_out_without_scripts_and_with_them(shop: Shop, payer: Payer) -> None:
    change_payment_settings(shop.business, {"allow_partial_payments": True}, by=OPERATOR)
    page = payer.open(shop.invoice())
    answer = payer.send(page, update="1", amount="40", card_number="")
    assert answer.status_code == 200
    assert "Pay €40.00" in text(answer)
    assert "po-errors" not in text(answer)
    url = page.wsgi_request.get_full_path()  # type: ignore[attr-defined]  # the test client's
    part = payer.visitor.client.post(
        url, {"update": "1", "amount": "30"}, headers={"HX-Request": "true", "HX-Target": "pay_sums"}
    )
    assert b"<html" not in part.content
    assert b"Pay \xe2\x82\xac30.00" in part.content
    assert not PaymentAttempt.objects.exists()


def test_business_without_a_gateway_asks_for_a_transfer(shop: Shop, payer: Payer) -> None:
    shop.gateway.enabled = False
    shop.gateway.save()
    new_bank_account(shop.business)
    invoice = shop.invoice()
    html = text(payer.open(invoice))
    assert "Pay by bank transfer" in html
    assert "pay_button" not in html
    assert payer.visitor.url("pay") not in payer.visitor.page("invoice", invoice.public_id)


def test_receipt_is_mailed_once(shop: Shop, payer: Payer, postbox: Postbox, react: React) -> None:
    payer.follow(payer.pay(shop.invoice(), receipt_email="ada@example.com"))
    react()
    react()
    (mail,) = [mail for mail in postbox.mails if mail.recipients == ["ada@example.com"]]
    assert mail.subject == "Receipt for your payment to Nordlicht"
    assert "€100.00" in mail.text
    assert "PAY-0001" in mail.text


def test_nobody_is_mailed_who_gave_no_address(shop: Shop, payer: Payer, postbox: Postbox, react: React) -> None:
    payer.follow(payer.pay(shop.invoice(), receipt_email=""))
    react()
    assert postbox.mails == []


def test_its_queries_do_not_grow_with_invoices(shop: Shop, payer: Payer) -> None:
    shop.invoice()
    payer.open()
    with at_most(10):
        payer.open()
    for _ in range(8):
        shop.invoice(20)
    with at_most(10):
        assert "Pay €260.00" in text(payer.open())


def test_policy_allows_no_other_site(shop: Shop, payer: Payer) -> None:
    policy = payer.open(shop.invoice()).headers["Content-Security-Policy"]
    assert "http" not in policy
    assert "form-action 'self'" in policy


def test_long_waits_change_nothing(shop: Shop, payer: Payer, clock: Clock) -> None:
    page = payer.open(shop.invoice())
    clock.instant += timedelta(hours=13)
    assert payer.send(page).status_code == 403
    assert not PaymentAttempt.objects.exists()
