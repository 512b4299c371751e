import pytest

from conftest import Clock
from portico.domain.access.errors import LinkClosed
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.web.api.v1.tests.conftest import Program


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ["a/b.c", "a%2Fb.c"])
def test_a_link_opens_that_customers_portal_for_twelve_hours(
    program: Program, clock: Clock, method: str, name: str
) -> None:
    program.customer(external_id="a", name="Shorter")
    program.customer(external_id="a/b.c", name="Longer")
    answer = program.send(method, f"/customers/{name}/portal_url")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert list(answer.json) == ["customer"]
    url, expires_at = answer.json["customer"]["portal_url"], answer.json["customer"]["expires_at"]
    assert expires_at == "2026-11-21T00:00:00Z"
    base, _, secret = url.rpartition("/")
    assert base == "http://testserver/portal/alpha/s"
    session, _ = open_session(find_grant(program.business, secret), ClientInfo("testserver"))
    assert session.customer.name == "Longer"
    clock.advance(hours=12)
    with pytest.raises(LinkClosed):
        open_session(find_grant(program.business, secret), ClientInfo("testserver"))


def test_every_call_makes_a_link_and_the_others_stay_good(program: Program) -> None:
    program.customer()
    urls = {program.get("/customers/acme/portal_url").json["customer"]["portal_url"] for _ in range(2)}
    assert len(urls) == 2
    for url in urls:
        open_session(find_grant(program.business, url.rpartition("/")[2]), ClientInfo("testserver"))


def test_the_master_switch_does_not_stop_the_api_from_making_links(program: Program) -> None:
    program.customer()
    change_portal_settings(program.business, {"portal_enabled": False}, by=OPERATOR)
    assert program.get("/customers/acme/portal_url").status == 200


def test_strangers_get_no_link(program: Program, stranger: Program) -> None:
    made = program.customer()
    for name in ("acme", made["id"]):
        for method in ("GET", "POST"):
            stranger.send(method, f"/customers/{name}/portal_url").refused(404, "not_found")
    assert not program.business.customers.get().grants.exists()
