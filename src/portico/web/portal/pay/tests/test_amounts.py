"""What may be paid: whole invoices, parts above the minimum, advances, credits; and what is refused."""

import pytest
from django.http import HttpResponse

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document
from portico.domain.payments.actions.gateway_accounts import change_gateway
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.models import Method, Payment, PaymentAttempt
from portico.gateways.sandbox.connection import bank
from portico.web.portal.conftest import Visitor
from portico.web.portal.pay.tests.conftest import Payer, fresh
from tests.shop import Shop


def allow(shop: Shop, **settings: object) -> None:
    shop.business = change_payment_settings(shop.business, settings, by=OPERATOR)
    shop.customer.business = shop.business


def text(response: HttpResponse) -> str:
    return response.content.decode()


def nothing_happened() -> bool:
    return not PaymentAttempt.objects.exists() and not bank().charges()


def credit(shop: Shop, amount: int) -> Payment:
    """Money that the customer has paid for nothing in particular."""
    return record_payment(shop.customer, PaymentInput(amount, "EUR", shop.business.today(), Method.CASH), by=OPERATOR)


def test_several_invoices_are_paid_at_once(shop: Shop, payer: Payer) -> None:
    invoices = [shop.invoice(100), shop.invoice(50)]
    page = payer.open(*invoices)
    assert "Pay €150.00" in text(page)
    payer.follow(payer.send(page))
    assert [fresh(invoice).open_amount for invoice in invoices] == [0, 0]
    assert Payment.objects.get().amount == 15000


def test_without_invoices_the_whole_balance_is_paid(shop: Shop, payer: Payer) -> None:
    invoices = [shop.invoice(100), shop.invoice(50)]
    payer.follow(payer.pay())
    assert [fresh(invoice).open_amount for invoice in invoices] == [0, 0]


# Total 5,000 with the least 100, total 15 with the least 100: what is smaller than the least is paid whole.
@pytest.mark.parametrize(("total", "typed", "left"), [(5000, "100", 490000), (15, "15", 0), (5000, "5000.00", 0)])
def test_part_from_the_minimum_on_is_taken(shop: Shop, payer: Payer, total: int, typed: str, left: int) -> None:
    allow(shop, allow_partial_payments=True, partial_payment_minimum=10000)
    invoice = shop.invoice(total)
    payer.follow(payer.pay(invoice, amount=typed))
    assert fresh(invoice).open_amount == left


@pytest.mark.parametrize(
    ("total", "typed", "words"),
    [
        (5000, "10", "The least that can be paid is €100.00."),
        (15, "10", "The least that can be paid is €15.00."),
        (5000, "0", "Enter an amount more than zero"),
        (5000, "-5", "Enter an amount more than zero"),
        (5000, "5000.01", "Only €5,000.00 is open."),
        (5000, "12.345", "Enter an amount more than zero"),
        (5000, "", "Enter the amount to pay."),
    ],
)
def test_amount_that_is_not_taken_is_refused_at_its_field(
    shop: Shop, payer: Payer, total: int, typed: str, words: str
) -> None:
    allow(shop, allow_partial_payments=True, partial_payment_minimum=10000)
    invoice = shop.invoice(total)
    answer = payer.pay(invoice, amount=typed)
    assert answer.status_code == 422
    html = text(answer)
    assert words in html
    assert 'id="pay_amount_error"' in html
    assert 'value="Ada"' in html
    assert "4242 4242 4242 4242" not in html.replace("such as 4242 4242 4242 4242", "")
    assert (fresh(invoice).open_amount, nothing_happened()) == (total * 100, True)


