"""How long sessions last and signed links may be good for: set by staff, felt by customers."""

from datetime import timedelta

import jwt
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from conftest import Clock
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.links.actions.make_portal_link import api_portal_url, generate_portal_link
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_sign_in import change_sign_in
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import document_link
from portico.domain.documents.models import Document

PATH = "/settings/sign-in"
HOME = "/portal/nordlicht/"
LENGTHS = {
    "account_visit_hours": 12,
    "document_visit_hours": 24,
    "visit_idle_minutes": 120,
    "signed_link_minutes": 1440,
}
OVER = "Your session has ended"


def form_of(staff: Client) -> dict[str, str]:
    """The page's form as a browser would send it if nothing were touched."""
    [form] = [form for form in html.fromstring(staff.get(PATH).content).forms if form.action == PATH]
    return {name: value or "" for name, value in form.fields.items()}


def typed(staff: Client, **values: int | str) -> None:
    answer = staff.post(PATH, form_of(staff) | values)
    assert (answer.status_code, answer["Location"]) == (302, PATH), answer.content.decode()


def lengths_of(shop: Business) -> dict[str, int]:
    shop.refresh_from_db()
    return {name: getattr(shop, name) for name in LENGTHS}


def open_link(secret: str) -> Client:
    """A customer's browser that came in by a link."""
    client = Client(headers={"host": "testserver"})
    assert client.get(f"{HOME}s/{secret}").status_code == 303
    return client


def is_in(client: Client) -> bool:
    response = client.get(HOME)
    assert response.status_code == 200 or OVER in response.content.decode()
    return response.status_code == 200


def test_lengths_are_shown_kept_and_told(owner: Client, shop: Business) -> None:
    assert {name: int(form_of(owner)[name]) for name in LENGTHS} == LENGTHS
    data = {
        "account_visit_hours": 48,
        "document_visit_hours": 1,
        "visit_idle_minutes": 15,
        "signed_link_minutes": 5,
    }
    typed(owner, **data)
    assert lengths_of(shop) == data
    change = Activity.objects.get(verb="settings.changed")
    assert (change.actor_label, change.data) == ("Olga", {"before": LENGTHS, "after": data})
    typed(owner)
    assert Activity.objects.filter(verb="settings.changed").count() == 1, "what is unchanged is not recorded"
    page = owner.get(PATH).content.decode()
    assert "Changed lately" in page
    assert "A session ends unused after (minutes): \u206815\u2069, before: \u2068120\u2069" in page


def test_only_these_settings_are_told_here_and_only_to_their_own_staff(
    owner: Client, stranger: Client, shop: Business
) -> None:
    owner.post("/settings/portal", {"portal_enabled": "on", "link_life_days": "7", "welcome_message": "Moin"})
    assert Activity.objects.filter(verb="settings.changed").exists()
    assert "Changed lately" not in owner.get(PATH).content.decode()
    typed(owner, return_origins="https://b.example\nhttps://a.example")
    assert "https://a.example, https://b.example" in owner.get(PATH).content.decode()
    assert "a.example" not in stranger.get(PATH).content.decode()


@pytest.mark.parametrize("name", LENGTHS)
@pytest.mark.parametrize("value", ["", "0", "-5", "1.5", "an hour", "1441", "9" * 30])
def test_a_wrong_length_is_refused_and_nothing_else_is_kept(
    owner: Client, shop: Business, name: str, value: str
) -> None:
    data = {"sign_in_url": "https://shop.example/in", name: value}
    answer = owner.post(PATH, form_of(owner) | data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="sign_in_{name}_error"' in page
    assert 'value="https://shop.example/in"' in page, "what was typed stays"
    assert lengths_of(shop) == LENGTHS
    assert shop.sign_in_url == ""
    assert not Activity.objects.filter(verb="settings.changed").exists()


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("account_visit_hours", 1, 168),
        ("document_visit_hours", 1, 168),
        ("visit_idle_minutes", 15, 1440),
        ("signed_link_minutes", 1, 1440),
    ],
)
def test_bounds_are_what_the_page_says(owner: Client, shop: Business, name: str, low: int, high: int) -> None:
    for value in (low, high):
        typed(owner, **{name: value})
        assert lengths_of(shop) == LENGTHS | {name: value}
    for value in (low - 1, high + 1):
        assert owner.post(PATH, form_of(owner) | {name: value}).status_code == 422
        assert lengths_of(shop) == LENGTHS | {name: high}


