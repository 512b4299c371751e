"""What customers may pay: only valid settings are kept."""

import pytest
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business

PATH = "/settings/payments"
GOOD = {"allow_partial_payments": "on", "partial_payment_minimum": "100", "allow_advance_payments": "on"}


def kept(shop: Business) -> tuple[bool, int, bool, bool]:
    shop.refresh_from_db()
    return (
        shop.allow_partial_payments,
        shop.partial_payment_minimum,
        shop.allow_advance_payments,
        shop.allow_credits,
    )


def test_settings_are_shown_and_kept(owner: Client, shop: Business) -> None:
    assert "/settings/payments/gateways" in owner.get(PATH).content.decode()
    answer = owner.post(PATH, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    assert kept(shop) == (True, 10000, True, False)
    assert 'value="100.00"' in owner.get(PATH).content.decode()
    assert Activity.objects.filter(verb="settings.changed").count() == 1
    owner.post(PATH, GOOD | {"partial_payment_minimum": ""})
    assert kept(shop) == (True, 0, True, False)


@pytest.mark.parametrize("typed", ["-1", "0", "1.234", "many", "1e99"])
def test_wrong_minimum_is_refused_and_what_was_typed_stays(owner: Client, shop: Business, typed: str) -> None:
    answer = owner.post(PATH, GOOD | {"partial_payment_minimum": typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="payments_partial_payment_minimum_error"' in html
    assert f'value="{typed}"' in html
    assert kept(shop) == (False, 0, False, True)


def test_plans_need_approval_until_it_is_switched_off(owner: Client, shop: Business) -> None:
    page = owner.get(PATH).content.decode()
    assert 'name="plans_need_approval"' in page
    assert shop.plans_need_approval
    owner.post(PATH, GOOD)
    shop.refresh_from_db()
    assert not shop.plans_need_approval


def test_autopay_is_offered_after_some_days(owner: Client, shop: Business) -> None:
    assert "Offer AutoPay" in owner.get(PATH).content.decode()
    owner.post(PATH, GOOD | {"allow_autopay": "on", "autopay_delay_days": "7"})
    shop.refresh_from_db()
    assert (shop.allow_autopay, shop.autopay_delay_days) == (True, 7)
    for wrong in ("61", "-1", "some"):
        answer = owner.post(PATH, GOOD | {"autopay_delay_days": wrong})
        assert answer.status_code == 422
        assert 'id="payments_autopay_delay_days_error"' in answer.content.decode()
    shop.refresh_from_db()
    assert (shop.allow_autopay, shop.autopay_delay_days) == (True, 7)
    owner.post(PATH, GOOD | {"autopay_delay_days": ""})
    shop.refresh_from_db()
    assert (shop.allow_autopay, shop.autopay_delay_days) == (False, 0)
