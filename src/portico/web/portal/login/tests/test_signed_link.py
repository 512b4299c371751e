"""Links that a business signs itself: valid ones open, doubtful ones do not."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.actions.revoke_magic_key import revoke_magic_key
from portico.domain.access.models import EmailVerification, Grant, MagicKey, PortalSession, RateLimitCounter
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.change_sign_in import change_sign_in
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.ledger.tests.history import new_business, new_customer

HOME = "/portal/nordlicht/"
REFUSED = "This sign-in did not work"


@pytest.fixture
def key(business: Business) -> tuple[MagicKey, str]:
    return create_magic_key(business, by=OPERATOR)


@pytest.fixture
def acme(acme: Customer) -> Customer:
    acme.external_id = "4711"
    acme.save()
    return acme


def browser(*, strict: bool = False) -> Client:
    return Client(headers={"host": "testserver"}, enforce_csrf_checks=strict)


def claims(clock: Clock, **more: Any) -> dict[str, Any]:
    """What a business says in a link that is good for five minutes; None leaves a claim out."""
    said = {"sub": "4711", "iss": "shop", "exp": int(clock.now().timestamp()) + 300} | more
    return {name: value for name, value in said.items() if value is not None}


def signed(secret: str, said: dict[str, Any], algorithm: str = "HS256") -> str:
    return jwt.encode(said, secret, algorithm=algorithm)


def by_hand(secret: str, payload: bytes, header: bytes = b'{"alg":"HS256"}') -> str:
    """A token whose parts no library would write."""
    signing = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload))
    digest = jwt.get_algorithm_by_name("HS256").sign(signing, secret.encode())
    return (signing + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def refused(address: str, reason: str) -> None:
    """Assert that an address opens nothing, says nothing, and tells staff why."""
    before = Activity.objects.filter(verb="signed_link.refused").count()
    client = browser()
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 403
    assert f"{REFUSED}</h1>" in html
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    noted = Activity.objects.filter(verb="signed_link.refused").order_by("-id")
    assert noted.count() == before + 1
    assert noted[0].data == {"refusal": reason}
    assert client.post(address).status_code == 403
    before = noted.count()
    assert client.head(address).status_code == 403
    assert noted.count() == before, "looking notes nothing"
    assert not PortalSession.objects.exists()
    assert not Grant.objects.exists()
    assert not client.cookies


@pytest.mark.parametrize("subject", ["external", "integer", "public id"])
def test_a_signed_link_opens_the_customer_it_names(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock, subject: str
) -> None:
    name = {"external": "4711", "integer": 4711, "public id": acme.public_id}[subject]
    token, client = signed(key[1], claims(clock, sub=name)), browser()
    response = client.get(f"{HOME}login/{token}")
    assert (response.status_code, response.headers["Location"]) == (303, HOME)
    assert (response.headers["Cache-Control"], response.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert acme.name in client.get(HOME).content.decode()
    grant = Grant.objects.get()
    assert (grant.purpose, grant.prefix, grant.magic_key, grant.use_count) == ("signed_link", "jwt", key[0], 1)
    assert grant.expires_at == clock.now() + timedelta(minutes=5)
    used = Activity.objects.get(verb="link.used")
    assert (used.customer, used.data["purpose"]) == (acme, "signed_link")
    assert token not in repr(list(Grant.objects.values_list())) + repr(list(Activity.objects.values_list()))
    key[0].refresh_from_db()
    assert key[0].last_used_at == clock.now()


def test_without_an_id_it_opens_again_until_its_end_and_a_session_outlasts_it(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock
) -> None:
    address, client = f"{HOME}login/{signed(key[1], claims(clock))}", browser()
    for _ in range(2):
        assert client.get(address).status_code == 303
    assert Grant.objects.get().use_count == 2
    clock.advance(minutes=5)
    assert client.get(HOME).status_code == 200
    late = browser().get(address)
    assert late.status_code == 403
    assert "This link has expired</h1>" in late.content.decode()
    clock.advance(hours=2)
    assert "Your session has ended" in client.get(HOME).content.decode(), (
        "the session timed out; its link is beside the point"
    )


def test_with_an_id_it_waits_for_its_button_and_opens_once(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock
) -> None:
    address = f"{HOME}login/{signed(key[1], claims(clock, jti='a'))}?redirect_to=open_item_statement"
    for _ in range(2):
        response = browser().get(address)
        assert response.status_code == 200
        assert f"Continue as {acme.name}" in response.content.decode()
        assert response.headers["Referrer-Policy"] == "same-origin", "or a browser would not send the form"
        assert browser(strict=True).post(address).status_code == 403
        assert browser().head(address).status_code == 200
    assert not Grant.objects.exists()
    assert not PortalSession.objects.exists()
    client = browser()
    response = client.post(address)
    assert (response.status_code, response.headers["Location"]) == (303, f"{HOME}statements?type=open_item")
    assert client.get(HOME).status_code == 200
    another = signed(key[1], claims(clock, jti="a", iss="again"))
    for token in (address, f"{HOME}login/{another}"):
        for attempt in (browser().get(token), browser().post(token)):
            assert attempt.status_code == 403
            assert "This link has been used" in attempt.content.decode()
    assert PortalSession.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_comes_in(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    address = f"{HOME}login/{signed(key[1], claims(clock, jti='race'))}"
    statuses: list[int] = []
    together = threading.Barrier(4)

    def press() -> None:
        try:
            together.wait(30)
            statuses.append(browser().post(address).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [303, 403, 403, 403]
    assert PortalSession.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"exp": None}, "no_expiry"),
        ({"exp": "soon"}, "no_expiry"),
        ({"exp": True}, "no_expiry"),
        ({"exp": 10**400}, "no_expiry"),
        ({"exp": float("nan")}, "no_expiry"),
        ({"exp": float("inf")}, "no_expiry"),
        ({"exp": -1}, "no_expiry"),
        ({"exp": 24 * 3600 + 120}, "too_long"),
        ({"iat": -24 * 3600}, "too_long"),
        ({"iat": 120}, "not_yet"),
        ({"nbf": 120}, "not_yet"),
        ({"iat": "now"}, "not_yet"),
        ({"sub": None}, "bad_subject"),
        ({"sub": 0}, "bad_subject"),
        ({"sub": -4711}, "bad_subject"),
        ({"sub": 4711.0}, "bad_subject"),
        ({"sub": True}, "bad_subject"),
        ({"sub": ""}, "bad_subject"),
        ({"sub": ["4711"]}, "bad_subject"),
        ({"sub": {"id": "4711"}}, "bad_subject"),
        ({"sub": "4711\n"}, "bad_subject"),
        ({"sub": "4711\x00"}, "bad_subject"),
        ({"sub": "x" * 256}, "bad_subject"),
        ({"sub": " 4711"}, "unknown_customer"),
        ({"sub": "9999"}, "unknown_customer"),
        ({"jti": 7}, "bad_id"),
        ({"jti": ""}, "bad_id"),
        ({"jti": "x" * 256}, "bad_id"),
        ({"jti": "\ud800"}, "bad_id"),
        ({"return_url": "https://evil.example/"}, "foreign_return_url"),
        ({"return_url": "https://shop.example@evil.example"}, "foreign_return_url"),
        ({"return_url": 1}, "foreign_return_url"),
    ],
)
def test_a_doubtful_claim_opens_nothing(
    acme: Customer, business: Business, key: tuple[MagicKey, str], clock: Clock, more: dict[str, Any], reason: str
) -> None:
    change_sign_in(business, {"return_origins": ["https://shop.example"]}, by=OPERATOR)
    moment = int(clock.now().timestamp())
    for name in ("exp", "iat", "nbf"):
        value = more.get(name)
        if type(value) is int and value != -1 and value < 10**10:
            more = more | {name: moment + value}
    refused(f"{HOME}login/{signed(key[1], claims(clock, **more))}", reason)


def test_an_end_that_has_passed_is_said_to_whoever_holds_a_genuine_link(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock
) -> None:
    token = signed(key[1], claims(clock, exp=int(clock.now().timestamp())))
    response = browser().get(f"{HOME}login/{token}")
    assert response.status_code == 403
    assert "This link has expired</h1>" in response.content.decode()
    assert acme.name not in response.content.decode()
    assert Activity.objects.get(verb="signed_link.refused").customer == acme
    assert not Grant.objects.exists()


def test_an_expired_link_is_followed_by_a_sign_in_mail_to_the_address_on_file(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock
) -> None:
    acme.email = "ap@acme.example"
    acme.save()
    late = signed(key[1], claims(clock, exp=int(clock.now().timestamp()) - 60))
    old = signed(key[1], claims(clock, exp=int(clock.now().timestamp()) - 366 * 24 * 3600))
    html = browser().get(f"{HOME}login/{late}?redirect_to=invoices").content.decode()
    assert "ap@acme.example" not in html
    assert "@acme.example" in html
    again = f"{HOME}login/{late}/fresh?redirect_to=invoices"
    assert f'action="{again}"' in html
    assert browser(strict=True).post(again).status_code == 403
    assert not EmailVerification.objects.exists()
    pages = set()
    for path in (f"{HOME}login/x/fresh", f"{HOME}login/{old}/fresh", again):
        client = browser()
        response = client.post(path)
        assert (response.status_code, response.headers["Location"]) == (303, path)
        pages.add(re.sub('nonce="[^"]*"', "", client.get(path).content.decode()))
    assert len(pages) == 1, "nothing tells whether a mail is on its way"
    asked = EmailVerification.objects.get()
    assert (asked.email, asked.page) == ("ap@acme.example", "activity/invoices")
    assert not PortalSession.objects.exists()
    good = signed(key[1], claims(clock))
    browser().post(f"{HOME}login/{good}/fresh")
    assert EmailVerification.objects.count() == 1


def test_clocks_may_differ_by_a_minute(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    moment = int(clock.now().timestamp()) + 59
    ends = moment + 24 * 3600
    token = signed(key[1], claims(clock, iat=moment, nbf=moment, exp=ends))
    assert browser().get(f"{HOME}login/{token}").status_code == 303


def test_an_unsigned_or_foreign_signature_opens_nothing(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock
) -> None:
    said = claims(clock)
    parts = signed(key[1], said).split(".")
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    payload = json.dumps(said).encode()
    cases = {
        by_hand(key[1], payload, b'{"alg":"none"}').rpartition(".")[0] + ".": "wrong_algorithm",
        jwt.encode(said, private, algorithm="RS256"): "wrong_algorithm",
        jwt.encode(said, key[1] * 2, algorithm="HS512"): "wrong_algorithm",
        by_hand(key[1], payload, b'{"alg":"hs256"}'): "wrong_algorithm",
        by_hand(key[1], payload, b'{"alg":["HS256"]}'): "wrong_algorithm",
        by_hand(key[1], payload, b'{"typ":"JWT"}'): "malformed",
        by_hand(key[1], payload, b'{"alg":"HS256","crit":["x"],"x":1}'): "malformed",
        by_hand(key[1], b"[1]"): "malformed",
        by_hand(key[1], b"null"): "malformed",
        by_hand(key[1], b"[" * 2500): "malformed",
        by_hand(key[1], payload, b"[" * 2000): "malformed",
        by_hand(key[0].prefix, payload): "unknown_signature",
        by_hand("", payload): "unknown_signature",
        signed(key[1], {**said, "sub": "1"}).rpartition(".")[0] + "." + parts[2]: "unknown_signature",
        ".".join([*parts[:2], ""]): "unknown_signature",
        ".".join([*parts[:2], parts[2][:-3]]): "unknown_signature",
        ".".join(parts[:2]): "malformed",
        "x": "malformed",
        "ä.ö.ü": "malformed",
        signed(key[1], {**said, "more": "x" * 4000}): "malformed",
    }
    pages = {re.sub('nonce="[^"]*"', "", browser().get(f"{HOME}login/{token}").content.decode()) for token in cases}
    assert len(pages) == 1, "every attempt reads the same, whatever is wrong"
    for token, reason in cases.items():
        RateLimitCounter.objects.all().delete()
        refused(f"{HOME}login/{token}", reason)


def test_a_key_opens_its_own_business_alone(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    elsewhere = new_business("fremd")
    stranger = new_customer(elsewhere, "Fremder")
    foreign, secret = create_magic_key(elsewhere, by=OPERATOR)
    assert foreign.business == elsewhere
    refused(f"{HOME}login/{signed(secret, claims(clock))}", "unknown_signature")
    refused(f"{HOME}login/{signed(key[1], claims(clock, sub=stranger.public_id))}", "unknown_customer")
    refused(f"/portal/fremd/login/{signed(key[1], claims(clock))}", "unknown_signature")


def test_a_key_s_end_is_the_end_of_what_it_signed(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    _, second = create_magic_key(acme.business, by=OPERATOR)
    clients = [browser(), browser()]
    for client, secret in zip(clients, (key[1], second), strict=True):
        assert client.get(f"{HOME}login/{signed(secret, claims(clock))}").status_code == 303
    revoke_magic_key(key[0], by=OPERATOR)
    assert [client.get(HOME).status_code for client in clients] == [403, 200]
    response = browser().get(f"{HOME}login/{signed(key[1], claims(clock))}")
    assert REFUSED in response.content.decode()
    assert browser().get(f"{HOME}login/{signed(second, claims(clock))}").status_code == 303


def test_a_used_link_can_be_revoked_by_itself(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    address, client = f"{HOME}login/{signed(key[1], claims(clock))}", browser()
    client.get(address)
    revoke(Grant.objects.get(), by=OPERATOR)
    assert client.get(HOME).status_code == 403
    assert "Access denied" in browser().get(address).content.decode()


def test_a_revoked_link_stays_revoked_however_its_signature_is_spelt(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock
) -> None:
    token = signed(key[1], claims(clock))
    assert browser().get(f"{HOME}login/{token}").status_code == 303
    revoke(Grant.objects.get(), by=OPERATOR)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # The last character of a signature has two bits that say nothing.
    twin = token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]
    for spelt in (token, token + "=", token + "==", token[:-4] + "!" + token[-4:], twin):
        response = browser().get(f"{HOME}login/{spelt}")
        assert response.status_code == 403, spelt
        assert not response.cookies
    assert Grant.objects.count() == 1
    assert PortalSession.objects.count() == 1


def test_an_id_is_one_link_within_its_business(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    elsewhere, colleague = new_business("fremd"), new_customer(acme.business, "Beta GmbH")
    stranger, (_, foreign) = new_customer(elsewhere, "Fremder"), create_magic_key(elsewhere, by=OPERATOR)
    own = f"{HOME}login/{signed(key[1], claims(clock, jti='a'))}"
    of_colleague = f"{HOME}login/{signed(key[1], claims(clock, jti='a', sub=colleague.public_id))}"
    of_stranger = f"/portal/fremd/login/{signed(foreign, claims(clock, jti='a', sub=stranger.public_id))}"
    assert [browser().post(address).status_code for address in (own, of_colleague, of_stranger)] == [303, 403, 303]
    assert set(PortalSession.objects.values_list("customer", flat=True)) == {acme.pk, stranger.pk}


@pytest.mark.parametrize(
    "more",
    [
        {"exp": 24 * 3600 + 120},
        {"exp": -60, "iat": 120},
        {"exp": -60, "nbf": 120},
        {"return_url": "https://evil.example/"},
        {"exp": -60, "sub": "9999"},
        {"jti": "", "exp": 60},
    ],
)
def test_no_mail_follows_a_link_that_is_bad_in_another_way_than_by_age(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock, more: dict[str, Any]
) -> None:
    acme.email = "ap@acme.example"
    acme.save()
    moment = int(clock.now().timestamp())
    more = {name: moment + value if isinstance(value, int) else value for name, value in more.items()}
    address = f"{HOME}login/{signed(key[1], claims(clock, **more))}/fresh"
    assert browser().post(address).status_code == 303, "nothing tells"
    assert not EmailVerification.objects.exists()
    late = signed(key[1], claims(clock, exp=moment - 60))
    browser().post(f"{HOME}login/{late}/fresh")
    assert EmailVerification.objects.get().email == "ap@acme.example"


@pytest.mark.parametrize(
    "page",
    ["https://evil.example", "//evil.example", "/activity", "activity", "my_account\r\nX-Evil: 1", "My_Account",
     "invoices ", "__class__", "\x00"],
)  # fmt: skip
def test_a_page_is_one_of_the_list(acme: Customer, key: tuple[MagicKey, str], clock: Clock, page: str) -> None:
    token = signed(key[1], claims(clock))
    response = browser().get(f"{HOME}login/{token}", {"redirect_to": page})
    assert response.status_code == 403
    assert REFUSED in response.content.decode()
    assert "evil" not in str(response.headers).lower()
    assert Activity.objects.get(verb="signed_link.refused").data == {"refusal": "unknown_page"}
    assert not PortalSession.objects.exists()


def test_a_page_of_the_list_is_where_it_leads(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    token = signed(key[1], claims(clock))
    for page, path in {"": "", "my_account": "", "invoices": "activity/invoices", "pay": "pay"}.items():
        response = browser().get(f"{HOME}login/{token}", {"redirect_to": page})
        assert response.headers["Location"] == HOME + path
        assert browser().head(f"{HOME}login/{token}?redirect_to={page}").headers["Location"] == HOME + path


def test_a_link_leads_back_to_a_listed_site(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    change_sign_in(acme.business, {"return_origins": ["https://shop.example"]}, by=OPERATOR)
    client = browser()
    client.get(f"{HOME}login/{signed(key[1], claims(clock, return_url='https://shop.example/orders?a=1&b=2'))}")
    for path in ("", "statements", "nowhere"):
        html = client.get(HOME + path).content.decode()
        assert 'href="https://shop.example/orders?a=1&amp;b=2"' in html
        assert "Back to shop.example" in html
    change_sign_in(acme.business, {"return_origins": []}, by=OPERATOR)
    assert "shop.example" not in client.get(HOME).content.decode(), "what is listed no more is offered no more"


def test_other_methods_and_a_closed_portal_open_nothing(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock
) -> None:
    address = f"{HOME}login/{signed(key[1], claims(clock))}"
    for method in ("post", "put", "delete", "patch", "options"):
        assert getattr(browser(), method)(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    change_portal_settings(acme.business, {"portal_enabled": False}, by=OPERATOR)
    for path in (address, f"{HOME}login/x"):
        response = browser().get(path)
        assert response.status_code == 404
        assert "Portal not available" in response.content.decode()
    assert browser().get("/portal/nobody/login/x").status_code == 404
    assert not PortalSession.objects.exists()
    assert not Activity.objects.filter(verb="signed_link.refused").exists()


def test_nobody_fills_the_history_by_trying(acme: Customer, key: tuple[MagicKey, str], clock: Clock) -> None:
    for _ in range(15):
        assert browser().get(f"{HOME}login/x").status_code == 403
    browser().get(f"{HOME}login/{signed(key[1], claims(clock, sub='9'))}")
    reasons = [row.data["refusal"] for row in Activity.objects.filter(verb="signed_link.refused").order_by("id")]
    assert reasons == ["malformed"] * 10 + ["unknown_customer"]


def test_a_key_outlives_the_server_key_it_was_locked_under(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock, settings: Settings
) -> None:
    former = settings.SECRET_KEY
    once = signed(key[1], claims(clock, jti="a"))
    assert browser().post(f"{HOME}login/{once}").status_code == 303
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another server key of a good length", [former]
    assert "This link has been used" in browser().post(f"{HOME}login/{once}").content.decode()
    assert browser().get(f"{HOME}login/{signed(key[1], claims(clock))}").status_code == 303
    settings.SECRET_KEY_FALLBACKS = []
    assert browser().get(f"{HOME}login/{signed(key[1], claims(clock))}").status_code == 303
    settings.SECRET_KEY = "a third server key that knows nothing of it"
    refusal = browser().get(f"{HOME}login/{signed(key[1], claims(clock))}")
    assert REFUSED in refusal.content.decode()


# A language of the guide, what runs it, and what tells whether that can.
_EXAMPLES = [
    ("python", [sys.executable, "-"], ""),
    ("js", ["node", "-"], ""),
    ("php", ["php"], ""),
    ("ruby", ["ruby", "-"], 'require "jwt"'),
]


@pytest.mark.parametrize(("language", "program", "needs"), _EXAMPLES)
def test_the_guide_s_examples_sign_links_that_open(
    acme: Customer, key: tuple[MagicKey, str], clock: Clock, language: str, program: list[str], needs: str
) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"There is no {program[0]} here.")
    if needs and subprocess.run(program, input=needs, capture_output=True, text=True, check=False).returncode:
        pytest.skip(f"{program[0]} can't {needs} here.")
    acme.external_id = "ACME-1"
    acme.save()
    guide = (Path(__file__).parents[6] / "docs" / "sign-in.md").read_text("utf-8")
    source = guide.partition(f"```{language}\n")[2].partition("```")[0]
    environment = {"PATH": os.environ["PATH"], "KEY": key[1]}
    made = subprocess.run(
        program, input=source, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    address = made.stdout.strip().replace("https://billing.example.com/portal/SLUG/", HOME)
    said = jwt.decode(address.partition("/login/")[2].partition("?")[0], options={"verify_signature": False})
    clock.set(datetime.fromtimestamp(said["exp"] - 300, UTC))
    response = browser().get(address)
    assert (response.status_code, response.headers["Location"]) == (303, f"{HOME}activity/invoices")
