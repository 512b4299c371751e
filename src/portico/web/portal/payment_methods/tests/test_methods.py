"""Payment methods in the portal: add one without paying, make one the default, remove one; never another's."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.decide import Evidence
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.ledger.tests.history import new_customer
from portico.domain.payments.actions.autopay import leave
from portico.domain.payments.actions.collect import collect_due
from portico.domain.payments.actions.gateway_accounts import change_gateway
from portico.domain.payments.gateway import ProviderUnreachable
from portico.domain.payments.models import MethodState, PaymentMethod
from portico.gateways.sandbox.bank import Bank
from portico.gateways.sandbox.connection import bank
from portico.web.portal.conftest import SignIn, Visitor
from tests.shop import CARD, Shop

CHALLENGED = "4000 0000 0000 3220"
DECLINED = "4000 0000 0000 0002"
DECLINED_LATER = "4000 0000 0000 0341"


@pytest.fixture
def visitor(shop: Shop, clock: Clock, sign_in: SignIn) -> Visitor:
    return sign_in(shop.customer)


def add(visitor: Visitor, number: str = CARD["card_number"], **typed: str) -> HttpResponse:
    form = {"submission": "one", "method": "sandbox:card", "default": "on", **CARD, "card_number": number, **typed}
    return visitor.post(visitor.url("add_payment_method"), **form)


def shown(visitor: Visitor, response: HttpResponse) -> str:
    assert response.status_code == 303, response.content.decode()[:2000]
    answer = visitor.get(response.headers["Location"])
    assert answer.status_code == 200
    return answer.content.decode()


def saved() -> list[tuple[str, bool]]:
    rows = PaymentMethod.objects.filter(state=MethodState.ACTIVE).order_by("id")
    return [(str(row), row.is_default) for row in rows]


def test_card_is_saved_without_a_charge(visitor: Visitor) -> None:
    assert "No payment method is saved" in visitor.page("payment_methods")
    html = shown(visitor, add(visitor))
    assert "The payment method is saved." in html
    assert "Visa •4242" in html
    assert "until December 2030" in html
    assert (saved(), bank().charges()) == ([("Visa 4242", True)], [])
    assert "Visa •4242" in visitor.page("billing_details")


def test_bank_account_is_saved(visitor: Visitor) -> None:
    iban = {"method": "sandbox:direct_debit", "account_holder": "Ada", "iban": "DE89 3704 0044 0532 0130 00"}
    assert "SEPA •3000" in shown(visitor, add(visitor, **iban))


def test_form_sent_twice_saves_one(visitor: Visitor) -> None:
    add(visitor)
    add(visitor)
    assert saved() == [("Visa 4242", True)]


def test_challenge_leads_to_the_bank_and_back(visitor: Visitor) -> None:
    away = add(visitor, CHALLENGED)
    assert (away.status_code, saved()) == (303, [])
    charge = away.headers["Location"].rpartition("/")[2]
    back = visitor.client.post(f"/sandbox/challenge/{charge}", {"answer": "confirm"})
    path = back.headers["Location"].removeprefix("http://testserver")
    assert "The payment method is saved." in shown(visitor, visitor.get(path))
    assert saved() == [("Visa 3220", True)]
    # Reloaded, it changes nothing.
    visitor.get(path)
    assert saved() == [("Visa 3220", True)]


def test_challenge_that_is_refused_saves_nothing(visitor: Visitor) -> None:
    charge = add(visitor, CHALLENGED).headers["Location"].rpartition("/")[2]
    back = visitor.client.post(f"/sandbox/challenge/{charge}", {"answer": "refuse"})
    html = shown(visitor, visitor.get(back.headers["Location"].removeprefix("http://testserver")))
    assert "Nothing was saved." in html
    assert saved() == []


def test_way_back_needs_no_session_and_says_what_happened(visitor: Visitor) -> None:
    """A bank's page that was opened from a frame comes back in a tab, where nobody is signed in."""
    back = ""
    for answer, said in (("refuse", "Nothing was saved."), ("confirm", "The payment method is saved.")):
        charge = add(visitor, CHALLENGED, submission=answer).headers["Location"].rpartition("/")[2]
        back = visitor.client.post(f"/sandbox/challenge/{charge}", {"answer": answer}).headers["Location"]
        tab = Client(headers={"host": "testserver"}).get(back.removeprefix("http://testserver"))
        html = tab.content.decode()
        assert (tab.status_code, said in html) == (200, True)
        assert visitor.customer.name not in html
        assert "Sign in by e-mail" in html
    assert saved() == [("Visa 3220", True)]
    assert "Sign in" not in Client(headers={"host": "testserver"}).get(f"{back}&frame=1").content.decode()