def test_two_tabs_keep_each_other_s_changes(owner: Client, shop: Business) -> None:
    first, second = form_of(owner), form_of(owner)
    owner.post(PATH, first | {"visit_idle_minutes": 30, "return_origins": "https://shop.example"})
    refused = owner.post(PATH, second | {"account_visit_hours": "x", "signed_link_minutes": 10})
    [again] = [form for form in html.fromstring(refused.content).forms if form.action == PATH]
    corrected = {name: value or "" for name, value in again.fields.items()} | {"account_visit_hours": 6}
    assert owner.post(PATH, corrected).status_code == 302
    expected = {"visit_idle_minutes": 30, "account_visit_hours": 6, "signed_link_minutes": 10}
    assert lengths_of(shop) == LENGTHS | expected
    assert shop.return_origins == ["https://shop.example"]
    last = Activity.objects.filter(verb="settings.changed").latest("id")
    assert last.data["before"] == {"account_visit_hours": 12, "signed_link_minutes": 1440}


def test_the_idle_limit_counts_at_once_for_open_sessions(
    owner: Client, shop: Business, acme: Customer, clock: Clock
) -> None:
    client = open_link(generate_portal_link(acme, by=OPERATOR)[1])
    access = f"/customers/{acme.public_id}/access"
    clock.advance(minutes=29)
    assert is_in(client)
    clock.advance(minutes=29)
    typed(owner, visit_idle_minutes=30)
    assert is_in(client)
    assert 'name="end"' in owner.get(access).content.decode()
    clock.advance(minutes=30)
    assert not is_in(client)
    assert 'name="end"' not in owner.get(access).content.decode(), (
        "the dashboard and the portal agree on who is signed in"
    )
    typed(owner, visit_idle_minutes=31)
    assert is_in(client), "it was idle only by the limit of a moment ago"
    assert 'name="end"' in owner.get(access).content.decode()


def test_a_customer_sees_only_sessions_that_are_open_by_the_limit(shop: Business, acme: Customer, clock: Clock) -> None:
    change_sign_in(shop, {"visit_idle_minutes": 15}, by=OPERATOR)
    here, other = (open_link(api_portal_url(acme, by=OPERATOR)[1]) for _ in range(2))
    clock.advance(minutes=14)
    assert here.get(f"{HOME}sessions").content.decode().count('class="po-session"') == 2
    clock.advance(minutes=1)
    assert here.get(f"{HOME}sessions").content.decode().count('class="po-session"') == 1
    assert not is_in(other)


def test_a_kept_page_is_told_to_be_unchanged_only_within_the_limit(
    shop: Business, acme: Customer, clock: Clock
) -> None:
    change_sign_in(shop, {"visit_idle_minutes": 15}, by=OPERATOR)
    client = open_link(generate_portal_link(acme, by=OPERATOR)[1])
    tag = {"If-None-Match": client.get(HOME).headers["ETag"]}
    clock.advance(minutes=14)
    assert client.get(HOME, headers=tag).status_code == 304
    clock.advance(minutes=14)
    assert client.get(HOME, headers=tag).status_code == 304, "being told so is being there"
    clock.advance(minutes=15)
    response = client.get(HOME, headers=tag)
    assert (response.status_code, OVER in response.content.decode()) == (403, True)


def test_reading_on_keeps_a_short_session_open(shop: Business, acme: Customer, clock: Clock) -> None:
    change_sign_in(shop, {"visit_idle_minutes": 15}, by=OPERATOR)
    client = open_link(generate_portal_link(acme, by=OPERATOR)[1])
    clock.advance(minutes=4)
    assert is_in(client)
    clock.advance(minutes=14)
    assert is_in(client), "the limit counts from the last page, not from one of minutes before"


