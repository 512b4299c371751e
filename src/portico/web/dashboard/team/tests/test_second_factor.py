"""A second factor: an authenticator app and recovery codes; passkeys are in the journeys, where a browser has them."""

import base64
import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from conftest import React
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business, User
from portico.web.dashboard.team.passkey_forms import AddPasskeyForm
from portico.web.dashboard.tests.cast import PASSWORD, signed_in, staff_of, with_second_factor
from tests.postbox import Postbox

EMAIL = "olga@nordlicht.example"
PAGE = "/accounts/second-factor/"


@pytest.fixture
def olga(shop: Business) -> User:
    return staff_of(shop, EMAIL)


def codes_of(secret: str) -> list[str]:
    """The codes that are good now: each once."""
    return [format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()]


def confirmed(client: Client) -> Client:
    answer = client.post("/accounts/confirm/", {"password": PASSWORD, "next": PAGE})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    return client


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set the app up; returns its secret and the recovery codes."""
    page = confirmed(client).get(f"{PAGE}app/").content.decode()
    found = re.search(r'dir="ltr">([A-Z2-7]{32})<', page)
    assert found
    assert "data:image/svg+xml" in page
    answer = client.post(f"{PAGE}app/", {"code": codes_of(found[1])[0]})
    assert answer["Location"] == f"{PAGE}codes/"
    shown = client.get(f"{PAGE}codes/").content.decode()
    return found[1], re.findall(r"<bdi dir=\"ltr\">(\d{8})</bdi>", shown)


def first_step(visitor: Client) -> Any:
    return visitor.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD, "next": "/customers"})


def test_an_app_is_set_up_and_asked_for_from_then_on(olga: User, visitor: Client) -> None:
    secret, recovery = set_up(signed_in(olga))
    assert len(recovery) == 10
    assert first_step(visitor)["Location"].startswith("/accounts/second-step/")
    assert visitor.get("/customers").status_code == 302, "the password alone opens nothing"
    assert visitor.get("/accounts/second-step/").status_code == 200
    good = codes_of(secret)[1]
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in codes_of(secret))
    answer = visitor.post("/accounts/second-step/", {"code": wrong})
    assert answer.status_code == 422
    assert visitor.get("/customers").status_code == 302
    assert visitor.post("/accounts/second-step/", {"code": good})["Location"] == "/customers"
    assert visitor.get("/customers").status_code == 200
    again = Client(headers={"host": "testserver"})
    first_step(again)
    assert again.post("/accounts/second-step/", {"code": good}).status_code == 422, "a code works once"


def test_secrets_are_encrypted_and_codes_are_shown_once(olga: User, visitor: Client) -> None:
    client = signed_in(olga)
    secret, recovery = set_up(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert recovery[0] not in kept
    assert client.get(f"{PAGE}codes/")["Location"] == PAGE
    first_step(visitor)
    assert visitor.post("/accounts/second-step/", {"code": recovery[0]})["Location"] == "/customers"
    assert "9 codes are left" in client.get(PAGE).content.decode()
    other = Client(headers={"host": "testserver"})
    first_step(other)
    assert other.post("/accounts/second-step/", {"code": recovery[0]}).status_code == 422
    client.post(f"{PAGE}codes/")
    assert recovery[1] not in client.get(f"{PAGE}codes/").content.decode()


def test_guessing_codes_comes_to_an_end(olga: User, visitor: Client) -> None:
    secret, _recovery = set_up(signed_in(olga))
    first_step(visitor)
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in codes_of(secret))
    for _ in range(10):
        visitor.post("/accounts/second-step/", {"code": wrong})
    assert visitor.post("/accounts/second-step/", {"code": codes_of(secret)[1]}).status_code in (422, 429)
    assert visitor.get("/customers").status_code == 302


def test_changes_need_a_fresh_proof(olga: User) -> None:
    client = signed_in(olga)
    for path in ("app/", "passkey/", "codes/", "remove/?which=1"):
        answer = client.get(PAGE + path)
        assert answer["Location"].startswith("/accounts/confirm/?next=%2Faccounts%2Fsecond-factor%2F")
        assert client.post(PAGE + path.partition("?")[0], {"code": "1", "which": "1"}).status_code == 302
    assert client.post("/accounts/confirm/", {"password": "wrong", "next": PAGE}).status_code == 422
    assert not Authenticator.objects.exists()
    secret, _recovery = set_up(client)
    other = signed_in(olga)
    answer = other.post("/accounts/confirm/", {"password": PASSWORD, "next": PAGE})
    assert answer.status_code == 422, "where there is a second factor the password does not confirm"
    answer = other.post("/accounts/confirm/", {"code": codes_of(secret)[1], "next": "//evil.example"})
    assert answer["Location"] == PAGE


def test_removal_asks_first_and_is_told_by_mail(olga: User, visitor: Client, postbox: Postbox, react: React) -> None:
    client = signed_in(olga)
    set_up(client)
    row = Authenticator.objects.get(type="totp")
    assert "It is your last second factor" in client.get(f"{PAGE}remove/?which={row.pk}").content.decode()
    assert Authenticator.objects.count() == 2
    assert client.post(f"{PAGE}remove/", {"which": row.pk})["Location"] == PAGE
    assert not Authenticator.objects.exists()
    assert first_step(visitor)["Location"] == "/customers"
    react()
    assert [mail.subject for mail in postbox.mails] == ["Your second factor was changed"] * 2
    what = Activity.objects.filter(verb="staff.second_factor_changed").order_by("id")
    assert [row.data["what"] for row in what] == ["totp_activated", "totp_deactivated"]


def test_without_the_last_one_no_session_counts_as_with_one(olga: User, shop: Business) -> None:
    client = signed_in(olga)
    set_up(client)
    elsewhere = with_second_factor(User.objects.get(pk=olga.pk))
    assert elsewhere.get("/customers").status_code == 200
    client.post(f"{PAGE}remove/", {"which": Authenticator.objects.get(type="totp").pk})
    assert elsewhere.get("/customers")["Location"].startswith("/accounts/login/")
    assert client.get("/customers").status_code == 200, "who took it away goes on, by the password"
    answer = client.post("/settings/team", {"do": "require", "required": "on"}, follow=True)
    assert "so that you are not shut out" in answer.content.decode()
    shop.refresh_from_db()
    assert not shop.second_factor_required


def passkeys(user: User, count: int) -> None:
    rows = [Authenticator(user=user, type="webauthn", data={"name": "Key", "credential": {}}) for _ in range(count)]
    Authenticator.objects.bulk_create(rows)


def test_of_two_passkeys_at_once_the_eleventh_is_refused(olga: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = confirmed(signed_in(olga))
    passkeys(olga, 9)

    def meanwhile(form: AddPasskeyForm) -> bool:
        passkeys(olga, 1)
        form.cleaned_data = {"name": "Eleventh", "credential": {}}
        return True

    monkeypatch.setattr(AddPasskeyForm, "is_valid", meanwhile)
    answer = client.post(f"{PAGE}passkey/", {"name": "Eleventh", "credential": "{}"})
    assert answer.status_code == 422
    assert "You have ten already" in answer.content.decode()
    assert Authenticator.objects.count() == 10
    assert not Activity.objects.filter(verb="staff.second_factor_changed").exists()
    assert "You have ten already" in client.get(f"{PAGE}passkey/").content.decode()


def test_nobody_removes_somebody_else_s(olga: User, shop: Business) -> None:
    set_up(signed_in(olga))
    row = Authenticator.objects.get(type="totp")
    other = confirmed(signed_in(staff_of(shop, "mia@nordlicht.example")))
    for which in (str(row.pk), "x", "", "9" * 40):
        assert other.post(f"{PAGE}remove/", {"which": which}).status_code == 404
    assert Authenticator.objects.count() == 2


def test_a_business_that_asks_for_one_lets_nobody_in_without(olga: User, shop: Business) -> None:
    owner, mia = with_second_factor(olga), signed_in(staff_of(shop, "mia@nordlicht.example"))
    form = {"do": "require", "required": "on"}
    assert "so that you are not shut out" in signed_in(olga).post("/settings/team", form, follow=True).content.decode()
    shop.refresh_from_db()
    assert not shop.second_factor_required
    owner.post("/settings/team", form)
    assert owner.get("/customers").status_code == 200
    for path in ("/customers", "/settings/portal", "/settings/team"):
        assert mia.get(path)["Location"] == PAGE
    assert "Set one up to go on" in mia.get(PAGE).content.decode()
    set_up(mia)
    assert mia.get("/customers").status_code == 200
    owner.post("/settings/team", {"do": "require"})
    assert signed_in(staff_of(shop, "nils@nordlicht.example")).get("/customers").status_code == 200


def cut_credential(flag: int) -> str:
    """A passkey's answer whose data says by a flag that there is more of it than there is."""
    client = json.dumps({"type": "webauthn.get", "challenge": "AA", "origin": "http://testserver"}).encode()
    data = bytes(32) + bytes([flag]) + bytes(4)
    answer = {"signature": "AA", "userHandle": "AA"}
    for name, content in (("clientDataJSON", client), ("authenticatorData", data)):
        answer[name] = base64.urlsafe_b64encode(content).decode().rstrip("=")
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": answer})


def test_a_passkey_that_nobody_has_signs_nobody_in(visitor: Client, db: None) -> None:
    answer = visitor.get("/accounts/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"
    for credential in ("{}", "[]", "x", '{"id": "a"}', "", cut_credential(0x80), cut_credential(0x40)):
        answer = visitor.post("/accounts/passkey/", {"credential": credential})
        assert answer["Location"] == "/accounts/login/?passkey=unknown"
    assert "That did not work" in visitor.get("/accounts/login/?passkey=unknown").content.decode()
    answer = visitor.post("/accounts/passkey/", {"credential": "{}", "next": "/customers?q=a&page=2"})
    assert answer["Location"] == "/accounts/login/?passkey=unknown&next=%2Fcustomers%3Fq%3Da%26page%3D2"
    assert visitor.get(answer["Location"]).content.decode().count('name="next" value="/customers?q=a&amp;page=2"') == 2


def test_visitors_are_led_to_the_sign_in(visitor: Client, db: None) -> None:
    for path in (PAGE, f"{PAGE}app/", f"{PAGE}passkey/", f"{PAGE}codes/", f"{PAGE}remove/", "/accounts/confirm/"):
        assert visitor.get(path)["Location"].startswith("/accounts/login/?next=")
