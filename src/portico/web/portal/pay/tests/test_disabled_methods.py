"""Ways to pay that are disabled for a customer or an invoice are offered nowhere, and refused where asked for."""

import pytest
from django.http import HttpResponse

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.actions.collect import collect_due
from portico.domain.payments.actions.disable_methods import disable_methods
from portico.domain.payments.errors import MethodDisabled
from portico.domain.payments.models import Method, Payment, PaymentAttempt
from portico.lib.errors import Invalid
from portico.web.portal.conftest import SignIn
from portico.web.portal.pay.tests.conftest import Payer, fresh
from tests.bank import new_bank_account
from tests.estimates import new_estimate
from tests.shop import Shop

CARD, DEBIT = 'value="sandbox:card"', 'value="sandbox:direct_debit"'


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_customer_is_offered_what_is_left(shop: Shop, payer: Payer) -> None:
    new_bank_account(shop.business)
    saved, invoice = shop.card(), shop.invoice()
    html = text(payer.open(invoice))
    assert all(said in html for said in (CARD, DEBIT, saved.public_id, "po-qr"))
    disable_methods(shop.customer, [Method.CARD, Method.BANK_TRANSFER], by=OPERATOR)
    html = text(payer.open(invoice))
    assert DEBIT in html
    assert not any(said in html for said in (CARD, saved.public_id, "po-qr", "DE89 3704 0044 0532 0130 00</"))
    page = payer.visitor.page("invoice", invoice.public_id)
    assert "po-qr" not in page
    assert "IBAN DE89" not in page
    assert "IBAN" not in payer.visitor.pdf(payer.visitor.url("invoice_pdf", invoice.public_id))
    assert payer.pay(invoice).status_code == 422, "a form from before"
    assert not PaymentAttempt.objects.exists()


def test_invoice_is_paid_by_what_all_that_is_paid_together_allows(shop: Shop, payer: Payer) -> None:
    free, bound = shop.invoice(), shop.invoice()
    disable_methods(bound, [Method.CARD], by=OPERATOR)
    assert CARD in text(payer.open(free))
    for named in ((bound,), (free, bound)):
        html = text(payer.open(*named))
        assert CARD not in html
        assert DEBIT in html


def test_method_disabled_while_the_page_is_open_charges_nothing(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    page = payer.open(invoice)
    disable_methods(invoice, [Method.CARD], by=OPERATOR)
    answer = payer.send(page)
    assert answer.status_code == 422
    assert "Choose how to pay." in text(answer)
    with pytest.raises(MethodDisabled):
        shop.start(fresh(invoice))
    assert not PaymentAttempt.objects.exists()
    assert not Payment.objects.exists()


def test_autopay_leaves_it_to_the_customer(shop: Shop, clock: Clock, sign_in: SignIn) -> None:
    shop.enrol()
    shop.customer = Customer.objects.select_related("business").get(pk=shop.customer.pk)
    kept, left = shop.invoice(), shop.invoice()
    disable_methods(left, [Method.CARD], by=OPERATOR)
    clock.advance(hours=2)
    assert collect_due() == 1
    assert (fresh(kept).open_amount, fresh(left).open_amount) == (0, 10000)
    disable_methods(shop.customer, [Method.CARD], by=OPERATOR)
    shop.invoice()
    clock.advance(hours=2)
    assert collect_due() == 0


def test_what_is_no_way_to_pay_or_nothing_to_be_paid_is_refused(shop: Shop) -> None:
    for subject, methods in ((shop.customer, ["barter"]), (new_estimate(shop.customer), [Method.CARD])):
        with pytest.raises(Invalid):
            disable_methods(subject, methods, by=OPERATOR)
    assert Customer.objects.get(pk=shop.customer.pk).disabled_methods == []
    assert not Document.objects.exclude(disabled_methods=[]).exists()
