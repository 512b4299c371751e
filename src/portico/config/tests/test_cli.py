import re
from datetime import timedelta
from pathlib import Path

import click
import jwt
import pytest
from django.contrib.auth import authenticate

from portico.config.cli import LazyGroup
from portico.config.cli import portico as portico_group
from portico.config.tests.conftest import Command
from portico.domain.access.errors import LinkClosed
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.links.queries.signed_links import read_signed_link
from portico.domain.access.models import ApiKey, Grant, MagicKey
from portico.domain.access.programs.actions.use_api_key import viewer_of_key
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business, Membership, User
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.lib.clock import now

_ACME = ("--name", "Acme", "--slug", "acme", "--currency", "eur", "--country", "de", "--time-zone", "Europe/Berlin")


def commands(group: LazyGroup, *before: str) -> list[tuple[str, ...]]:
    """The words of every command there is."""
    found: list[tuple[str, ...]] = []
    for name in group.summaries:
        inner = group.commands.get(name)
        found += commands(inner, *before, name) if isinstance(inner, LazyGroup) else [(*before, name)]
    return found


@pytest.fixture
def acme() -> Business:
    return create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


def test_help_and_version_touch_nothing(program: Command, tmp_path: Path) -> None:
    helped = program("--help")
    assert helped.status == 0
    for word, *_ in commands(portico_group):
        assert re.search(rf"^  {word} ", helped.out, re.MULTILINE)
    assert re.fullmatch(r"portico \d+\.\d+\.\d+\n", program("--version").out)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("words", commands(portico_group), ids=" ".join)
def test_help_teaches_with_an_example(portico: Command, words: tuple[str, ...]) -> None:
    if words == ("manage",):
        # Its own help is Django's; what it is for stands in the list of commands.
        return
    helped = portico(*words, "--help")
    assert helped.status == 0
    assert "Example:" in helped.out
    assert f"portico {' '.join(words)}" in helped.out.partition("Example:")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nope",), "No such command 'nope'."),
        (("business", "create", "--name", "Acme"), "Missing option '--slug'."),
        (("link",), "Missing argument 'CUSTOMER'."),
        (("link", "X", "--business", "nobody"), "There is no business nobody."),
        (("apikey", "create", "--business", "nobody", "--name", "X"), "There is no business nobody."),
        (("magic-key", "create", "--business", "nobody"), "There is no business nobody."),
        (("check-ledger", "--business", "nobody"), "There is no business nobody."),
        (("serve", "--port", "99999"), "Invalid value for '--port': 99999 is not in the range 1<=x<=65535."),
        (("serve", "--host", "192.0.2.1"), "192.0.2.1 is no address of this machine."),
        (("demo", "--reset", "--nope"), "No such option '--nope'"),
    ],
)
def test_bad_input_is_refused_in_one_line(portico: Command, arguments: tuple[str, ...], said: str) -> None:
    assert portico(*arguments).refusal.startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORTICO_BASE_URL", "portico.example", "PORTICO_BASE_URL must be an http or https address"),
        ("PORTICO_BASE_URL", "http://localhost:99999", "PORTICO_BASE_URL must be an http or https address"),
        ("PORTICO_BASE_URL", "http://a b", "PORTICO_BASE_URL must be an http or https address"),
        ("PORTICO_PORTAL_DOMAIN", "a b", "PORTICO_PORTAL_DOMAIN must be a domain"),
        ("PORTICO_PORTAL_DOMAIN", "http://portal.example", "PORTICO_PORTAL_DOMAIN must be a domain"),
        ("DATABASE_URL", f"sqlite:///{__file__}", "The database can't be used: file is not a database"),
        ("DATABASE_URL", "mysql://root@db/portico", "DATABASE_URL must name a database"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", "The database can't be used: connection failed"),
        ("PORTICO_EMAIL_URL", "http://mail.example", "PORTICO_EMAIL_URL must be smtp://user:password@host:port"),
        ("PORTICO_EMAIL_FROM", "Nordwind", "PORTICO_EMAIL_FROM must be an e-mail address, not 'Nordwind'."),
        ("PORTICO_DEMO", "maybe", "PORTICO_DEMO must be yes or no"),
        ("PORTICO_WORKERS", "many", "PORTICO_WORKERS must be a whole number from 1"),
        ("PORTICO_HOME", "/proc/portico", "/proc/portico: No such file or directory"),
    ],
)
def test_a_bad_environment_is_refused_in_one_line(program: Command, name: str, value: str, said: str) -> None:
    assert program("check-ledger", **{name: value}).refusal.startswith(said)


