"""An address of several accounts: one is chosen after the proof, and switched to another without a new one."""

import re
from datetime import timedelta

import pytest

from conftest import Clock
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_sign_in import change_sign_in
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput
from portico.domain.customers.models import Customer
from portico.web.portal.conftest import Visitor
from portico.web.portal.tests.visitors import (
    ADDRESS,
    CHOOSE,
    CODE,
    HOME,
    SIGN_IN,
    Browser,
    Mailed,
    browser,
    customer,
    goes_to,
    heading,
    text,
)

ACCOUNTS = f"{HOME}accounts"


@pytest.fixture
def anna(business: Business) -> Customer:
    return customer(business, "Anna Adler", ADDRESS)


@pytest.fixture
def books(business: Business, anna: Customer) -> Customer:
    """A customer whose books Anna keeps."""
    return customer(business, "Berta Books", "berta@example.com", ContactInput("Frau Adler", ADDRESS))


@pytest.fixture
def other(business: Business) -> Customer:
    return customer(business, "Other GmbH", "other@example.com")


@pytest.fixture
def proved(anna: Customer, books: Customer, other: Customer, mailed: Mailed) -> Browser:
    """A browser whose reader has shown that Anna's address is theirs, on the way to the invoices."""
    visitor = browser()
    visitor.ask(next=f"{HOME}activity")
    assert goes_to(visitor.post(CODE, code=mailed()[1])) == (303, CHOOSE)
    return visitor


def offered(visitor: Browser, path: str) -> list[str]:
    return re.findall(r'name="account" value="(\w+)"', text(visitor.get(path)))


def test_the_accounts_of_the_address_are_offered_and_one_is_opened(
    proved: Browser, anna: Customer, books: Customer
) -> None:
    page = proved.get(CHOOSE)
    assert (page.status_code, heading(page)) == (200, "Which account?")
    assert offered(proved, CHOOSE) == [anna.public_id, books.public_id]
    assert proved.account() == "", "nothing is open before one is chosen"
    assert goes_to(proved.get(CODE)) == (303, CHOOSE), "coming back leads on"
    assert goes_to(proved.post(CHOOSE, account=books.public_id)) == (303, f"{HOME}activity")
    assert proved.account() == "Berta Books"
    session = PortalSession.objects.get()
    assert (session.email, session.contact) == (ADDRESS, books.contacts.get())
    assert goes_to(proved.get(CHOOSE)) == (303, SIGN_IN), "a proof opens one session"
    assert goes_to(proved.post(CHOOSE, account=anna.public_id)) == (303, SIGN_IN)
    assert PortalSession.objects.count() == 1


def test_the_link_leads_to_the_choice_too(anna: Customer, books: Customer, mailed: Mailed) -> None:
    asking, phone = browser(), browser()
    asking.ask()
    link, code = mailed()
    assert f"Continue as {ADDRESS}" in text(asking.get(link))
    assert goes_to(phone.post(link, code=code)) == (303, CHOOSE)
    assert goes_to(asking.get(CHOOSE)) == (303, SIGN_IN)
    assert goes_to(phone.post(CHOOSE, account=anna.public_id)) == (303, HOME)
    assert phone.account() == "Anna Adler"


def test_nobody_else_s_account_is_chosen(proved: Browser, other: Customer, anna: Customer) -> None:
    stranger = browser()
    for visitor, account in [(proved, other.public_id), (proved, "nonsense"), (proved, ""), (stranger, anna.public_id)]:
        answer = visitor.post(CHOOSE, account=account)
        assert visitor.account() == ""
        assert answer.status_code == 200 or goes_to(answer) == (303, SIGN_IN)
    assert not PortalSession.objects.exists()
    assert not Grant.objects.exists()


def test_the_choice_is_open_for_a_while(proved: Browser, anna: Customer, clock: Clock) -> None:
    clock.advance(minutes=15)
    assert goes_to(proved.get(CHOOSE)) == (303, SIGN_IN)
    assert goes_to(proved.post(CHOOSE, account=anna.public_id)) == (303, SIGN_IN)
    assert not PortalSession.objects.exists()


def test_many_accounts_can_be_searched(business: Business, anna: Customer, mailed: Mailed) -> None:
    for number in range(60):
        customer(business, f"Client {number:02}", "", ContactInput("Anna", ADDRESS))
    visitor = browser()
    visitor.ask()
    visitor.post(CODE, code=mailed()[1])
    assert len(offered(visitor, CHOOSE)) == 50
    assert "Not all are shown" in text(visitor.get(CHOOSE))
    assert "Client 59" in text(visitor.get(f"{CHOOSE}?q=client+59"))
    assert len(offered(visitor, f"{CHOOSE}?q=client+59")) == 1
    assert "Nothing found" in text(visitor.get(f"{CHOOSE}?q=nobody"))