def test_seeing_a_page_is_written_once_in_a_while_and_its_visitor_found_by_one_query(
    shop: Business, acme: Customer, clock: Clock
) -> None:
    client = open_link(generate_portal_link(acme, by=OPERATOR)[1])
    client.get(HOME)
    for idle, pause in ((120, timedelta(minutes=5)), (30, timedelta(minutes=2)), (15, timedelta(minutes=1))):
        change_sign_in(shop, {"visit_idle_minutes": idle}, by=OPERATOR)
        for wait, writes in ((pause - timedelta(seconds=1), 0), (timedelta(seconds=1), 1)):
            clock.instant += wait
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(HOME).status_code == 200
            asked = [query["sql"] for query in queries if '"access_portalsession"' in query["sql"]]
            assert len([sql for sql in asked if sql.startswith("SELECT")]) == 1
            assert len([sql for sql in asked if sql.startswith("UPDATE")]) == writes, idle


def test_an_account_s_length_counts_for_sessions_that_begin_afterwards(
    owner: Client, shop: Business, acme: Customer, clock: Clock
) -> None:
    typed(owner, visit_idle_minutes=1440)
    secret = generate_portal_link(acme, by=OPERATOR)[1]
    before = open_link(secret)
    typed(owner, account_visit_hours=2)
    after = open_link(secret)
    clock.advance(hours=2)
    assert (is_in(before), is_in(after)) == (True, False)
    clock.advance(hours=10)
    assert not is_in(before)
    typed(owner, account_visit_hours=168)
    assert (is_in(before), is_in(after)) == (False, False), "what is over stays over"
    long = open_link(secret)
    for _ in range(7):
        assert is_in(long)
        clock.advance(hours=23, minutes=59)
    assert is_in(long)
    clock.advance(minutes=7)
    assert not is_in(long)


def test_a_single_document_has_a_length_of_its_own(
    owner: Client, shop: Business, acme: Customer, invoice: Document, clock: Clock
) -> None:
    typed(owner, visit_idle_minutes=1440, document_visit_hours=1, account_visit_hours=3)
    link = document_link(invoice, by=OPERATOR)
    assert link
    page = f"{HOME}invoices/{invoice.public_id}"
    client, account = open_link(link[1]), open_link(generate_portal_link(acme, by=OPERATOR)[1])
    clock.advance(minutes=59)
    assert client.get(page).status_code == 200
    clock.advance(minutes=1)
    assert OVER in client.get(page).content.decode()
    assert is_in(account)
    assert open_link(link[1]).get(page).status_code == 200, "the link outlives its sessions"


def test_another_business_keeps_its_own_lengths(
    owner: Client, stranger: Client, shop: Business, acme: Customer, clock: Clock
) -> None:
    typed(stranger, visit_idle_minutes=15, account_visit_hours=1, signed_link_minutes=1)
    client = open_link(generate_portal_link(acme, by=OPERATOR)[1])
    clock.advance(minutes=61)
    assert is_in(client)
    assert lengths_of(shop) == LENGTHS


@pytest.mark.parametrize("with_iat", [True, False])
def test_a_signed_link_is_good_for_as_long_as_the_business_says(
    owner: Client, shop: Business, acme: Customer, clock: Clock, *, with_iat: bool
) -> None:
    _key, key = create_magic_key(shop, by=OPERATOR)
    typed(owner, signed_link_minutes=10)
    moment = int(clock.now().timestamp())

    def knock(ends: int) -> tuple[int, str]:
        said = {"sub": "C-1", "exp": ends} | ({"iat": moment} if with_iat else {})
        client = Client(headers={"host": "testserver"})
        response = client.get(f"{HOME}login/{jwt.encode(said, key, algorithm='HS256')}")
        return response.status_code, response.content.decode()

    too_long = moment + 10 * 60 + (1 if with_iat else 61)
    status, page = knock(too_long)
    assert (status, "This sign-in did not work" in page) == (403, True)
    assert not PortalSession.objects.exists()
    assert not Grant.objects.exists()
    assert Activity.objects.get(verb="signed_link.refused").data == {"refusal": "too_long"}
    assert "than signed links may work for" in owner.get(PATH).content.decode()
    assert knock(moment + 10 * 60)[0] == 303
    typed(owner, signed_link_minutes=20)
    assert knock(too_long)[0] == 303, "the limit counts at once"
