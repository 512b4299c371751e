"""Sign-in links: made for a customer, shown once, and ended."""

import re
from typing import Any

import jwt
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from conftest import Clock
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.links.actions.make_magic_link import MagicLinkInput, magic_link
from portico.domain.access.links.actions.make_portal_link import api_portal_url, generate_portal_link
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.web.dashboard.tests.cast import a_customer

_LINK = re.compile(r'value="http://testserver(/portal/nordlicht/s/(ml_[\w-]+))"')
GOOD = {"page": "invoices", "minutes": "15"}


@pytest.fixture
def here(acme: Customer) -> str:
    return f"/customers/{acme.public_id}/sign-in-links"


def opened(path: str, client: Client | None = None) -> Any:
    return (client or Client(headers={"host": "testserver"})).get(path)


def test_a_link_is_made_and_shown_once(owner: Client, acme: Customer, here: str, clock: Clock) -> None:
    assert here in owner.get(f"/customers/{acme.public_id}").content.decode()
    assert 'value="my_account" selected' in owner.get(here).content.decode()
    answer = owner.post(here, GOOD)
    [(path, secret)] = _LINK.findall(answer.content.decode())
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    grant = Grant.objects.get()
    assert (grant.customer, grant.created_by, grant.single_use) == (acme, "Olga", False)
    for later in (here, f"/customers/{acme.public_id}", f"/customers/{acme.public_id}/timeline"):
        assert secret not in owner.get(later).content.decode()
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())
    assert not any(secret in str(row.data) for row in Activity.objects.all())
    for _ in range(2):
        assert opened(path)["Location"] == "/portal/nordlicht/activity/invoices"
    html = owner.get(here).content.decode()
    assert "Sign-in link" in html
    assert "Active" in html
    timeline = owner.get(f"/customers/{acme.public_id}/timeline").content.decode()
    assert "Opened the portal by link" in timeline
    clock.advance(minutes=15)
    assert opened(path).status_code == 403
    assert "Expired" in owner.get(here).content.decode()


def test_a_link_that_opens_once_waits_for_its_button(owner: Client, acme: Customer, here: str) -> None:
    [(path, _)] = _LINK.findall(owner.post(here, {**GOOD, "single_use": "on"}).content.decode())
    client = Client(headers={"host": "testserver"})
    assert f"Continue as {acme.name}" in client.get(path).content.decode()
    assert client.post(path)["Location"] == "/portal/nordlicht/activity/invoices"
    assert client.post(path).status_code == 403
    assert "Used" in owner.get(here).content.decode()


def test_a_portal_link_stays_as_it_is(owner: Client, shop: Business, acme: Customer, here: str) -> None:
    link, _ = generate_portal_link(acme, by=OPERATOR)
    owner.post(here, GOOD)
    link.refresh_from_db()
    assert link.state == "active"


@pytest.mark.parametrize(
    "data",
    [{}, {"page": "https://evil.example", "minutes": "15"}, {"page": "invoices", "minutes": "1441"},
     {"page": "invoices", "minutes": "0"}, {"page": "invoices", "minutes": "-15"}, {"page": "", "minutes": "15"}],
)  # fmt: skip
def test_wrong_input_makes_no_link(owner: Client, here: str, data: dict[str, str]) -> None:
    answer = owner.post(here, data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Grant.objects.exists()


def test_links_made_elsewhere_are_listed_and_each_is_ended_after_a_question(
    owner: Client, shop: Business, acme: Customer, here: str, clock: Clock
) -> None:
    _, key = create_magic_key(shop, by=OPERATOR)
    token = jwt.encode({"sub": acme.public_id, "exp": clock.now().timestamp() + 60}, key, algorithm="HS256")
    visitor = Client(headers={"host": "testserver"})
    visitor.get(f"/portal/nordlicht/login/{token}")
    api_portal_url(acme, by=OPERATOR)
    html = owner.get(here).content.decode()
    assert "Signed by your own site" in html
    assert "Link from the API" in html
    link = Grant.objects.get(purpose="signed_link")
    question = owner.post(here, {"revoke": link.public_id}).content.decode()
    assert 'name="confirmed" value="yes"' in question
    assert opened("/portal/nordlicht/", visitor).status_code == 200
    answer = owner.post(here, {"revoke": link.public_id, "confirmed": "yes"}, follow=True)
    assert "The link is revoked." in answer.content.decode()
    assert opened("/portal/nordlicht/", visitor).status_code == 403
    assert opened(f"/portal/nordlicht/login/{token}").status_code == 403
    assert Grant.objects.get(purpose="api_portal_url").state == "active"


def test_another_customer_s_link_is_not_ended_here(owner: Client, shop: Business, here: str) -> None:
    other, _ = magic_link(a_customer(shop, "Other"), MagicLinkInput(), by=OPERATOR)
    current, _ = generate_portal_link(other.customer, by=OPERATOR)
    for name in (other.public_id, current.public_id, "grant_nonsense", ""):
        assert owner.post(here, {"revoke": name, "confirmed": "yes"}).status_code == 404
    assert not Grant.objects.exclude(revoked_at=None).exists()
