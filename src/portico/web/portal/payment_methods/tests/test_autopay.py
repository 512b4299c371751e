"""AutoPay in the portal: enrol knowing what is collected, see it in place of Pay, leave; and the mails about it."""

import pytest

from conftest import Clock, React
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import link_to
from portico.domain.payments.actions.collect import collect_due, retry_failed
from portico.domain.payments.actions.warn_of_expiry import warn_of_expiry
from portico.domain.payments.models import AutoPay
from portico.web.portal.conftest import SignIn, Visitor
from portico.web.portal.core.gate import cookie_name
from tests.postbox import Postbox
from tests.shop import CARD, Shop

DECLINED_LATER = "4000 0000 0000 0341"


@pytest.fixture
def visitor(shop: Shop, clock: Clock, sign_in: SignIn) -> Visitor:
    change_payment_settings(shop.business, {"allow_autopay": True, "autopay_delay_days": 13}, by=OPERATOR)
    Customer.objects.filter(pk=shop.customer.pk).update(email="ap@acme.example")
    shop.customer = Customer.objects.select_related("business").get(pk=shop.customer.pk)
    return sign_in(shop.customer)


def enrolled() -> bool:
    return AutoPay.objects.filter(enrolled_at__isnull=False).exists()


def switch(visitor: Visitor, do: str) -> int:
    return visitor.post(visitor.url("autopay"), do=do).status_code


def test_enrolling_shows_what_is_collected_and_is_confirmed_by_mail(
    shop: Shop, visitor: Visitor, postbox: Postbox, react: React
) -> None:
    shop.card()
    invoice = shop.invoice()
    assert "Pay now instead" not in visitor.page("invoice", invoice.public_id)
    html = visitor.page("autopay")
    assert invoice.number in html
    assert "3 Dec 2026" in html
    assert not enrolled()
    assert switch(visitor, "enrol") == 303
    assert enrolled()
    page = visitor.page("invoice", invoice.public_id)
    assert "Collected on 3 Dec 2026 by Visa •4242" in page
    assert "Pay now instead" in page
    assert "Collected on 3 Dec 2026 by Visa •4242" in visitor.page("home")
    assert "used by AutoPay" in visitor.page("billing_details")
    react()
    mail = postbox.the_only()
    assert (mail.recipients, mail.subject) == (["ap@acme.example"], "AutoPay at Nordlicht is on")
    assert "Visa •4242" in mail.text
    assert "13 days after its date" in mail.text
    react()
    assert len(postbox.mails) == 1


def test_leaving_brings_pay_back(shop: Shop, visitor: Visitor, postbox: Postbox, react: React) -> None:
    shop.card()
    invoice = shop.invoice()
    switch(visitor, "enrol")
    react()
    assert "Switch AutoPay off?" in visitor.page("autopay")
    assert switch(visitor, "leave") == 303
    assert not enrolled()
    assert "Collected on" not in visitor.page("invoice", invoice.public_id)
    react()
    assert [mail.subject for mail in postbox.mails] == ["AutoPay at Nordlicht is on", "AutoPay at Nordlicht is off"]


def test_enrolling_without_a_method_or_an_offer_is_refused(shop: Shop, visitor: Visitor) -> None:
    assert switch(visitor, "enrol") == 409
    shop.card()
    change_payment_settings(shop.business, {"allow_autopay": False}, by=OPERATOR)
    assert switch(visitor, "enrol") == 409
    assert "offers no AutoPay" in visitor.page("autopay")
    assert not enrolled()


def test_old_proof_is_asked_again(shop: Shop, visitor: Visitor, clock: Clock) -> None:
    shop.card()
    clock.advance(minutes=30)
    assert switch(visitor, "enrol") == 403
    assert not enrolled()


