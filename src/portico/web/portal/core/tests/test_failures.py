"""When we fail, or a form is too old: a page that says so, in the reader's language, and nothing else."""

import pytest
from django.test import Client

from portico.domain.access.models import PortalSession
from portico.web.portal.conftest import Visitor
from portico.web.portal.files import list as documents


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Something went wrong here"), ("de-AT", "Hier ist etwas schiefgegangen")]
)
def test_a_failure_is_admitted_without_its_details(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(documents, "customer_page", fail)
    visitor.client.raise_request_exception = False
    response = visitor.get(visitor.url("documents"), **{"Accept-Language": language})
    assert response.status_code == 500
    html = response.content.decode()
    assert f"<h1>{words}</h1>" in html
    assert f'href="{visitor.url("documents")}"' in html
    assert "secret detail" not in html
    assert response.headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_does_nothing_and_says_what_to_do(visitor: Visitor) -> None:
    strict = Client(headers={"host": "testserver"}, enforce_csrf_checks=True)
    strict.cookies = visitor.client.cookies
    response = strict.post(visitor.url("sign_out"))
    assert response.status_code == 403
    html = response.content.decode()
    assert "<h1>Please try again</h1>" in html
    assert "Open its page again" in html
    assert "Nordlicht" in html
    assert not PortalSession.objects.exclude(ended_at=None).exists()


@pytest.mark.parametrize(
    ("sent_from", "is_offered"),
    [
        ("http://testserver/portal/nordlicht/billing-details/edit", True),
        ("http://evil.example/portal/nordlicht/", False),
        ("http://evil.example@testserver/", False),
        ("javascript://testserver/%0aalert(1)", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_old_form_leads_back_to_its_own_page(visitor: Visitor, sent_from: str, is_offered: bool) -> None:
    strict = Client(headers={"host": "testserver"}, enforce_csrf_checks=True)
    strict.cookies = visitor.client.cookies
    response = strict.post(visitor.url("sign_out"), headers={"referer": sent_from} if sent_from else {})
    assert response.status_code == 403
    html = response.content.decode()
    assert ("Open the page again" in html) == is_offered
    assert (f'href="{sent_from}"' in html) == is_offered
