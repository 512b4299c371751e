"""What `PORTICO_EMAIL_URL` and `PORTICO_EMAIL_FROM` may say."""

import pytest

from portico.config.mailers import mailers, sender


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", "", False)),
        (
            "smtp://me%40mail.example:p%3Ass%2Fw@mail.example:2525",
            ("mail.example", 2525, "me@mail.example", "p:ss/w", False),
        ),
        ("smtps://me:pw@mail.example", ("mail.example", 465, "me", "pw", True)),
        ("smtp://[::1]:25/", ("::1", 25, "", "", False)),
    ],
)
def test_a_mail_server_is_named_by_an_address(url: str, expected: tuple[str, int, str, str, bool]) -> None:
    options = mailers(url)["default"]["OPTIONS"]
    assert tuple(options[name] for name in ("host", "port", "username", "password", "use_ssl")) == expected
    assert options["timeout"] > 0


def test_empty_url_means_no_mail_server() -> None:
    assert mailers("") == {}
    assert "console" in mailers("console:")["default"]["BACKEND"]


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://secret@mail.example",
        "smtp://:secret@mail.example",
        "smtp://mail.example:secret",
        "smtp://me:secret@mail.example:99999",
        "smtp://me:secret@mail.example/path",
        "smtp://me:secret@mail.example?tls=no",
        "console:secret",
    ],
)
def test_anything_else_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        mailers(url)
    assert str(refusal.value).startswith("PORTICO_EMAIL_URL must be ")
    assert "secret" not in str(refusal.value)


def test_mail_comes_from_the_base_host_unless_set() -> None:
    assert sender("", "billing.example.com") == "no-reply@billing.example.com"
    assert sender("", "::1") == "no-reply@localhost"
    assert sender("post@nordwind.example", "billing.example.com") == "post@nordwind.example"


@pytest.mark.parametrize("address", ["Nordwind <post@nordwind.example>", "post@", "a@b.example\r\nBcc: c@d.example"])
def test_a_sender_is_a_plain_address(address: str) -> None:
    with pytest.raises(SystemExit):
        sender(address, "billing.example.com")
