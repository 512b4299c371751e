"""Portal links: made, copied, replaced and ended, one or many; a secret is shown once and kept nowhere."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from conftest import Clock
from portico.domain.access.errors import LinkClosed
from portico.domain.access.links.actions.make_portal_link import generate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import Grant
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.web.dashboard.tests.cast import a_business, a_customer

TOKENS = "/settings/portal/tokens"
_LINK = re.compile(r'value="http://testserver/portal/nordlicht/s/(pl_[\w-]+)"')


def _secrets(answer: Any) -> list[str]:
    return _LINK.findall(answer.content.decode())


def _opens(business: Business, secret: str) -> bool:
    return find_grant(business, secret).state == "active"


def test_a_customer_s_link_is_made_and_shown_once(owner: Client, shop: Business, acme: Customer) -> None:
    path = f"/customers/{acme.public_id}/link"
    answer = owner.post(path, {"do": "generate"})
    [secret] = _secrets(answer)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert _opens(shop, secret)
    assert find_grant(shop, secret).created_by == "Olga"
    for later in (f"/customers/{acme.public_id}", TOKENS, f"/customers/{acme.public_id}/timeline"):
        assert secret not in owner.get(later).content.decode()
    assert not any(secret in morsel.value for morsel in owner.cookies.values())
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())
    assert not any(secret in str(row.data) for row in Activity.objects.all())
    assert owner.get(path)["Location"] == f"/customers/{acme.public_id}"


def test_a_working_link_is_not_made_again_by_accident(owner: Client, shop: Business, acme: Customer) -> None:
    _, secret = generate_portal_link(acme, by=OPERATOR)
    answer = owner.post(f"/customers/{acme.public_id}/link", {"do": "generate"}, follow=True)
    assert "because their link works: Acme GmbH" in answer.content.decode()
    assert _secrets(answer) == []
    assert _opens(shop, secret)


@pytest.mark.parametrize("action", ["regenerate", "revoke"])
def test_ending_a_link_is_asked_first(owner: Client, shop: Business, acme: Customer, action: str) -> None:
    _, secret = generate_portal_link(acme, by=OPERATOR)
    path = f"/customers/{acme.public_id}/link"
    answer = owner.post(path, {"do": action})
    assert 'name="confirmed" value="yes"' in answer.content.decode()
    assert _opens(shop, secret)
    answer = owner.post(path, {"do": action, "confirmed": "yes"})
    assert not _opens(shop, secret)
    with pytest.raises(LinkClosed):
        open_session(find_grant(shop, secret), ClientInfo("testserver"))
    if action == "regenerate":
        [fresh] = _secrets(answer)
        assert _opens(shop, fresh)
    else:
        assert "1 link revoked." in owner.get(answer["Location"]).content.decode()


def test_an_unknown_action_is_not_there(owner: Client, acme: Customer) -> None:
    assert owner.post(f"/customers/{acme.public_id}/link", {"do": "burn"}).status_code == 404
    assert owner.post(TOKENS, {"do": "burn", "customer": acme.public_id}).status_code == 404
    assert not Grant.objects.exists()


@pytest.fixture
def four(shop: Business, clock: Clock) -> dict[str, Customer]:
    """A customer for each state a link can be in."""
    cast = {state: a_customer(shop, f"{state.title()} Ltd") for state in ("active", "expired", "revoked", "none")}
    generate_portal_link(cast["expired"], by=OPERATOR)
    clock.advance(days=31)
    _, secret = generate_portal_link(cast["active"], by=OPERATOR)
    open_session(find_grant(shop, secret), ClientInfo("testserver"))
    link, _ = generate_portal_link(cast["revoked"], by=OPERATOR)
    Grant.objects.filter(pk=link.pk).update(revoked_at=clock.now(), revoked_because="revoked")
    return cast


def test_the_page_lists_every_customer_s_link(owner: Client, four: dict[str, Customer]) -> None:
    html = owner.get(TOKENS).content.decode()
    words = {"active": "Active", "expired": "Expired", "revoked": "Revoked", "none": "No link"}
    for state, customer in four.items():
        row = next(row for row in html.split("<tr ") if customer.name in row)
        assert f">{words[state]}</span>" in row
    active = next(row for row in html.split("<tr ") if "Active Ltd" in row)
    assert "20 Jan 2027" in active
    assert "1 use" in active
    assert "21 Dec 2026" in active
    assert "Command line" in active
    assert "Kommandozeile" in owner.get(TOKENS, headers={"accept-language": "de"}).content.decode()


@pytest.mark.parametrize("state", ["active", "expired", "revoked", "none"])
def test_links_are_narrowed_by_state_and_words(owner: Client, four: dict[str, Customer], state: str) -> None:
    html = owner.get(f"{TOKENS}?state={state}").content.decode()
    assert [customer.name for customer in four.values() if customer.name in html] == [four[state].name]
    html = owner.get(f"{TOKENS}?q={state}+ltd").content.decode()
    assert [customer.name for customer in four.values() if customer.name in html] == [four[state].name]


def test_many_links_at_once(owner: Client, shop: Business, four: dict[str, Customer]) -> None:
    names = [customer.public_id for customer in four.values()]
    answer = owner.post(f"{TOKENS}?q=Ltd", {"do": "generate", "customer": names})
    html = answer.content.decode()
    secrets = _secrets(answer)
    assert len(secrets) == 3
    assert all(_opens(shop, secret) for secret in secrets)
    assert "Left as they are, because their link works: Active Ltd." in html
    table = unquote(html.partition('href="data:text/csv;charset=utf-8,')[2].partition('"')[0])
    assert [secret in table for secret in secrets] == [True] * 3
    assert "Expired Ltd" in table
    assert answer["Cache-Control"] == "no-store"


def test_all_that_the_search_leaves_are_done_at_once_beyond_the_page(owner: Client, shop: Business) -> None:
    for number in range(52):
        a_customer(shop, f"Lamp {number:02d}", external_id=f"L-{number}")
    a_customer(shop, "Zebra")
    page = owner.get(f"{TOKENS}?q=Lamp").content.decode()
    assert "All 52, on every page" in page
    answer = owner.post(f"{TOKENS}?q=Lamp", {"do": "generate", "all": "yes"})
    assert len(_secrets(answer)) == 52
    table = unquote(answer.content.decode().partition('href="data:text/csv;charset=utf-8,')[2].partition('"')[0])
    assert "Lamp 51" in table
    assert "L-51" in table
    assert "Zebra" not in table
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+01:00", table)


def test_a_name_is_no_formula_in_the_file(owner: Client, shop: Business) -> None:
    names = [a_customer(shop, name).public_id for name in ("=HYPERLINK(1)", "Plain")]
    html = owner.post(TOKENS, {"do": "generate", "customer": names}).content.decode()
    table = unquote(html.partition('href="data:text/csv;charset=utf-8,')[2].partition('"')[0])
    assert "'=HYPERLINK(1)" in table


def test_many_are_revoked_after_a_question(owner: Client, shop: Business, four: dict[str, Customer]) -> None:
    data = {"do": "revoke", "customer": [four["active"].public_id, four["none"].public_id]}
    before = Grant.objects.filter(revoked_at=None).count()
    question = owner.post(TOKENS, data).content.decode()
    assert "Active Ltd" in question
    assert Grant.objects.filter(revoked_at=None).count() == before
    answer = owner.post(TOKENS, {**data, "confirmed": "yes"}, follow=True).content.decode()
    assert "1 link revoked. No link to revoke: None Ltd." in answer
    assert Grant.objects.filter(revoked_at=None).count() == before - 1


def test_a_row_s_own_button_counts_for_that_row_alone(owner: Client, four: dict[str, Customer]) -> None:
    data = {"one": f"generate:{four['none'].public_id}", "customer": four["expired"].public_id}
    assert len(_secrets(owner.post(TOKENS, data))) == 1
    assert Grant.objects.filter(customer=four["expired"]).count() == 1


def test_one_stranger_among_many_stops_them_all(owner: Client, four: dict[str, Customer]) -> None:
    foreign = a_customer(a_business("fremd"), "Foreign")
    before = Grant.objects.count()
    data = {"do": "regenerate", "confirmed": "yes", "customer": [four["none"].public_id, foreign.public_id]}
    assert owner.post(TOKENS, data).status_code == 404
    assert Grant.objects.count() == before


def test_nobody_selected_is_said(owner: Client, acme: Customer) -> None:
    answer = owner.post(TOKENS, {"do": "generate"}, follow=True)
    assert "Nobody is selected." in answer.content.decode()
    assert not Grant.objects.exists()


def test_the_page_says_when_the_portal_is_off(owner: Client, shop: Business, acme: Customer) -> None:
    Business.objects.filter(pk=shop.pk).update(portal_enabled=False)
    assert "The portal is switched off" in owner.get(TOKENS).content.decode()