def test_paying_enrols_when_the_box_is_ticked(shop: Shop, visitor: Visitor) -> None:
    invoice = shop.invoice()
    url = f"{visitor.url('pay')}?invoice={invoice.public_id}"
    assert "AutoPay" in visitor.get(url).content.decode()
    answer = visitor.post(url, method="sandbox:card", enrol_autopay="on", **CARD)
    assert (answer.status_code, enrolled()) == (303, True)
    later = shop.invoice()
    assert "Collected on" in visitor.page("invoice", later.public_id)
    assert "enrol_autopay" not in visitor.get(f"{visitor.url('pay')}?invoice={later.public_id}").content.decode()


def test_paying_does_not_enrol_with_an_old_proof_or_without_an_offer(
    shop: Shop, visitor: Visitor, clock: Clock
) -> None:
    invoice = shop.invoice()
    url = f"{visitor.url('pay')}?invoice={invoice.public_id}"
    clock.advance(minutes=30)
    assert visitor.post(url, method="sandbox:card", enrol_autopay="on", **CARD).status_code == 422
    change_payment_settings(shop.business, {"allow_autopay": False}, by=OPERATOR)
    assert visitor.post(url, method="sandbox:card", enrol_autopay="on", **CARD).status_code == 303
    assert not enrolled()


def test_failed_collection_is_mailed_each_time_until_it_is_given_up(
    shop: Shop, visitor: Visitor, clock: Clock, postbox: Postbox, react: React, sign_in: SignIn
) -> None:
    shop.enrol(DECLINED_LATER)
    invoice = shop.invoice()
    react()
    postbox.mails.clear()
    clock.advance(hours=1)
    for days in (3, 5, 7, 0):
        collect_due()
        react()
        clock.advance(days=days)
    assert {mail.subject for mail in postbox.mails} == {f"Invoice {invoice.number} could not be collected"}
    assert len(postbox.mails) == 4
    first, last = postbox.mails[0].text, postbox.mails[-1].text
    assert "We try again on 23 November 2026." in first
    assert "The bank has declined the card." in first
    assert "/billing-details/payment-methods" in first
    assert "We do not try again automatically." in last
    assert "Collected on" not in sign_in(shop.customer).page("invoice", invoice.public_id)


def test_customer_who_tried_it_on_a_page_gets_no_mail(
    shop: Shop, visitor: Visitor, clock: Clock, postbox: Postbox, react: React, sign_in: SignIn
) -> None:
    shop.enrol(DECLINED_LATER)
    shop.invoice()
    clock.advance(hours=1)
    collect_due()
    react()
    postbox.mails.clear()
    visitor = sign_in(shop.customer)
    visitor.post(visitor.url("default_payment_method", shop.customer.payment_methods.get().public_id))
    assert Activity.objects.filter(verb="payment_attempt.failed").count() == 2
    react()
    assert postbox.mails == []
    assert retry_failed(shop.customer, by=OPERATOR)[0].state == "failed"


def test_method_that_expires_soon_is_told_once(
    shop: Shop, visitor: Visitor, clock: Clock, postbox: Postbox, react: React
) -> None:
    shop.enrol()
    react()
    postbox.mails.clear()
    clock.set("2030-11-30 12:00")
    assert warn_of_expiry() == 0
    clock.set("2030-12-01 12:00")
    assert [warn_of_expiry(), warn_of_expiry()] == [1, 0]
    react()
    mail = postbox.the_only()
    assert mail.subject == "Visa •4242 expires soon"
    assert "31 December 2030" in mail.text


def test_document_link_does_not_tell_the_method(shop: Shop, visitor: Visitor, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    _grant, secret = link_to(shop.customer, invoice.ref, by=OPERATOR)
    _session, token = open_session(find_grant(shop.business, secret), ClientInfo("testserver"))
    visitor.client.cookies[cookie_name("nordlicht")] = token
    html = visitor.page("invoice", invoice.public_id)
    assert "Collected on 20 Nov 2026" in html
    assert "4242" not in html
