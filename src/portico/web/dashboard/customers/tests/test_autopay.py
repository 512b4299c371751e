"""AutoPay on a customer's page: staff see what it does, change how long it waits, and end it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.payments.models import AutoPay
from portico.gateways.sandbox.connection import bank
from tests.shop import Shop


@pytest.fixture
def shop(db: None, settings: Settings, tmp_path: Path) -> Iterator[Shop]:
    """A business that takes payments: here `shop` alone would be any business."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    yield Shop()
    bank.cache_clear()


@pytest.fixture
def staff(shop: Shop, clock: Clock) -> Client:
    user = create_staff(shop.business, "ida@nordlicht.example", "correct horse battery", by=OPERATOR, name="Ida")
    client = Client(headers={"host": "testserver"})
    client.force_login(user)
    return client


def test_page_shows_what_is_collected_when_and_by_what(shop: Shop, staff: Client) -> None:
    shop.enrol(delay_days=13)
    invoice = shop.invoice()
    html = staff.get(f"/customers/{shop.customer.public_id}").content.decode()
    assert "Visa •4242" in html
    assert "13 days after its date" in html
    assert invoice.number in html
    assert "3 Dec 2026" in html


def test_staff_end_it(shop: Shop, staff: Client) -> None:
    shop.enrol()
    path = f"/customers/{shop.customer.public_id}/autopay"
    assert "End AutoPay" in staff.get(path).content.decode()
    assert AutoPay.objects.get().enrolled_at is not None
    assert staff.post(path, {"do": "end"}).status_code == 302
    assert AutoPay.objects.get().enrolled_at is None
    assert Activity.objects.get(verb="autopay.left").actor_kind == "staff"
    assert "End AutoPay" not in staff.get(path).content.decode()


def test_customer_gets_days_of_its_own(shop: Shop, staff: Client) -> None:
    path = f"/customers/{shop.customer.public_id}/autopay"
    assert staff.post(path, {"days": "3"}).status_code == 302
    assert AutoPay.objects.get().delay_days == 3
    for wrong in ("61", "-1", "x"):
        assert staff.post(path, {"days": wrong}).status_code == 422
    assert AutoPay.objects.get().delay_days == 3
    staff.post(path, {"days": ""})
    assert AutoPay.objects.get().delay_days is None
    assert Activity.objects.filter(verb="autopay.changed").count() == 2
