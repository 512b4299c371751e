"""What goes wrong shows in a frame as it does in a tab, to the registered sites alone, and says so to its script."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from portico.domain.access.models import PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.customers.models import Customer
from portico.lib.faults import Fault, forget, note
from portico.web.portal.account import home
from portico.web.portal.login.tests.framing import HOME, REGISTERED, ancestors, frame, script


@pytest.fixture
def framed(portal_url: str) -> Client:
    client = frame()
    client.get(f"{portal_url}?theme=dark&nav=hidden")
    client.raise_request_exception = False
    return client


@pytest.fixture
def database_away() -> Iterator[None]:
    """The database was found to be away a moment ago; nobody asks it now."""
    note(Fault.AWAY, OSError("The database is away."))
    yield
    forget()


def state(answer: Any) -> str:
    found = re.search(r'data-state="(\w+)"', answer.content.decode())
    return found[1] if found else ""


def test_fault_of_ours_shows_in_the_frame(framed: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    assert framed.get(HOME).status_code == 200
    monkeypatch.setattr(home, "customer_page", fail)
    failed = framed.get(HOME)
    assert (failed.status_code, ancestors(failed), state(failed)) == (500, REGISTERED, "failed")
    assert f'<a class="po-btn" href="{HOME}">Try again</a>' in failed.content.decode()
    # In a tab it is the page that it was.
    del framed.defaults["HTTP_SEC_FETCH_DEST"]
    monkeypatch.undo()
    tab = framed.get(f"{HOME}no/such/page")
    assert (ancestors(tab), state(tab)) == ("'none'", "")


def test_outage_shows_in_the_frame_without_asking_the_database(framed: Client, request: pytest.FixtureRequest) -> None:
    framed.get(HOME)
    request.getfixturevalue("database_away")
    away = framed.get(f"{HOME}activity")
    assert (away.status_code, ancestors(away), state(away)) == (503, REGISTERED, "failed")
    assert f'href="{HOME}activity">Try again' in away.content.decode()
    by_script = script("nonsense").get(HOME)
    assert (by_script.status_code, ancestors(by_script)) == (503, REGISTERED)
    tab = Client(headers={"host": "testserver"}).get(HOME)
    assert (tab.status_code, ancestors(tab), state(tab)) == (503, "'none'", "")
    # Nobody is known to show the portal of an address at which there was no page yet.
    other = frame().get("/portal/somebody/")
    assert (other.status_code, ancestors(other)) == (503, "'none'")


def test_site_taken_away_shows_no_outage_either(framed: Client, acme: Customer, request: pytest.FixtureRequest) -> None:
    change_embedding(acme.business, [], by=OPERATOR)
    framed.get(HOME)
    request.getfixturevalue("database_away")
    assert ancestors(framed.get(HOME)) == "'none'"


def test_page_that_is_not_there_keeps_the_looks_and_leads_on(framed: Client) -> None:
    answer = framed.get(f"{HOME}invoices/inv_nobody")
    assert (answer.status_code, ancestors(answer), state(answer)) == (404, REGISTERED, "open")
    html = answer.content.decode()
    assert 'data-theme="dark"' in html
    assert "po-nav" not in html
    assert f'href="{HOME}">My Account</a>' in html


def test_closed_portal_asks_for_no_new_link_and_offers_no_tab(framed: Client, acme: Customer) -> None:
    change_portal_settings(acme.business, {"portal_enabled": False}, by=OPERATOR)
    closed = framed.get(HOME)
    assert (closed.status_code, ancestors(closed), state(closed)) == (404, REGISTERED, "closed")
    html = closed.content.decode()
    assert "Portal not available" in html
    assert "new tab</a>" not in html
    assert "data-frame-waits" not in html


def test_form_of_another_page_and_a_request_that_is_none_are_refused_within_the_frame(framed: Client) -> None:
    foreign = framed.post(f"{HOME}language", {"language": "de"}, headers={"sec-fetch-site": "cross-site"})
    assert (foreign.status_code, ancestors(foreign), state(foreign)) == (403, REGISTERED, "failed")
    too_much = framed.post(f"{HOME}language", {f"field{n}": "" for n in range(2_000)})
    assert (too_much.status_code, ancestors(too_much), state(too_much)) == (400, REGISTERED, "failed")
    assert "nothing was changed" in too_much.content.decode()
    assert PortalSession.objects.get().language == ""