def test_frame_waits_for_the_bank_and_goes_on_by_itself(shop: Shop, clock: Clock) -> None:
    change_embedding(shop.business, ["https://shop.example"], by=OPERATOR)
    framed = Client(headers={"host": "testserver", "sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin"})
    home = f"/portal/{shop.business.slug}/"
    framed.get(f"{home}s/{api_portal_url(shop.customer, by=OPERATOR)[1]}")
    form = {"submission": "one", "method": "sandbox:card", "default": "on", **CARD, "card_number": CHALLENGED}
    page = framed.post(f"{home}billing-details/payment-methods/new", form)
    html = page.content.decode()
    assert (page.status_code, "opens in a new tab" in html) == (200, True)
    waits, charge = re.search(r'hx-get="([^"]+)"', html), re.search(r'/challenge/([^"]+)"[^>]* target="_blank"', html)
    assert waits
    assert charge
    path = unescape(waits[1])
    asked = framed.get(path, headers={"hx-request": "true"})
    assert (asked.status_code, saved()) == (204, [])
    tab = Client(headers={"host": "testserver"})
    back = tab.post(f"/sandbox/challenge/{charge[1]}", {"answer": "confirm"}).headers["Location"]
    said = tab.get(back.removeprefix("http://testserver")).content.decode()
    assert "The payment method is saved. You can go on in the tab that you came from." in said
    assert (saved(), "Sign in" in said) == ([("Visa 3220", True)], False)
    asked = framed.get(path, headers={"hx-request": "true"})
    assert asked.headers["HX-Redirect"].endswith("/billing-details/payment-methods?saved=added")
    assert saved() == [("Visa 3220", True)]


def test_way_back_is_the_customers_own(shop: Shop, visitor: Visitor, sign_in: SignIn) -> None:
    charge = add(visitor, CHALLENGED).headers["Location"].rpartition("/")[2]
    back = visitor.client.post(f"/sandbox/challenge/{charge}", {"answer": "confirm"})
    path = back.headers["Location"].removeprefix("http://testserver")
    stranger = sign_in(new_customer(shop.business, "Stranger"))
    assert stranger.get(path).status_code == 404
    assert stranger.get(stranger.url("payment_method_saved") + "?setup=made-up").status_code == 303
    assert saved() == []


def test_declined_card_says_why_and_keeps_what_was_typed_but_no_number(visitor: Visitor) -> None:
    answer = add(visitor, DECLINED)
    html = answer.content.decode()
    assert (answer.status_code, saved()) == (422, [])
    assert "The bank has declined the card. Nothing was saved." in html
    assert 'value="Ada"' in html
    assert "4000 0000" not in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("card_number", "4242 4242 4242 4241"), ("card_expiry", "13/30"), ("card_cvc", ""), ("method", "stripe:card")],
)
def test_wrong_value_is_refused_at_its_field(visitor: Visitor, field: str, value: str) -> None:
    answer = add(visitor, **{field: value}) if field != "card_number" else add(visitor, value)
    assert (answer.status_code, saved()) == (422, [])
    assert "method_" in answer.content.decode()


