"""Businesses made before a name was reserved: their customers' cookies and ours never meet."""

import pytest
from django.test import Client

from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Business
from tests.cast import make_account, new_business

HOST = {"host": "testserver"}


def renamed(business: Business, slug: str) -> Business:
    Business.objects.filter(pk=business.pk).update(slug=slug)
    business.refresh_from_db()
    return business


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["csrf", "staff", "asked", "nordlicht-asked", "nordlicht-stays"])
def test_customers_and_staff_of_any_slug_are_signed_in_side_by_side(slug: str) -> None:
    account = make_account(new_business("nordlicht"), "Ottokar", "OWN")
    other = make_account(renamed(new_business("fremd"), slug), "Fremder", "FAR")
    create_staff(account.business, "staff@nordlicht.example", "correct horse battery", by=OPERATOR)
    browser = Client(headers=HOST, enforce_csrf_checks=False)
    browser.get("/accounts/login/")
    browser.post("/accounts/login/", {"login": "staff@nordlicht.example", "password": "correct horse battery"})
    for owner in (account, other):
        browser.get(f"/portal/{owner.business.slug}/s/{owner.secret}")
    assert Grant.objects.filter(use_count__gt=1).count() == 2
    for owner in (account, other):
        assert owner.customer.name in browser.get(f"/portal/{owner.business.slug}/").content.decode()
    assert browser.get("/customers").status_code == 200
