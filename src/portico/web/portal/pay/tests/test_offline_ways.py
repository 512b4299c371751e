"""Transfers, checks and cash: offered as the business says, on the pay page, the invoice and for promises alike."""

from typing import Any

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.instructions import InstructionInput, add_instruction
from portico.domain.businesses.queries import Way
from portico.domain.documents.models import Document
from portico.domain.payments.actions.disable_methods import disable_methods
from portico.domain.payments.actions.gateway_accounts import add_gateway, change_gateway
from portico.domain.payments.models import GatewayAccount, PaymentAttempt, PaymentPromise
from portico.web.portal.pay.tests.conftest import Payer
from tests.bank import new_bank_account
from tests.shop import Shop


@pytest.fixture
def invoice(shop: Shop) -> Document:
    change_portal_settings(shop.business, {"allow_promises": True}, by=OPERATOR)
    add_instruction(shop.business, InstructionInput(Way.CHECK, "Payable to Nordlicht, by post"), by=OPERATOR)
    add_instruction(shop.business, InstructionInput(Way.CASH, "At the desk, from 9 to 5"), by=OPERATOR)
    new_bank_account(shop.business, iban="DE75 5121 0800 1245 1261 99")
    return shop.invoice()


def manual(shop: Shop, **changes: Any) -> None:
    """What the business says of these ways."""
    row = GatewayAccount.objects.filter(business=shop.business, gateway="manual").first()
    change_gateway(row or add_gateway(shop.business, "manual", by=OPERATOR), changes, by=OPERATOR)


def pages(payer: Payer, invoice: Document) -> tuple[str, str]:
    """The pay page and the form for a promise."""
    return payer.open(invoice).content.decode(), payer.visitor.page("promise", invoice.public_id)


def test_all_are_offered_until_the_business_says_otherwise(payer: Payer, invoice: Document) -> None:
    for html in pages(payer, invoice):
        assert "Payable to Nordlicht, by post" in html
        assert "At the desk, from 9 to 5" in html
        assert "DE75 5121 0800 1245 1261 99" in html
    assert 'value="manual:' not in payer.open(invoice).content.decode(), "nothing is collected by these"


def test_method_that_is_off_is_nowhere(shop: Shop, payer: Payer, invoice: Document) -> None:
    manual(shop, methods={"bank_transfer": {}, "check": {}})
    for html in pages(payer, invoice):
        assert "Payable to Nordlicht, by post" in html
        assert "At the desk" not in html
    said = {"amount": "100.00", "promised_on": "2026-12-03", "method": "cash", "reference": "", "note": ""}
    assert payer.visitor.post(payer.visitor.url("promise", invoice.public_id), **said).status_code == 422
    assert not PaymentPromise.objects.exists()
    manual(shop, methods={"cash": {}})
    html, form = pages(payer, invoice)
    assert "DE75 5121" not in html + form
    assert "At the desk" in html


def test_switched_off_there_is_none(shop: Shop, payer: Payer, invoice: Document) -> None:
    manual(shop, enabled=False)
    html = payer.open(invoice).content.decode()
    for words in ("Payable to", "At the desk", "DE75 5121"):
        assert words not in html
    assert "Pay €100.00" in html, "a card is offered all the same"
    answer = payer.visitor.get(payer.visitor.url("promise", invoice.public_id))
    assert answer.status_code == 303, "nothing can be promised"


def test_limits_count_for_what_is_to_be_paid(shop: Shop, payer: Payer, invoice: Document) -> None:
    manual(shop, methods={"bank_transfer": {"minimum": 15000}, "cash": {"maximum": 12000}})
    one = payer.open(invoice).content.decode()
    assert ("At the desk" in one, "DE75 5121" in one) == (True, False)
    both = payer.open(invoice, shop.invoice()).content.decode()
    assert ("At the desk" in both, "DE75 5121" in both) == (False, True)


def test_disabled_for_the_invoice_is_not_shown(shop: Shop, payer: Payer, invoice: Document) -> None:
    disable_methods(invoice, ["cash"], by=OPERATOR)
    html = payer.open(invoice).content.decode()
    assert ("At the desk" in html, "Payable to" in html) == (False, True)


def test_business_with_these_alone_collects_nothing(shop: Shop, payer: Payer, invoice: Document) -> None:
    manual(shop)
    shop.gateway.enabled = False
    shop.gateway.save()
    html = payer.open(invoice).content.decode()
    assert "pay_button" not in html
    assert "At the desk, from 9 to 5" in html
    forged = {"method": "manual:cash", "submission": "x"}
    url = payer.visitor.url("pay") + f"?invoice={invoice.public_id}"
    assert payer.visitor.client.post(url, forged).status_code == 422
    assert not PaymentAttempt.objects.exists()