def test_bank_without_an_answer_saves_nothing_and_can_be_asked_again(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ProviderUnreachable("The bank is away.")

    with monkeypatch.context() as outage:
        outage.setattr(Bank, "charge", away)
        assert add(visitor).status_code == 503
    add(visitor)
    assert saved() == [("Visa 4242", True)]


def test_who_tries_many_cards_has_to_wait(visitor: Visitor) -> None:
    statuses = [add(visitor, DECLINED, submission=str(number)).status_code for number in range(11)]
    assert statuses == [422] * 10 + [429]


def test_old_proof_is_asked_again_and_no_number_is_kept_meanwhile(visitor: Visitor, clock: Clock) -> None:
    clock.advance(minutes=30)
    answer = add(visitor)
    assert (answer.status_code, saved()) == (403, [])
    assert "4242" not in answer.content.decode()


def test_business_without_a_gateway_saves_nothing(shop: Shop, visitor: Visitor) -> None:
    change_gateway(shop.gateway, {"enabled": False}, by=OPERATOR)
    assert "Add a payment method" not in visitor.page("payment_methods")
    assert add(visitor).status_code == 422
    assert saved() == []


def test_default_is_changed_once_it_is_confirmed(shop: Shop, visitor: Visitor) -> None:
    shop.card()
    other = shop.card("5555 5555 5555 4444")
    url = visitor.url("default_payment_method", other.public_id)
    assert "Use Mastercard •4444 from now on?" in visitor.get(url).content.decode()
    assert saved() == [("Visa 4242", True), ("Mastercard 4444", False)]
    assert "It is used from now on." in shown(visitor, visitor.post(url))
    assert saved() == [("Visa 4242", False), ("Mastercard 4444", True)]


def test_method_of_autopay_says_so_before_it_is_removed(shop: Shop, visitor: Visitor) -> None:
    first = shop.enrol()
    shop.card("5555 5555 5555 4444")
    url = visitor.url("remove_payment_method", first.public_id)
    html = visitor.get(url).content.decode()
    assert "AutoPay uses it." in html
    assert "From now on AutoPay uses Mastercard •4444." in html
    assert len(saved()) == 2
    assert "The payment method is removed." in shown(visitor, visitor.post(url))
    assert saved() == [("Mastercard 4444", True)]
    last = visitor.url("remove_payment_method", PaymentMethod.objects.get(is_default=True).public_id)
    assert "AutoPay is switched off" in visitor.get(last).content.decode()
    shown(visitor, visitor.post(last))
    assert "Switch AutoPay on" not in visitor.page("payment_methods")
    assert saved() == []


def test_method_of_a_payment_plan_says_so_before_it_is_removed(shop: Shop, visitor: Visitor) -> None:
    method = shop.enrol()
    leave(shop.customer, by=OPERATOR)
    invoice = shop.invoice()
    day = shop.business.today() + timedelta(days=30)
    plan = make_plan(invoice, PlanInput([InstalmentInput(day, 10000)], collects=True), by=OPERATOR)
    url = visitor.url("remove_payment_method", method.public_id)
    assert "are collected by it" not in visitor.get(url).content.decode()
    approve_plan(plan, Evidence(name="Jane Doe"), by=OPERATOR)
    html = visitor.get(url).content.decode()
    assert f"The instalments of {invoice.number} are collected by it." in html
    assert "There is no other one: you pay them yourself." in html
    page = visitor.page("payment_methods")
    assert "The instalments of your payment plan are collected by Visa •4242." in page
    assert "€100.00" in page
    shown(visitor, visitor.post(url))
    assert "The instalments of your payment plan" not in visitor.page("payment_methods")


def test_plan_that_collects_is_switched_off_without_being_enrolled(shop: Shop, visitor: Visitor) -> None:
    shop.enrol()
    leave(shop.customer, by=OPERATOR)
    invoice = shop.invoice()
    day = shop.business.today() + timedelta(days=30)
    plan = make_plan(invoice, PlanInput([InstalmentInput(day, 10000)], collects=True), by=OPERATOR)
    off = visitor.url("autopay") + "?off"
    assert off not in visitor.page("payment_methods")
    assert "Switch AutoPay on?" in visitor.get(off).content.decode()
    approve_plan(plan, Evidence(name="Jane Doe"), by=OPERATOR)
    assert off in visitor.page("payment_methods")
    html = visitor.get(off).content.decode()
    assert "Switch AutoPay off?" in html
    assert f"The instalments of {invoice.number} are not collected any more" in html
    assert visitor.post(off, do="leave").status_code == 303
    plan.refresh_from_db()
    assert not plan.collects
    assert off not in visitor.page("payment_methods")


def test_method_with_a_payment_under_way_stays(shop: Shop, visitor: Visitor) -> None:
    method = shop.card()
    shop.start(shop.invoice(), saved=method)
    answer = visitor.post(visitor.url("remove_payment_method", method.public_id))
    assert (answer.status_code, saved()) == (409, [("Visa 4242", True)])
    assert "A payment with it is under way." in answer.content.decode()


def test_method_of_another_customer_is_not_there(shop: Shop, visitor: Visitor, sign_in: SignIn) -> None:
    method = shop.card()
    stranger = sign_in(new_customer(shop.business, "Stranger"))
    for name in ("default_payment_method", "remove_payment_method"):
        url = stranger.url(name, method.public_id)
        assert (stranger.get(url).status_code, stranger.post(url).status_code) == (404, 404)
    assert "4242" not in stranger.page("payment_methods")
    assert saved() == [("Visa 4242", True)]


def test_expiry_is_told(shop: Shop, visitor: Visitor, clock: Clock, sign_in: SignIn) -> None:
    shop.card()
    for moment, words in (("2030-12-01", "Expires soon"), ("2030-12-31", "Expires soon"), ("2031-01-01", "Expired")):
        clock.set(f"{moment} 12:00")
        assert words in sign_in(shop.customer).page("payment_methods")


def test_new_method_collects_what_has_failed_and_says_how_it_went(shop: Shop, clock: Clock, sign_in: SignIn) -> None:
    shop.enrol(DECLINED_LATER)
    invoice = shop.invoice()
    clock.advance(hours=1)
    collect_due()
    visitor = sign_in(shop.customer)
    html = shown(visitor, add(visitor, DECLINED_LATER))
    assert "Tried again just now" in html
    assert "The bank has declined the card." in html
    html = shown(visitor, add(visitor, submission="two"))
    assert invoice.number in html
    assert "collected" in html
    invoice.refresh_from_db()
    assert invoice.open_amount == 0
    assert [charge["state"] for charge in bank().charges()] == ["succeeded", "failed", "failed"]
