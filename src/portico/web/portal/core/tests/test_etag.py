"""A page asked for again with its tag: told to be unchanged from one query, and only to who may still see it."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.ledger.tests.history import new_customer, new_document
from portico.web.portal.conftest import SignIn, Visitor, at_most, days_ago

pytestmark = pytest.mark.django_db


def again(visitor: Visitor, path: str, tag: str, **headers: str) -> HttpResponse:
    return visitor.get(path, **{"If-None-Match": tag}, **headers)


def test_an_unchanged_page_answers_304_from_one_query(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(3))
    first = visitor.get(visitor.url("home"))
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    with at_most(1):
        response = again(visitor, visitor.url("home"), tag)
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Content-Security-Policy" not in response.headers, "the kept page goes on under its own policy"
    assert "Cookie" in response.headers["Vary"]


def test_anything_that_shapes_the_page_makes_it_new(
    visitor: Visitor, acme: Customer, business: Business, sign_in: SignIn
) -> None:
    tags = [visitor.get(visitor.url("home")).headers["ETag"]]
    new_document(acme, 100, days_ago(3))
    tags.append(visitor.get(visitor.url("home")).headers["ETag"])
    change_portal_settings(business, {"welcome_message": "Hello"}, by=OPERATOR)
    tags.append(visitor.get(visitor.url("home")).headers["ETag"])
    visitor.post(visitor.url("language"), language="de")
    tags.append(visitor.get(visitor.url("home")).headers["ETag"])
    tags.append(visitor.get(visitor.url("home") + "?x=1").headers["ETag"])
    another = sign_in(acme)
    tags.append(another.get(another.url("home")).headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_nothing_but_pages_is_kept(visitor: Visitor) -> None:
    assert visitor.get(visitor.url("invoice", "inv_nonsense")).headers["Cache-Control"] == "no-store"
    assert visitor.get(visitor.url("activity_csv", "invoices")).headers["Cache-Control"] == "no-store"


def test_every_page_that_has_a_tag_answers_304(visitor: Visitor, acme: Customer) -> None:
    invoice = new_document(acme, 100, days_ago(3))
    names = ["home", "billing_details", "statements", "documents", "selection"]
    paths = [*map(visitor.url, names), "/activity/invoices?q=1", visitor.url("invoice", invoice.public_id)]
    for path in paths:
        tag = visitor.get(path).headers["ETag"]
        with at_most(1):
            assert again(visitor, path, tag).status_code == 304, path
        assert again(visitor, path, f'"other", {tag}').status_code == 304, path
        assert again(visitor, path, '"other"').status_code == 200, path


def _sign_out(visitor: Visitor, clock: Clock) -> None:
    visitor.post(visitor.url("sign_out"))


def _replace_link(visitor: Visitor, clock: Clock) -> None:
    regenerate_portal_link(visitor.customer, by=OPERATOR)


def _switch_off(visitor: Visitor, clock: Clock) -> None:
    change_portal_settings(visitor.business, {"portal_enabled": False}, by=OPERATOR)


def _hide_section(visitor: Visitor, clock: Clock) -> None:
    change_portal_settings(visitor.business, {"show_statements": False}, by=OPERATOR)


def _let_it_idle(visitor: Visitor, clock: Clock) -> None:
    clock.advance(hours=3)


def _lose_the_cookie(visitor: Visitor, clock: Clock) -> None:
    visitor.client.cookies.clear()


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (_sign_out, 403), (_replace_link, 403), (_switch_off, 404), (_hide_section, 404), (_let_it_idle, 403),
        (_lose_the_cookie, 403),
    ],
)  # fmt: skip
def test_who_may_not_see_a_page_any_more_is_not_told_that_it_is_unchanged(
    visitor: Visitor, clock: Clock, happens: Callable[[Visitor, Clock], None], status: int
) -> None:
    path = visitor.url("statements")
    tag = visitor.get(path).headers["ETag"]
    happens(visitor, clock)
    response = again(visitor, path, tag)
    assert response.status_code == status
    assert "ETag" not in response.headers


def test_a_tag_is_of_no_use_to_anybody_else(visitor: Visitor, business: Business, sign_in: SignIn) -> None:
    tag = visitor.get(visitor.url("home")).headers["ETag"]
    stranger = sign_in(new_customer(business, "Stranger"))
    assert again(stranger, stranger.url("home"), tag).status_code == 200
    response = again(visitor, visitor.url("home"), tag, **{"X-Acting-For": stranger.customer.public_id})
    assert response.status_code == 409, "the browser acts for another customer now"
    own = {"X-Acting-For": visitor.customer.public_id}
    assert again(visitor, visitor.url("home"), tag, **own).status_code == 304


def test_a_page_is_new_with_the_business_s_day_and_the_browser_s_language(
    acme: Customer, sign_in: SignIn, clock: Clock
) -> None:
    clock.set("2026-11-20T22:59:00Z")
    visitor = sign_in(acme)
    path = visitor.url("home")
    tag = visitor.get(path).headers["ETag"]
    assert again(visitor, path, tag, **{"Accept-Language": "de"}).status_code == 200
    assert again(visitor, path, tag).status_code == 304
    clock.set("2026-11-20T23:01:00Z")
    assert again(visitor, path, tag).status_code == 200, "it is the next day in Berlin"


def test_reading_from_what_is_kept_is_being_there(visitor: Visitor, clock: Clock) -> None:
    path = visitor.url("home")
    tag = visitor.get(path).headers["ETag"]
    for _ in range(4):
        clock.advance(hours=1)
        assert again(visitor, path, tag).status_code == 304, "an idle session ends after two hours"
