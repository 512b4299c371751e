"""A frame of another site's page, as a browser asks for what it shows, and what may stand around an answer."""

import re
from typing import Any

from django.test import Client

HOME = "/portal/nordlicht/"
SHOP = "https://shop.example"
TEST_SHOP = "https://test.shop.example:8443"
REGISTERED = f"{SHOP} {TEST_SHOP}"
COOKIE = "__Host-portico-portal.nordlicht.frame"


def frame(**headers: str) -> Client:
    """A frame whose next request comes from its own page, unless its headers say otherwise."""
    shown = {"sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin"}
    return Client(headers={"host": "testserver", **shown, **headers}, enforce_csrf_checks=True)


def script(session: str) -> Client:
    """A script of a page in a frame, with what it says of its session."""
    return frame(**{"sec-fetch-dest": "empty", "x-frame-session": session})


def ancestors(answer: Any) -> str:
    """Who may show an answer in a frame."""
    policy: str = answer.headers["Content-Security-Policy"]
    found = re.search(r"frame-ancestors ([^;]*)", policy)
    assert found
    return found[1]
