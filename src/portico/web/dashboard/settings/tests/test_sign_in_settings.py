"""Sign-in settings: the business's own sign-in page, the sites to go back to, the keys it signs with."""

import re

import jwt
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from conftest import Clock
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.models import MagicKey
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_sign_in import change_sign_in
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer

PATH, KEYS = "/settings/sign-in", "/settings/sign-in/keys"
LENGTHS = {
    "account_visit_hours": "12",
    "document_visit_hours": "24",
    "visit_idle_minutes": "120",
    "signed_link_minutes": "1440",
}
_KEY = re.compile(r'value="(mk_[\w-]+)"')


def test_settings_are_shown_and_kept_in_one_spelling(owner: Client, shop: Business) -> None:
    assert PATH in owner.get("/settings").content.decode()
    sites = "https://Shop.example:443\r\n\r\n http://localhost:3000 \r\nhttps://shop.example"
    answer = owner.post(PATH, LENGTHS | {"sign_in_url": "https://shop.example/in?a=1", "return_origins": sites})
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    shop.refresh_from_db()
    assert shop.sign_in_url == "https://shop.example/in?a=1"
    assert shop.return_origins == ["http://localhost:3000", "https://shop.example"]
    change = Activity.objects.get(verb="settings.changed")
    assert (change.actor_label, change.data["before"]) == ("Olga", {"sign_in_url": "", "return_origins": []})
    html = owner.get(PATH).content.decode()
    assert "The settings are saved." in html
    assert 'value="https://shop.example/in?a=1"' in html
    same = {"sign_in_url": "https://shop.example/in?a=1", "return_origins": "\n".join(shop.return_origins)}
    assert owner.post(PATH, LENGTHS | same).status_code == 302
    assert Activity.objects.filter(verb="settings.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sign_in_url", "shop.example"),
        ("sign_in_url", "http://shop.example/in"),
        ("sign_in_url", "javascript:alert(1)"),
        ("sign_in_url", "//shop.example"),
        ("sign_in_url", "https://shop.example@evil.example/"),
        ("sign_in_url", "https://shop.example\\@evil.example/"),
        ("sign_in_url", "https://shöp.example/"),
        ("sign_in_url", "https://shop.example/" + "x" * 500),
        ("return_origins", "https://*.shop.example"),
        ("return_origins", "https://shop.example\nhttps://shop.example/account"),
        ("return_origins", "@evil.example"),
        ("return_origins", "https://user@shop.example"),
        ("return_origins", "https://shop.example:0"),
        ("return_origins", "http://shop.example"),
        ("return_origins", "https://shöp.example"),
        ("return_origins", "null"),
        ("return_origins", "\n".join(f"https://shop{n}.example" for n in range(21))),
    ],
)
def test_a_wrong_value_is_refused_and_stays_typed(owner: Client, shop: Business, field: str, value: str) -> None:
    change_sign_in(
        shop, {"sign_in_url": "https://kept.example", "return_origins": ["https://kept.example"]}, by=OPERATOR
    )
    typed = {"sign_in_url": "https://typed.example", "return_origins": "https://typed.example", field: value}
    answer = owner.post(PATH, LENGTHS | typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="sign_in_{field}_error"' in html
    assert "typed.example" in html
    shop.refresh_from_db()
    assert (shop.sign_in_url, shop.return_origins) == ("https://kept.example", ["https://kept.example"])
    assert Activity.objects.filter(verb="settings.changed").count() == 1


def test_a_key_is_made_and_shown_once(owner: Client, shop: Business) -> None:
    answer = owner.post(KEYS, {"do": "create"})
    [secret] = _KEY.findall(answer.content.decode())
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert len(secret.encode()) >= 32, "RFC 7518 asks as much of a key for HS256"
    html = owner.get(PATH).content.decode()
    assert secret not in html
    assert f"{secret[:8]}…" in html
    assert "Olga" in html
    for kept in (MagicKey.objects.values_list(), Activity.objects.values_list()):
        assert secret[10:] not in repr(list(kept))
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())
    assert Activity.objects.get(verb="magic_key.created").actor_label == "Olga"
    assert owner.get(KEYS)["Location"] == PATH


def test_two_keys_work_at_once_and_no_third(owner: Client, shop: Business) -> None:
    for _ in range(2):
        assert owner.post(KEYS, {"do": "create"}).status_code == 200
    assert "Create key" not in owner.get(PATH).content.decode()
    answer = owner.post(KEYS, {"do": "create"})
    assert answer.status_code == 409
    assert "There are two keys already." in answer.content.decode()
    assert not _KEY.findall(answer.content.decode())
    assert MagicKey.objects.count() == 2


def test_a_key_is_ended_after_a_question(owner: Client, shop: Business) -> None:
    key, _ = create_magic_key(shop, by=OPERATOR)
    data = {"do": "revoke", "key": key.public_id}
    assert str(key) in owner.post(KEYS, data).content.decode()
    assert MagicKey.objects.filter(revoked_at=None).exists()
    answer = owner.post(KEYS, {**data, "confirmed": "yes"}, follow=True)
    assert "The key is revoked." in answer.content.decode()
    assert str(key) not in answer.content.decode()
    assert not MagicKey.objects.filter(revoked_at=None).exists()
    assert Activity.objects.get(verb="magic_key.revoked").actor_label == "Olga"
    for _ in range(2):
        assert owner.post(KEYS, {**data, "confirmed": "yes"}).status_code == 404
    assert owner.post(KEYS, {"do": "burn", "key": key.public_id}).status_code == 404


def test_staff_read_why_a_signed_link_was_refused(
    owner: Client, stranger: Client, shop: Business, acme: Customer, clock: Clock
) -> None:
    _, secret = create_magic_key(shop, by=OPERATOR)
    late = jwt.encode({"sub": "C-1", "exp": clock.now().timestamp() - 1}, secret, algorithm="HS256")
    visitor = Client(headers={"host": "testserver"})
    for token in ("x", late):
        assert visitor.get(f"/portal/nordlicht/login/{token}").status_code == 403
    html = owner.get(PATH).content.decode()
    assert "It is not a JSON Web Token" in html
    assert "It has expired." in html
    assert "127.0.0.1" in html
    timeline = owner.get(f"/customers/{acme.public_id}/timeline").content.decode()
    assert "Signed link refused" in timeline
    assert "It has expired." in timeline
    assert "It has expired." not in stranger.get(PATH).content.decode()
