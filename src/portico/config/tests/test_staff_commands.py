"""`portico staff`: who has access, and what an operator does when somebody leaves or is locked out."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from portico.config.tests.conftest import Command
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Membership, User

HERE = ("--business", "acme")
IDA = "ida@acme.example"


@pytest.fixture(autouse=True)
def people(portico: Command) -> None:
    create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    for name in ("Ida", "Finn"):
        portico("staff", "create", *HERE, "--email", f"{name.lower()}@acme.example", "--name", name)


def client_of(email: str) -> Client:
    client = Client(headers={"host": "testserver"})
    client.force_login(User.objects.get(email=email))
    return client


def test_the_first_is_an_owner_and_others_are_members(portico: Command) -> None:
    listed = portico("staff", "list", *HERE).out
    assert re.search(r"^owner .* ida@acme.example +Ida$", listed, re.MULTILINE)
    assert re.search(r"^member .* finn@acme.example +Finn$", listed, re.MULTILINE)
    portico("staff", "create", *HERE, "--email", "olga@acme.example", "--role", "owner")
    assert Membership.objects.get(user__email="olga@acme.example").role == "owner"


def test_a_name_that_nobody_sees_is_none_and_the_mail_address_stands_for_it(portico: Command) -> None:
    assert portico("staff", "create", *HERE, "--email", "olga@acme.example", "--name", "\u200b").status == 0
    assert str(User.objects.get(email="olga@acme.example")) == "olga@acme.example"


def test_removed_staff_is_out_at_once(portico: Command) -> None:
    client = client_of("finn@acme.example")
    assert client.get("/customers").status_code == 200
    assert portico("staff", "remove", "Finn@acme.example", *HERE).status == 0
    assert client.get("/customers").status_code == 302
    assert "finn" not in portico("staff", "list", *HERE).out
    assert Activity.objects.get(verb="staff.removed").actor_kind == "operator"


def test_the_last_owner_and_strangers_are_not_removed(portico: Command) -> None:
    assert "last owner" in portico("staff", "remove", IDA, *HERE).refusal
    assert "is not on the staff of Acme" in portico("staff", "remove", "nobody@acme.example", *HERE).refusal
    assert Membership.objects.count() == 2


def test_a_new_password_ends_sessions(portico: Command) -> None:
    client = client_of(IDA)
    done = portico("staff", "reset-password", IDA)
    password = done.out.strip().rpartition(" ")[2]
    assert User.objects.get(email=IDA).check_password(password)
    assert client.get("/customers").status_code == 302
    assert "shown this once" not in portico("staff", "reset-password", IDA, "--password", "one of my own").out
    assert User.objects.get(email=IDA).check_password("one of my own")
    assert Activity.objects.filter(verb="staff.password_changed").count() == 2


def test_poor_passwords_and_unknown_people_are_refused(portico: Command) -> None:
    before = User.objects.get(email=IDA).password
    assert "too short" in portico("staff", "reset-password", IDA, "--password", "short").refusal
    assert "Nobody signs in" in portico("staff", "reset-password", "nobody@acme.example").refusal
    assert User.objects.get(email=IDA).password == before


def test_a_lost_second_factor_is_taken_away(portico: Command) -> None:
    user = User.objects.get(email=IDA)
    assert "had none" in portico("staff", "reset-mfa", IDA).out
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = client_of(IDA)
    assert client.get("/customers").status_code == 200
    assert portico("staff", "reset-mfa", IDA).status == 0
    assert not Authenticator.objects.exists()
    assert client.get("/customers").status_code == 302
    event = Activity.objects.get(verb="staff.second_factor_changed")
    assert (event.actor_kind, event.data["what"]) == ("operator", "reset")
