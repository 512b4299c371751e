"""Paying at the pay page: one invoice, several, everything; each press of the button at most once."""

from portico.domain.payments.actions.ask_provider import read_outcome
from portico.domain.payments.models import Method, Payment, PaymentAttempt
from portico.gateways.sandbox.connection import bank
from portico.web.portal.pay.tests.conftest import Payer, fresh
from tests.shop import Shop


def test_one_invoice_is_paid_by_card(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    page = payer.open(invoice)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Pay €100.00" in page.content.decode()
    done = payer.follow(payer.send(page))
    assert "Payment received" in done
    assert "Paid in full" in done
    assert (fresh(invoice).open_amount, Payment.objects.get().amount) == (0, 10000)
    assert len(bank().charges()) == 1


def test_form_sent_twice_charges_once(shop: Shop, payer: Payer) -> None:
    page = payer.open(shop.invoice())
    answers = [payer.send(page) for _ in range(3)]
    assert len({answer.headers["Location"] for answer in answers[:1]}) == 1
    assert (Payment.objects.count(), PaymentAttempt.objects.count(), len(bank().charges())) == (1, 1, 1)


def test_page_of_a_debit_asks_for_its_state_until_it_has_settled(shop: Shop, payer: Payer) -> None:
    attempt = shop.debit(shop.start(shop.invoice(), method=Method.DIRECT_DEBIT))
    url = payer.visitor.url("payment_attempt", attempt.public_id)
    part = {"HX-Request": "true", "HX-Target": "attempt_state"}
    under_way = payer.visitor.client.get(url, headers=part).content.decode()
    assert "being processed" in under_way
    assert "<main" not in under_way
    assert "every 5s" in under_way
    bank().move(attempt.provider_id, "succeeded")
    read_outcome(attempt)
    settled = payer.visitor.client.get(url, headers=part).content.decode()
    assert "Payment received" in settled
    assert "every 5s" not in settled