def test_a_folder_made_beforehand_keeps_nothing_for_others_to_read(program: Command, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    assert program("check-ledger").status == 0
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in home.iterdir() if path.stat().st_mode & 0o077} == {}
    assert (home / "portico.sqlite3").exists()


def test_a_business_is_created_once(portico: Command) -> None:
    assert portico("business", "create", *_ACME).status == 0
    business = Business.objects.get()
    assert (business.slug, business.currency, business.country) == ("acme", "EUR", "DE")
    assert portico("business", "create", *_ACME).refusal == "There is a business acme already."
    assert Business.objects.count() == 1


def test_staff_get_a_password_that_is_shown_once(portico: Command, acme: Business) -> None:
    made = portico("staff", "create", "--business", "acme", "--email", "ida@acme.example", "--name", "Ida")
    password = made.out.strip().rpartition(" ")[2]
    assert authenticate(None, username="ida@acme.example", email="ida@acme.example", password=password)
    assert Membership.objects.filter(business=acme, user__email="ida@acme.example").exists()

    other = create_business(BusinessInput("Other", "other", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    again = portico(
        "staff", "create", "--business", "other", "--email", "IDA@acme.example", "--password", "ignored-one"
    )
    assert again.status == 0
    assert Membership.objects.filter(business=other, user__email="ida@acme.example").exists()
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    ("email", "password"),
    [("ida", "a long and good one"), ("ida@acme.example", "short"), ("i@a.example", "password123")],
)
def test_a_bad_account_is_refused(portico: Command, acme: Business, email: str, password: str) -> None:
    assert portico("staff", "create", "--business", "acme", "--email", email, "--password", password).refusal
    assert not User.objects.exists()


def test_an_api_key_is_printed_once_and_works(portico: Command, acme: Business) -> None:
    made = portico("apikey", "create", "--business", "acme", "--name", "Shop")
    assert viewer_of_key(made.out.removesuffix("\n")).business == acme
    assert ApiKey.objects.get().name == "Shop"


def test_a_magic_key_is_printed_once_and_signs(portico: Command, acme: Business) -> None:
    customer, _ = upsert_customer(acme, CustomerInput("42", "Ottokar"), by=OPERATOR)
    made = portico("magic-key", "create", "--business", "acme")
    key = made.out.removesuffix("\n")
    assert "http://testserver/portal/acme/login/" in made.err
    token = jwt.encode({"sub": 42, "exp": now() + timedelta(minutes=5)}, key, algorithm="HS256")
    assert read_signed_link(acme, token, "").customer == customer
    assert key not in repr(list(MagicKey.objects.values_list()))
    assert portico("magic-key", "create", "--business", "acme").status == 0
    third = portico("magic-key", "create", "--business", "acme")
    assert third.refusal == "There are two keys already. Revoke the one that is no longer used."
    assert MagicKey.objects.count() == 2


def test_a_link_replaces_the_former_one(portico: Command, acme: Business) -> None:
    customer, _ = upsert_customer(acme, CustomerInput("42", "Ottokar"), by=OPERATOR)
    first, second = (portico("link", name, "--business", "acme").out for name in ("42", customer.public_id))
    secrets = [re.fullmatch(r"http://testserver/portal/acme/s/(\S+)\n", link) for link in (first, second)]
    assert secrets[0] is not None
    assert secrets[1] is not None
    with pytest.raises(LinkClosed):
        open_session(find_grant(acme, secrets[0][1]), ClientInfo("testserver"))
    assert open_session(find_grant(acme, secrets[1][1]), ClientInfo("testserver"))[0].customer == customer


def test_an_unknown_customer_gets_no_link(portico: Command, acme: Business) -> None:
    assert portico("link", "nobody", "--business", "acme").refusal == "There is no customer nobody."
    assert not Grant.objects.exists()


def test_django_commands_are_passed_on(portico: Command) -> None:
    assert portico("manage", "check").status == 0
    assert portico("manage", "nope").status == 1


def test_every_command_is_imported_under_its_name() -> None:
    context = click.Context(portico_group)
    for word, *inner in commands(portico_group):
        command = portico_group.get_command(context, word)
        if inner:
            assert isinstance(command, click.Group)
            command = command.get_command(context, inner[0])
        assert command is not None
        assert command.name == (inner or [word])[0]


@pytest.mark.parametrize("slug", ["csrf", "staff", "sandbox", "webhooks"])
def test_reserved_slug_is_refused_in_one_line(portico: Command, slug: str) -> None:
    words = ("--name", "X", "--currency", "EUR", "--country", "DE", "--time-zone", "Europe/Berlin")
    assert "is no reserved word" in portico("business", "create", "--slug", slug, *words).refusal
    assert Business.objects.count() == 0