@pytest.fixture
def inside(proved: Browser, anna: Customer) -> Browser:
    """A browser that is signed in as Anna, by e-mail."""
    proved.post(CHOOSE, account=anna.public_id)
    return proved


def test_switching_makes_a_new_session_and_ends_the_former(
    inside: Browser, anna: Customer, books: Customer, clock: Clock
) -> None:
    former = inside.client.cookies["portico-portal.nordlicht"].value
    clock.advance(minutes=40)
    assert f'href="{ACCOUNTS}"' in text(inside.get())
    assert offered(inside, ACCOUNTS) == [anna.public_id, books.public_id]
    assert goes_to(inside.post(ACCOUNTS, account=books.public_id)) == (303, HOME)
    assert inside.account() == "Berta Books"
    assert inside.client.cookies["portico-portal.nordlicht"].value != former
    first, second = PortalSession.objects.order_by("id")
    assert (first.ended_at, second.ended_at) == (clock.now(), None)
    assert (second.customer, second.contact, second.email) == (books, books.contacts.get(), ADDRESS)
    assert (second.proved_at, second.expires_at) == (first.proved_at, first.expires_at), "no new proof was given"
    stolen = browser()
    stolen.client.cookies["portico-portal.nordlicht"] = former
    assert stolen.account() == ""
    switched = Activity.objects.get(verb="account.switched")
    assert (switched.customer, switched.actor_label) == (books, "Frau Adler")
    assert Activity.objects.filter(customer=anna, verb="session.ended").count() == 1


def test_the_way_back_to_the_business_s_site_stays_after_switching(
    inside: Browser, books: Customer, business: Business
) -> None:
    change_sign_in(business, {"return_origins": ["https://shop.example"]}, by=OPERATOR)
    PortalSession.objects.update(return_url="https://shop.example/orders")
    assert "Back to shop.example" in text(inside.get())
    inside.post(ACCOUNTS, account=books.public_id)
    assert inside.account() == "Berta Books"
    assert 'href="https://shop.example/orders"' in text(inside.get())


def test_nobody_switches_to_an_account_that_the_address_does_not_open(
    inside: Browser, anna: Customer, books: Customer, other: Customer, business: Business
) -> None:
    for name in (other.public_id, "nonsense", ""):
        assert goes_to(inside.post(ACCOUNTS, account=name)) == (303, ACCOUNTS)
    customer(business, "Berta Books", "berta@example.com")
    assert offered(inside, ACCOUNTS) == [anna.public_id]
    assert goes_to(inside.post(ACCOUNTS, account=books.public_id)) == (303, ACCOUNTS)
    assert inside.account() == "Anna Adler"
    assert PortalSession.objects.count() == 1


def test_choosing_the_same_account_changes_nothing(inside: Browser, anna: Customer) -> None:
    assert goes_to(inside.post(ACCOUNTS, account=anna.public_id)) == (303, HOME)
    assert PortalSession.objects.count() == 1


def test_a_form_made_for_the_former_account_does_nothing(inside: Browser, anna: Customer, books: Customer) -> None:
    inside.post(ACCOUNTS, account=books.public_id)
    answer = inside.post(ACCOUNTS, account=anna.public_id, acting_for=anna.public_id)
    assert answer.status_code == 409
    assert "You are now acting for" in text(answer)
    assert inside.account() == "Berta Books"


def test_switching_never_makes_a_session_longer(inside: Browser, books: Customer, anna: Customer, clock: Clock) -> None:
    step = timedelta(minutes=90)
    for hours in range(timedelta(hours=12) // step - 1):
        clock.instant += step
        assert inside.post(ACCOUNTS, account=(anna if hours % 2 else books).public_id).status_code == 303
    clock.instant += step
    assert inside.account() == ""


def test_whoever_came_by_a_mere_link_has_nothing_to_switch(visitor: Visitor) -> None:
    assert visitor.get(visitor.url("accounts")).status_code == 404
    assert visitor.url("accounts") not in visitor.page("home")


def test_one_account_needs_no_switch(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask()
    visitor.post(CODE, code=mailed()[1])
    assert f'href="{ACCOUNTS}"' not in text(visitor.get())