def test_amount_typed_where_none_may_be_counts_for_nothing(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    assert 'name="amount"' not in text(payer.open(invoice))
    payer.follow(payer.pay(invoice, amount="1"))
    assert Payment.objects.get().amount == 10000


def test_amounts_of_several_invoices_are_typed_one_by_one(shop: Shop, payer: Payer) -> None:
    allow(shop, allow_partial_payments=True)
    first, second = shop.invoice(100), shop.invoice(50)
    payer.follow(payer.pay(first, second, **{f"amount_{second.public_id}": "20"}))
    assert (fresh(first).open_amount, fresh(second).open_amount) == (0, 3000)


def test_advance_is_paid_when_nothing_is_due(shop: Shop, payer: Payer) -> None:
    assert "Nothing is due" in text(payer.open())
    allow(shop, allow_advance_payments=True)
    page = payer.open()
    assert "Pay in advance" in text(page)
    done = payer.follow(payer.send(page, amount="50"))
    assert "€50.00 is kept as credit" in done
    assert Payment.objects.get().unapplied == 5000


def test_advance_is_its_own_choice_only_where_it_is_allowed(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    assert "Pay an amount in advance instead" not in text(payer.open(invoice))
    assert "Pay €100.00" in text(payer.open(query="advance=1"))
    allow(shop, allow_advance_payments=True)
    payer.follow(payer.pay(query="advance=1", amount="20"))
    assert (fresh(invoice).open_amount, Payment.objects.get().unapplied) == (10000, 2000)


def test_credits_pay_first_and_the_card_the_rest(shop: Shop, payer: Payer) -> None:
    invoice, paid = shop.invoice(), credit(shop, 3000)
    page = payer.open(invoice)
    assert "Payment on account" in text(page)
    payer.follow(payer.send(page, credit=paid.public_id))
    assert [charge["amount"] for charge in bank().charges()] == [7000]
    assert (fresh(invoice).open_amount, Payment.objects.get(pk=paid.pk).unapplied) == (0, 0)


def test_credits_that_cover_everything_need_no_card(shop: Shop, payer: Payer) -> None:
    invoice, paid = shop.invoice(), credit(shop, 15000)
    typed = {"credit": paid.public_id, "card_number": "", "card_cvc": "", "cardholder": "", "card_expiry": ""}
    done = payer.follow(payer.pay(invoice, **typed))
    assert "Paid with credits" in done
    assert "Paid in full" in done
    assert (fresh(invoice).open_amount, Payment.objects.get().unapplied) == (0, 5000)
    assert nothing_happened()


def test_credits_sent_twice_are_used_once(shop: Shop, payer: Payer) -> None:
    allow(shop, allow_partial_payments=True)
    invoice, paid = shop.invoice(), credit(shop, 15000)
    page = payer.open(invoice)
    assert payer.send(page, credit=paid.public_id, amount="10").status_code == 303
    assert payer.send(page, credit=paid.public_id, amount="10").status_code == 422
    assert (fresh(invoice).open_amount, Payment.objects.get().unapplied) == (9000, 14000)


def test_credits_are_not_offered_where_the_business_keeps_them(shop: Shop, payer: Payer) -> None:
    allow(shop, allow_credits=False)
    invoice, paid = shop.invoice(), credit(shop, 3000)
    page = payer.open(invoice)
    assert "Payment on account" not in text(page)
    payer.follow(payer.send(page, credit=paid.public_id))
    assert [charge["amount"] for charge in bank().charges()] == [10000]


def test_another_customers_credit_is_not_used(shop: Shop, payer: Payer, stranger_of_shop: Visitor) -> None:
    other = record_payment(
        stranger_of_shop.customer, PaymentInput(3000, "EUR", shop.business.today(), Method.CASH), by=OPERATOR
    )
    mine, invoice = credit(shop, 100), shop.invoice()
    answer = payer.pay(invoice, credit=[mine.public_id, other.public_id])
    assert answer.status_code == 422
    assert (fresh(invoice).open_amount, nothing_happened()) == (10000, True)


def test_fee_is_shown_before_and_charged_on_top(shop: Shop, payer: Payer) -> None:
    change_gateway(shop.gateway, {"methods": {"card": {"fee_percent": "1.5"}}}, by=OPERATOR)
    invoice = shop.invoice()
    page = payer.open(invoice)
    assert "plus a fee of 1.5" in text(page)
    assert "Pay €101.50" in text(page)
    payer.follow(payer.send(page))
    assert [charge["amount"] for charge in bank().charges()] == [10150]
    assert (Payment.objects.get().amount, Payment.objects.get().fee, fresh(invoice).open_amount) == (10000, 150, 0)


def test_dearer_way_than_the_page_named_is_confirmed_first(shop: Shop, payer: Payer) -> None:
    methods = {"card": {}, "direct_debit": {"fee_percent": "10"}}
    change_gateway(shop.gateway, {"methods": methods}, by=OPERATOR)
    invoice = shop.invoice()
    debit = {"method": "sandbox:direct_debit", "account_holder": "Ada", "iban": "DE89 3704 0044 0532 0130 00"}
    answer = payer.pay(invoice, **debit)
    assert answer.status_code == 422
    assert "the total is €110.00" in text(answer)
    assert "DE89 3704 0044 0532 0130 00" in text(answer)
    assert nothing_happened()
    payer.follow(payer.send(answer, **debit))
    assert bank().charges()[0]["amount"] == 11000


@pytest.mark.parametrize(
    ("limits", "words"),
    [({"minimum": 20000}, "This way takes payments from €200.00."), ({"maximum": 5000}, "up to €50.00.")],
)
def test_limit_of_a_way_to_pay_is_named(shop: Shop, payer: Payer, limits: dict[str, int], words: str) -> None:
    change_gateway(shop.gateway, {"methods": {"card": limits}}, by=OPERATOR)
    answer = payer.pay(shop.invoice())
    assert answer.status_code == 422
    assert words in text(answer)
    assert nothing_happened()


def test_one_payment_has_one_currency(shop: Shop, payer: Payer) -> None:
    euros, dollars = shop.invoice(100), shop.invoice(30, currency="USD")
    page = payer.open(euros, dollars)
    assert "One payment has one currency. This one is in EUR." in text(page)
    assert "Pay in USD instead" in text(page)
    payer.follow(payer.send(page))
    assert (fresh(euros).open_amount, fresh(dollars).open_amount) == (0, 3000)
    page = payer.open(query="currency=USD")
    assert "Pay US$30.00" in text(page)
    payer.follow(payer.send(page))
    assert (fresh(dollars).open_amount, bank().charges()[0]["currency"]) == (0, "USD")


def test_invoice_paid_meanwhile_is_not_paid_again(shop: Shop, payer: Payer) -> None:
    allow(shop, allow_partial_payments=True)
    invoice = shop.invoice()
    page = payer.open(invoice)
    shop.pay(shop.start(shares=[shop.share(invoice, 6000)]))
    answer = payer.send(page, amount="100")
    assert answer.status_code == 422
    assert "What is open has changed" in text(answer)
    shop.pay(shop.start(fresh(invoice), submission="form-2"))
    answer = payer.send(page)
    assert answer.status_code == 409
    assert "No longer open and left out" in text(answer)
    assert "asks for no money any more. Nothing was charged." in text(answer)
    assert len(bank().charges()) == 2


def test_form_of_another_tab_leads_to_the_payment_that_was_made(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    first, second = payer.open(invoice), payer.open(invoice)
    for page in (first, second):
        assert "Payment received" in payer.follow(payer.send(page))
    assert len(bank().charges()) == 1


def test_total_of_an_overtaken_form_leads_to_the_page_that_says_so(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    page = payer.open(invoice)
    void(invoice, by=OPERATOR)
    action = f"{payer.visitor.url('pay')}?invoice={invoice.public_id}"
    answer = payer.visitor.client.post(action, {"update": "1"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].endswith(action)
    assert answer.content == b""
    assert page.status_code == 200


def test_voided_invoice_asks_for_nothing(shop: Shop, payer: Payer) -> None:
    invoice = shop.invoice()
    page = payer.open(invoice)
    void(invoice, by=OPERATOR)
    answer = payer.send(page)
    assert answer.status_code == 409
    assert "Nothing was charged." in text(answer)
    assert "No longer open and left out" in text(payer.open(invoice))
    assert nothing_happened()


def test_strangers_invoice_is_not_there(shop: Shop, payer: Payer, stranger_of_shop: Visitor) -> None:
    invoice: Document = shop.invoice()
    intruder = Payer(stranger_of_shop)
    assert intruder.open(invoice).status_code == 404
    page = payer.open(invoice)
    action = f"{stranger_of_shop.url('pay')}?invoice={invoice.public_id}"
    assert stranger_of_shop.post(action, submission="x", method="sandbox:card").status_code == 404
    assert payer.open(query="invoice=inv_unknown").status_code == 404
    assert nothing_happened()
    assert page.status_code == 200
