"""No address with a secret is logged as it stands, whether or not the secret was copied whole."""

import re

import pytest

from portico.config.masking import masked
from portico.lib.ids import new_secret
from tests.rules.routes import BASE, PORTAL, filled, routes

# A parameter that holds what opens something has one of these names.
_SECRETS = ("secret", "token")
_CARRIERS = [route for each in (BASE, PORTAL) for route in routes(each) if re.search(r":(?:secret|token)>", route)]


def test_there_are_addresses_with_secrets() -> None:
    known = {"s", "login", "sign-in", "email", "email-undo", "unsubscribe", "pay", "accounts"}
    assert {route.partition("/")[0] for route in _CARRIERS} == known


@pytest.mark.parametrize("route", _CARRIERS)
@pytest.mark.parametrize("home", ["/", "/portal/nordlicht/"])
def test_an_address_is_masked_in_logs(route: str, home: str) -> None:
    whole = new_secret("ch")
    for secret in (
        whole,
        whole[:-1],
        whole[:12],
        whole[3:],
        whole.upper(),
        f"{whole} .",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWI",
    ):
        path = home + filled(route, dict.fromkeys(_SECRETS, secret))
        for line in (f'192.0.2.7 "GET {path}?a=b HTTP/1.1" 404', f"Not Found: {path}", f"{path}\n"):
            assert secret[:6] not in masked(line), line
            assert "…" in masked(line)
