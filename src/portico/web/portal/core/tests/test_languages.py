"""The language of pages, of signing in and of errors is the first that the visitor's browser asks for and we speak."""

import re

import pytest
from django.test import Client

from portico.domain.businesses.models import Business
from portico.web.portal.account import home
from portico.web.portal.conftest import Visitor

# What a browser sends, and the language of the answer.
HEADERS = [
    ("zh-TW", "zh-Hans"),
    ("zh-HK", "zh-Hans"),
    ("zh-Hant-TW,zh-Hant;q=0.9", "zh-Hans"),
    ("pt-PT", "pt"),
    ("pt", "pt"),
    ("pt-BR", "pt-BR"),
    ("no", "nb"),
    ("nn", "nb"),
    ("iw", "he"),
    ("en-GB;q=0.5, de;q=0.9", "de"),
    ("de;q=0, fr;q=0.1", "fr"),
    # Weights run from 0 to 1: what has another one asks for nothing.
    ("fr;q=inf, de;q=0.5", "de"),
    ("fr;q=7, de;q=nan, it", "it"),
    ("*", "en"),
    ("", "en"),
    (";;;q=,,-,de-", "de"),
    ("../../etc/passwd,\u0000<script>;q=1", "en"),
    ("x" * 5000, "en"),
    ("de_DE", "en"),
]


def spoken(page: bytes) -> str:
    found = re.search(r'<html lang="([\w-]+)"', page.decode())
    return found[1] if found else ""


@pytest.mark.parametrize(("header", "language"), HEADERS)
def test_portal_pages_speak_the_browser_s_language(visitor: Visitor, header: str, language: str) -> None:
    response = visitor.get(visitor.url("home"), **{"Accept-Language": header})
    assert (response.status_code, spoken(response.content)) == (200, language)
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(("header", "language"), HEADERS)
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/portal/nordlicht/sign-in", 200),
        ("/portal/nordlicht/s/pl_unknown", 404),
        ("/portal/nobody/", 404),
        ("/accounts/login/", 200),
        ("/nowhere", 404),
    ],
)
def test_sign_in_and_errors_speak_the_browser_s_language(
    business: Business, path: str, status: int, header: str, language: str
) -> None:
    response = Client(headers={"host": "testserver", "accept-language": header}).get(path)
    assert (response.status_code, spoken(response.content)) == (status, language)


@pytest.mark.parametrize(("header", "language"), HEADERS)
def test_failures_speak_the_browser_s_language(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, header: str, language: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(home, "customer_page", fail)
    visitor.client.raise_request_exception = False
    response = visitor.get(visitor.url("home"), **{"Accept-Language": header})
    assert (response.status_code, spoken(response.content)) == (500, language)
