"""A customer sees where the account is open, and ends what it does not know."""

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import document_link
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.conftest import Visitor, days_ago

HOME = "/portal/nordlicht/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


def another(customer: Customer, user_agent: str = FIREFOX, ip: str = "203.0.113.77") -> Client:
    """Another browser on the same account."""
    client = Client(headers={"host": "testserver", "user-agent": user_agent}, REMOTE_ADDR=ip)
    secret = api_portal_url(customer, by=OPERATOR)[1]
    assert client.get(f"{HOME}s/{secret}").status_code == 303
    return client


def test_the_account_s_sessions_are_told_apart(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    another(acme)
    clock.advance(minutes=30)
    html = visitor.page("sessions")
    assert html.count('class="po-session"') == 2
    assert html.index("this one") < html.index("Firefox on Windows")
    assert "203.0.113.*" in html
    assert "203.0.113.77" not in html
    assert "Opened from the business’s own pages" in html
    assert "Open since 20 Nov 2026" in html
    assert visitor.url("sessions") in visitor.page("home"), "the account's menu leads here"


def test_what_is_over_is_not_listed(visitor: Visitor, acme: Customer, stranger: Visitor, clock: Clock) -> None:
    another(acme)
    Grant.objects.filter(purpose="api_portal_url").update(revoked_at=clock.now(), revoked_because="revoked")
    another(acme).post(f"{HOME}sign-out")
    another(acme, "Idle/1")
    clock.advance(minutes=100)
    visitor.page("home")
    clock.advance(minutes=21)
    html = visitor.page("sessions")
    assert html.count('class="po-session"') == 1
    assert "End all others" not in html


def test_one_session_is_ended_and_recorded(visitor: Visitor, acme: Customer) -> None:
    other, third = another(acme), another(acme)
    session = PortalSession.objects.order_by("id")[1]
    response = visitor.post(visitor.url("end_session", session.public_id))
    assert (response.status_code, response.headers["Location"]) == (303, f"{HOME}sessions")
    assert other.get(HOME).status_code == 403
    assert third.get(HOME).status_code == 200
    assert visitor.get("/").status_code == 200
    ended = Activity.objects.get(verb="session.ended")
    assert (ended.subject_id, ended.actor_label, ended.customer) == (session.id, acme.name, acme)
    visitor.post(visitor.url("end_session", session.public_id))
    assert Activity.objects.filter(verb="session.ended").count() == 1, "what is over ends no second time"
    assert Grant.objects.filter(purpose="api_portal_url", revoked_at=None).count() == 2, "links stay good"


def test_all_others_are_ended(visitor: Visitor, stranger: Visitor, acme: Customer) -> None:
    others = [another(acme), another(acme)]
    visitor.post(visitor.url("end_other_sessions"))
    assert [client.get(HOME).status_code for client in others] == [403, 403]
    assert visitor.get("/").status_code == 200
    assert stranger.get("/").status_code == 200
    assert Activity.objects.filter(verb="session.ended").count() == 2


def test_a_stranger_s_session_is_not_there(visitor: Visitor, stranger: Visitor) -> None:
    theirs = PortalSession.objects.get(customer=stranger.customer)
    for name in (theirs.public_id, "sess_nonsense", "x"):
        assert visitor.post(visitor.url("end_session", name)).status_code == 404
    assert stranger.get("/").status_code == 200
    assert not Activity.objects.filter(verb="session.ended").exists()


@pytest.mark.parametrize("path", ["sessions", "sessions/end-others"])
def test_a_document_link_neither_shows_nor_ends_sessions(acme: Customer, visitor: Visitor, path: str) -> None:
    link = document_link(new_document(acme, 100, on=days_ago(1)), by=OPERATOR)
    assert link is not None
    client = Client(headers={"host": "testserver"})
    client.get(f"{HOME}s/{link[1]}")
    for method in (client.get, client.post):
        assert method(HOME + path).status_code == 403
    assert visitor.get("/").status_code == 200
    assert "Opened with the link to one document" in visitor.page("sessions")
