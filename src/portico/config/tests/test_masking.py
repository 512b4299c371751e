import logging

import pytest

from portico.config.masking import AccessFormatter, MaskingFormatter, masked
from portico.lib.ids import new_secret


@pytest.mark.parametrize("prefix", ["pl", "pu", "si", "ml", "dl", "ms", "up", "mk", "ps", "ch", "br", "ptk"])
def test_a_secret_is_masked_wherever_it_stands(prefix: str) -> None:
    secret = new_secret(prefix)
    for text in (f"GET /portal/acme/s/{secret}", f"Bearer {secret}", f"?token={secret}&x=1", f"KeyError: '{secret}'"):
        assert secret[len(prefix) + 1 :] not in masked(text)


def test_a_mistyped_link_is_masked_too() -> None:
    assert masked('"GET /portal/acme/s/pl_almost?x" 404') == '"GET /portal/acme/s/…?x" 404'
    assert masked("GET /portal/acme/back?setup=WyJj:1w:x-_&frame=1 303") == "GET /portal/acme/back?setup=… 303"
    assert masked('"POST /portal/acme/sign-in/ch_almost" 404') == '"POST /portal/acme/sign-in/…" 404'
    assert masked('"GET /portal/acme/email/ch_almost" 404') == '"GET /portal/acme/email/…" 404'
    assert masked('"GET /portal/acme/email-undo/ch_almost" 404') == '"GET /portal/acme/email-undo/…" 404'
    assert masked("GET /portal/acme/sign-in/codes-almost") == "GET /portal/acme/sign-in/…"
    assert masked("GET /portal/acme/billing-details/email") == "GET /portal/acme/billing-details/email"
    assert masked("GET /portal/acme/sign-in/account?x=/y") == "GET /portal/acme/sign-in/account?x=/y"
    assert masked("GET /portal/acme/sign-in/code") == "GET /portal/acme/sign-in/code"
    assert masked("GET /portal/acme/statements/2026") == "GET /portal/acme/statements/2026"


def test_a_signed_token_is_masked_wherever_it_stands() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl"
    assert masked(f'"GET /login/{token}?redirect_to=pay" 303') == '"GET /login/…?redirect_to=pay" 303'
    for text in (f"Referer: {token}", f"ValueError: '{token}'", f"x={token}&y"):
        assert "eyJzdWIi" not in masked(text)
    assert masked("GET /accounts/login/?next=/customers") == "GET /accounts/login/?next=/customers"


def test_a_traceback_is_masked() -> None:
    secret = new_secret("pl")
    try:
        raise KeyError(secret)
    except KeyError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "failed", None, (KeyError, error, error.__traceback__)
        )
    assert secret[3:] not in MaskingFormatter().format(record)


def test_a_request_is_one_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "GET /a\n2026 forged\x1b[2J", None, None)
    assert AccessFormatter().format(record) == "GET /a\\x0a2026 forged\\x1b[2J"
