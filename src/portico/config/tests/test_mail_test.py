"""`portico mail test`: each step is said, the first that fails ends it, and the exit status says whether it went."""

import dns.exception
import pytest
from pytest_django import Settings

from portico.config.cli import run
from portico.config.mailers import mailers
from tests.postbox import Postbox, open_postbox
from tests.server import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask no name server."""

    def away(*_: object, **__: object) -> None:
        raise dns.exception.Timeout

    monkeypatch.setattr("dns.resolver.resolve", away)


def test_a_mail_that_is_taken(postbox: Postbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "test", "me@example.com"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()] == [
        "DNS", "Connection", "Encryption", "Login", "Sender", "Recipient", "Mail", "SPF", "DMARC",
    ]  # fmt: skip
    assert "FAILED" not in said
    assert postbox.the_only().recipients == ["me@example.com"]


def test_a_recipient_that_is_refused(postbox: Postbox, capsys: pytest.CaptureFixture[str]) -> None:
    postbox.refuse_recipients = "550 5.1.1 No such user"
    assert run(["mail", "test", "me@example.com"]) == 1
    assert "Recipient   FAILED 550 5.1.1 No such user" in capsys.readouterr().out
    assert not postbox.mails


def test_a_server_that_is_not_there(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MAILERS = mailers(f"smtp://127.0.0.1:{free_port()}")
    assert run(["mail", "test", "me@example.com"]) == 1
    said = capsys.readouterr().out
    assert "Connection  FAILED" in said
    assert "Login" not in said


def test_a_name_that_there_is_not(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MAILERS = mailers("smtp://mail.invalid:25")
    assert run(["mail", "test", "me@example.com"]) == 1
    assert "DNS         FAILED mail.invalid has no address" in capsys.readouterr().out


def test_a_wrong_password(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    box, server = open_postbox(login=True)
    try:
        settings.MAILERS = mailers(f"smtp://portico:wrong@127.0.0.1:{box.port}")
        assert run(["mail", "test", "me@example.com"]) == 1
    finally:
        server.stop()
    said = capsys.readouterr().out
    assert "FAILED" in said
    assert "wrong" not in said


def test_no_server_and_no_address_are_said(postbox: Postbox, settings: Settings) -> None:
    assert run(["mail", "test", "nobody"]) == 2
    settings.MAILERS = mailers("")
    assert run(["mail", "test", "me@example.com"]) == 2


class _Answer:
    def __init__(self, text: str) -> None:
        self.strings = [text.encode()]


def test_what_the_domain_says_is_shown(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = {
        "testserver": ["v=spf1 include:mail.example -all", "something else"],
        "mail._domainkey.testserver": ["v=DKIM1; p=MIGf"],
        "_dmarc.testserver": [],
    }

    def resolve(place: str, _kind: str, **_: object) -> list[_Answer]:
        return [_Answer(text) for text in records[place]]

    monkeypatch.setattr("dns.resolver.resolve", resolve)
    assert run(["mail", "test", "me@example.com", "--dkim-selector", "mail"]) == 0
    said = capsys.readouterr().out
    assert "SPF         ok     v=spf1 include:mail.example -all" in said
    assert "DKIM        ok     v=DKIM1; p=MIGf" in said
    assert "DMARC       FAILED _dmarc.testserver has none" in said
