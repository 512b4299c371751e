"""`portico apikey`: what an operator does when a key has leaked."""

import re

import pytest
from django.test import Client

from conftest import Clock
from portico.config.tests.conftest import Command
from portico.domain.access.models import ApiKey
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business

HERE = ("--business", "acme")


@pytest.fixture(autouse=True)
def businesses(db: None) -> None:
    for slug in ("acme", "other"):
        create_business(BusinessInput(slug.title(), slug, "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


def answered(key: str) -> int:
    client = Client(headers={"host": "testserver", "authorization": f"Bearer {key}"})
    return client.get("/api/v1/customers").status_code


def new_key(portico: Command, *more: str, name: str = "Shop") -> str:
    return portico("apikey", "create", *HERE, "--name", name, *more).out.strip()


def test_revoked_key_is_answered_with_401_and_stays_listed(portico: Command) -> None:
    leaked, good = new_key(portico), new_key(portico, name="ERP")
    assert answered(leaked) == 200
    done = portico("apikey", "revoke", "Shop", *HERE)
    assert (done.status, done.out.split()[1:]) == (0, ["(Shop)", "is", "revoked."])
    assert (answered(leaked), answered(good)) == (401, 200)
    listed = portico("apikey", "list", *HERE).out
    assert re.search(r"revoked .* Shop$", listed, re.MULTILINE)
    assert re.search(r"active .* ERP$", listed, re.MULTILINE)
    assert leaked not in listed
    assert Activity.objects.filter(verb="api_key.revoked", data={"name": "Shop"}).count() == 1


@pytest.mark.parametrize("by", ["id", "beginning"])
def test_key_is_named_by_its_id_or_its_beginning(portico: Command, by: str) -> None:
    secret = new_key(portico)
    row = ApiKey.objects.get()
    assert portico("apikey", "revoke", row.public_id if by == "id" else row.prefix, *HERE).status == 0
    assert answered(secret) == 401


def test_key_expires_on_its_day(portico: Command, clock: Clock) -> None:
    secret = new_key(portico, "--days", "2")
    clock.advance(hours=47)
    assert answered(secret) == 200
    clock.advance(hours=1)
    assert answered(secret) == 401
    assert re.search(r"expired .* 2026-11-22 12:00 +Shop$", portico("apikey", "list", *HERE).out, re.MULTILINE)


def test_unknown_ambiguous_and_foreign_keys_are_refused_in_one_line(portico: Command) -> None:
    first, second = new_key(portico), new_key(portico)
    assert portico("apikey", "revoke", "Shop", *HERE).refusal == "Several keys are called Shop: name one by its id."
    assert "There is no key" in portico("apikey", "revoke", "Nothing", *HERE).refusal
    key = ApiKey.objects.first()
    assert key is not None
    assert "There is no key" in portico("apikey", "revoke", key.public_id, "--business", "other").refusal
    assert portico("apikey", "create", *HERE, "--name", "x", "--days", "0").status == 2
    assert (answered(first), answered(second)) == (200, 200)


def test_rotated_key_goes_on_for_its_grace_and_the_new_one_is_like_it(portico: Command, clock: Clock) -> None:
    old = new_key(portico, "--scope", "read", "--days", "30")
    done = portico("apikey", "rotate", "Shop", *HERE, "--hours", "2")
    new = done.out.strip()
    assert "goes on for 2 hours" in done.err
    assert (answered(old), answered(new)) == (200, 200)
    clock.advance(hours=2)
    assert (answered(old), answered(new)) == (401, 200)
    latest = ApiKey.objects.order_by("-id")[0]
    assert (latest.name, latest.scopes) == ("Shop", ["read"])
    assert f"{latest.expires_at:%Y-%m-%d %H:%M}" == "2026-12-20 12:00"
    event = Activity.objects.get(verb="api_key.rotated")
    assert event.data["new_key"] == latest.public_id
    assert old not in str(event.data)
    assert new not in str(event.data)


def test_an_ended_key_is_not_rotated_and_no_grace_prolongs_a_life(portico: Command, clock: Clock) -> None:
    ended = new_key(portico, "--days", "1")
    row = ApiKey.objects.get()
    clock.advance(hours=12)
    assert portico("apikey", "rotate", row.public_id, *HERE, "--hours", "720").status == 0
    clock.advance(hours=12)
    assert answered(ended) == 401
    assert "opens nothing any more" in portico("apikey", "rotate", row.public_id, *HERE).refusal
    assert portico("apikey", "rotate", row.public_id, *HERE, "--hours", "721").status == 2
    assert ApiKey.objects.count() == 2
    assert portico("apikey", "rotate", "Shop", *HERE).status == 0
    replaced = ApiKey.objects.order_by("-id")[1]
    assert "replaced already" in portico("apikey", "rotate", replaced.public_id, *HERE).refusal


def test_list_shows_scopes_and_unknown_ones_are_refused(portico: Command) -> None:
    new_key(portico, "--scope", "links", "--scope", "read")
    assert " read,links " in portico("apikey", "list", *HERE).out
    assert portico("apikey", "create", *HERE, "--name", "x", "--scope", "everything").status == 2
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("name", [" ", "\u200b", "\u3164"])
def test_key_whose_name_nobody_sees_is_not_made(portico: Command, name: str) -> None:
    assert "A key needs a name." in portico("apikey", "create", *HERE, "--name", name).refusal
    assert not ApiKey.objects.exists()
