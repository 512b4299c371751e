"""Owners make, replace and end keys of programs; a secret is shown once and kept nowhere."""

import re

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.models import ApiKey
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business

PAGE = "/settings/api-keys"


def made(owner: Client, name: str = "Shop", scopes: tuple[str, ...] = ("read", "write"), days: str = "") -> str:
    answer = owner.post(PAGE, {"do": "create", "name": name, "scopes": scopes, "days": days})
    assert answer.status_code == 200
    return shown(answer.content.decode())


def shown(page: str) -> str:
    found = re.search(r'value="(ptk_[^"]+)"', page)
    assert found
    return found[1]


def answered(key: str) -> int:
    client = Client(headers={"host": "testserver", "authorization": f"Bearer {key}"})
    return client.get("/api/v1/customers").status_code


def test_a_new_key_is_shown_once_and_does_what_it_is_for(owner: Client) -> None:
    assert "No key yet" in owner.get(PAGE).content.decode()
    secret = made(owner)
    assert answered(secret) == 200
    page = owner.get(PAGE).content.decode()
    assert secret not in page
    assert "Shop" in page
    assert "Read and Change" in page
    assert "20 Nov 2026" in page, "its last use"
    assert answered(made(owner, "Links", ("links",))) == 403
    event = Activity.objects.filter(verb="api_key.created").earliest("id")
    assert (event.actor_label, event.data["scopes"]) == ("Olga", ["read", "write"])
    assert secret not in str(event.data)


@pytest.mark.parametrize(("form", "field"), [
    ({"name": "", "scopes": ["read"]}, "key_name"),
    ({"name": "Shop", "scopes": []}, "key_scopes"),
    ({"name": "Shop", "scopes": ["everything"]}, "key_scopes"),
    ({"name": "Shop", "scopes": ["read"], "days": "7"}, "key_days"),
    ({"name": "x" * 101, "scopes": ["read"]}, "key_name"),
])  # fmt: skip
def test_bad_forms_make_no_key(owner: Client, form: dict[str, str], field: str) -> None:
    answer = owner.post(PAGE, {"do": "create"} | form)
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_replaced_key_goes_on_for_its_grace(owner: Client, clock: Clock) -> None:
    old = made(owner, days="90")
    key = ApiKey.objects.get().public_id
    asked = owner.post(PAGE, {"do": "replace", "key": key}).content.decode()
    assert "Replace the key Shop?" in asked
    assert ApiKey.objects.count() == 1
    new = shown(owner.post(PAGE, {"do": "replace", "key": key, "grace": "1"}).content.decode())
    assert (answered(old), answered(new)) == (200, 200)
    page = owner.get(PAGE).content.decode()
    assert "Replaced, goes on until 20 Nov 2026" in page
    assert "was replaced already" in owner.post(PAGE, {"do": "replace", "key": key, "grace": "1"}).content.decode()
    clock.advance(hours=1)
    assert (answered(old), answered(new)) == (401, 200)
    assert "Ended keys" in owner.get(PAGE).content.decode()
    assert owner.post(PAGE, {"do": "replace", "key": key, "grace": "1"}).status_code == 409
    assert owner.post(PAGE, {"do": "replace", "key": key, "grace": "9999"}).status_code == 422
    assert ApiKey.objects.count() == 2


def test_revoking_asks_first_and_ends_at_once(owner: Client) -> None:
    secret = made(owner)
    form = {"do": "revoke", "key": ApiKey.objects.get().public_id}
    assert "Revoke this key?" in owner.post(PAGE, form).content.decode()
    assert answered(secret) == 200
    assert "The key is revoked" in owner.post(PAGE, form | {"confirmed": "yes"}, follow=True).content.decode()
    assert answered(secret) == 401


def test_strangers_reach_no_key(owner: Client, stranger: Client, shop: Business) -> None:
    secret = made(owner, "Warehouse")
    key = ApiKey.objects.get().public_id
    for action in ("replace", "revoke", "nonsense"):
        form = {"do": action, "key": key, "grace": "0", "confirmed": "yes"}
        assert stranger.post(PAGE, form).status_code == 404
    assert "Warehouse" not in stranger.get(PAGE).content.decode()
    assert answered(secret) == 200
