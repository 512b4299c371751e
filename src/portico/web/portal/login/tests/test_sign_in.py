"""Signing in by e-mail: ask, read the mail, bring back its link or its code, and be where one wanted to go."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from conftest import Clock, React
from portico.config.mailers import mailers
from portico.domain.access.models import EmailVerification, Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput
from portico.domain.customers.models import Contact, Customer
from portico.domain.ledger.tests.history import new_business
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
from tests.postbox import Postbox


@pytest.fixture
def anna(business: Business) -> Customer:
    return customer(business, "Anna Adler", ADDRESS)


@pytest.mark.parametrize("path", ["", "activity/invoices?status=paid", "statements.pdf", "nowhere"])
def test_whoever_is_not_signed_in_is_asked_for_an_address(anna: Customer, path: str) -> None:
    response = browser().get(path)
    assert (response.status_code, heading(response)) == (403, "Sign in")
    assert f'action="{SIGN_IN}"' in text(response)
    assert 'name="email"' in text(response)
    assert anna.name not in text(response)


def test_the_link_of_the_mail_signs_in_with_one_press(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    assert goes_to(visitor.ask()) == (303, CODE)
    link, _ = mailed()
    page = visitor.get(link)
    assert (page.status_code, heading(page)) == (200, "Continue to your account")
    assert "Continue as Anna Adler" in text(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert not PortalSession.objects.exists()
    assert goes_to(visitor.post(link)) == (303, HOME)
    assert visitor.account() == "Anna Adler"
    session = PortalSession.objects.select_related("grant").get()
    assert (session.customer, session.contact, session.email) == (anna, None, ADDRESS)
    assert (session.grant.purpose, session.grant.state, session.grant.email) == ("sign_in_mail", "used_up", ADDRESS)
    verbs = list(Activity.objects.filter(customer=anna).order_by("id").values_list("verb", flat=True))
    assert verbs == ["customer.created", "mail.sent", "link.generated", "link.used"]


def test_the_code_of_the_mail_signs_in_where_it_was_asked_for(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask("  ANNA@example.com ")
    page = visitor.get(CODE)
    assert (page.status_code, heading(page)) == (200, "Check your mail")
    assert "ANNA@example.com" in text(page)
    _, code = mailed()
    assert goes_to(visitor.post(CODE, code=code.lower().replace("-", " "))) == (303, HOME)
    assert visitor.account() == "Anna Adler"
    assert PortalSession.objects.get().email == ADDRESS, "the address as it is on file"


def test_a_used_link_leads_whoever_it_signed_in_to_their_account(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask()
    link, code = mailed()
    visitor.post(link)
    for path in (link, CODE):
        assert goes_to(visitor.get(path)) == (303, HOME)
        assert goes_to(visitor.post(path, code=code)) == (303, HOME)
    somebody = browser()
    assert heading(somebody.get(link)) == "This mail has been used"
    assert somebody.post(link, code=code).status_code == 403
    assert somebody.account() == ""
    assert PortalSession.objects.count() == 1


def test_on_another_device_the_link_needs_the_code_of_the_same_mail(anna: Customer, mailed: Mailed) -> None:
    asking, phone = browser(), browser()
    asking.ask(next=f"{HOME}activity")
    link, code = mailed()
    page = phone.get(link)
    assert "another browser or on another device" in text(page)
    assert 'name="code"' in text(page)
    for typed, words in [("", "Please enter the code"), ("0000-0000", "This is not the code in the mail")]:
        answer = phone.post(link, code=typed)
        assert (answer.status_code, words in text(answer)) == (422, True)
    assert not PortalSession.objects.exists()
    assert goes_to(phone.post(link, code=code)) == (303, f"{HOME}activity")
    assert phone.account() == "Anna Adler"
    assert asking.account() == "", "the person who asked is not signed in by somebody else's press"
    assert goes_to(asking.get(CODE)) == (303, SIGN_IN)


def test_five_wrong_codes_end_a_mail_and_a_new_one_is_one_press_away(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask(next=f"{HOME}activity")
    link, code = mailed()
    for _ in range(4):
        answer = visitor.post(CODE, code="0000-0000")
        assert (answer.status_code, heading(answer)) == (422, "Check your mail")
        assert "This is not the code in the mail" in text(answer)
    for answer in (
        visitor.post(CODE, code="0000-0000"), visitor.get(CODE), visitor.post(CODE, code=code), visitor.post(link)
    ):  # fmt: skip
        assert (answer.status_code, heading(answer)) == (403, "Too many wrong codes")
        assert "Send a new mail" in text(answer)
        assert f'<bdi dir="ltr">{ADDRESS}</bdi>' in text(answer)
    assert not PortalSession.objects.exists()
    form = dict(re.findall(r'type="hidden" name="(email|next)" value="([^"]*)"', text(answer)))
    assert goes_to(visitor.post(SIGN_IN, **form)) == (303, CODE)
    assert goes_to(visitor.post(CODE, code=mailed()[1])) == (303, f"{HOME}activity")


def test_an_old_mail_says_so(anna: Customer, clock: Clock, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask()
    link, code = mailed()
    clock.advance(minutes=15)
    for answer in (visitor.get(link), visitor.post(link), visitor.get(CODE), visitor.post(CODE, code=code)):
        assert (answer.status_code, heading(answer)) == (403, "This mail is too old")
        assert "Send a new mail" in text(answer)
    assert ADDRESS not in text(browser().get(link)), "nobody else learns whose it was"
    assert not PortalSession.objects.exists()


def test_a_link_that_was_never_mailed_opens_nothing(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask()
    link, code = mailed()
    new_business("fremd")
    other = link[:-1] + ("y" if link.endswith("x") else "x")
    for path in (other, f"{HOME}sign-in/nonsense", link.replace("nordlicht", "fremd")):
        for answer in (visitor.get(path), visitor.post(path, code=code)):
            assert (answer.status_code, heading(answer)) == (404, "We don’t know this link")
    assert not PortalSession.objects.exists()


def test_looking_and_other_methods_change_nothing(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask()
    link, _ = mailed()
    before = list(EmailVerification.objects.values())
    for path in (SIGN_IN, CODE, CHOOSE, link):
        for method in ("head", "options", "put", "delete", "patch"):
            status = getattr(visitor.client, method)(path).status_code
            assert status in ({200, 303} if method == "head" else {405}), (path, method)
    assert list(EmailVerification.objects.values()) == before
    assert not PortalSession.objects.exists()


def test_every_sign_in_form_needs_its_token(anna: Customer, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask()
    link, code = mailed()
    strict = Browser(Client(headers={"host": "testserver"}, enforce_csrf_checks=True))
    strict.client.cookies = visitor.client.cookies
    for path, form in [(SIGN_IN, {"email": ADDRESS}), (CODE, {"code": code}), (link, {}), (CHOOSE, {})]:
        assert strict.post(path, **form).status_code == 403
    assert not PortalSession.objects.exists()
    assert EmailVerification.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "anna", "anna@", "a b@example.com", "anna@example.com\r\nBcc: x@example.com"])
def test_what_is_no_address_is_said_at_the_field(anna: Customer, typed: str) -> None:
    visitor = browser()
    answer = visitor.ask(typed, next=f"{HOME}activity")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert f'name="next" value="{HOME}activity"' in text(answer)
    assert not EmailVerification.objects.exists()
    assert not visitor.client.cookies.get("portico-portal.nordlicht.asked")


@pytest.mark.parametrize(
    ("next_url", "goes"),
    [
        ("activity/invoices?status=paid", "activity/invoices?status=paid"),
        ("statements.pdf", "statements"),
        ("selection.csv?invoice=x", "selection?invoice=x"),
        ("sign-out", ""),
        ("sign-in/code", ""),
        ("s/pl_secret", ""),
        ("files/file_x/a.pdf", ""),
        ("../fremd/", ""),
        ("activity/invoices?q=" + "x" * 500, ""),
    ],
)
def test_whoever_signs_in_goes_on_where_they_wanted_to(
    anna: Customer, next_url: str, goes: str, mailed: Mailed
) -> None:
    visitor = browser()
    card = text(visitor.get(next_url if next_url.startswith("activity") else ""))
    assert 'name="next" value="' in card
    visitor.ask(next=HOME + next_url)
    assert goes_to(visitor.post(CODE, code=mailed()[1])) == (303, HOME + goes)


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example", "/portal/fremd/", "javascript:alert(1)"]
)
def test_nobody_is_sent_anywhere_else(anna: Customer, next_url: str, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask(next=next_url)
    assert goes_to(visitor.post(CODE, code=mailed()[1])) == (303, HOME)


def test_sign_in_continues_to_the_requested_page(anna: Customer) -> None:
    card = text(browser().get("activity/invoices?status=paid"))
    assert f'name="next" value="{HOME}activity/invoices?status=paid"' in card


def test_the_answer_is_the_same_for_an_address_that_nobody_has(anna: Customer) -> None:
    """The page, its headers, what is asked of the database and what is kept: all of it."""

    def done(email: str) -> tuple[object, ...]:
        visitor = browser()
        with CaptureQueriesContext(connection) as queries:
            asked = visitor.ask(email)
            waiting = visitor.get(CODE)
            wrong = visitor.post(CODE, code="0000-0000")
        shapes = [re.sub(r"'[^']*'|\d+|s\d+_x\d+", "?", query["sql"]) for query in queries]
        pages = [re.sub(r'value="[^"]*"|nonce="[^"]*"', "", text(page)) for page in (asked, waiting, wrong)]
        headers = [sorted(page.headers) for page in (asked, waiting, wrong)]
        statuses = [page.status_code for page in (asked, waiting, wrong)]
        cookies = sorted((name, len(morsel.value)) for name, morsel in visitor.client.cookies.items())
        return statuses, headers, cookies, [page.replace(email, "?") for page in pages], shapes

    done("warm@example.com")
    assert done(ADDRESS) == done("nobody@example.com")


def test_an_address_that_nobody_has_is_not_written_to(anna: Customer, postbox: Postbox, react: React) -> None:
    browser().ask("nobody@example.com")
    assert react() == 1
    assert postbox.mails == []


def test_whoever_has_lost_the_account_in_the_meantime_stays_out(
    anna: Customer, business: Business, mailed: Mailed
) -> None:
    visitor = browser()
    visitor.ask()
    _, code = mailed()
    customer(business, "Anna Adler", "anna@elsewhere.example")
    answer = visitor.post(CODE, code=code)
    assert (answer.status_code, heading(answer)) == (403, "There is no account to open")
    assert visitor.account() == ""
    assert not Grant.objects.exists()


def test_the_mail_goes_to_the_address_on_file(business: Business, postbox: Postbox, react: React) -> None:
    customer(business, "Anna Adler", "Anna@Example.com")
    browser().ask("anna@example.com")
    react()
    mail = postbox.the_only()
    assert mail.recipients == ["Anna@Example.com"]
    assert mail.subject == "Sign in to Nordlicht Studio"
    assert "127.0.0.1" in mail.text, "who asked is told from where"


@pytest.mark.parametrize(
    ("of_customer", "of_business", "of_browser", "subject"),
    [
        ("de", "ar", "en", "Anmelden bei Nordlicht Studio"),
        ("", "de", "en", "Anmelden bei Nordlicht Studio"),
        ("", "", "de-AT", "Anmelden bei Nordlicht Studio"),
        ("", "", "tlh", "Sign in to Nordlicht Studio"),
    ],
)
def test_the_mail_speaks_its_reader_s_language(
    business: Business,
    postbox: Postbox,
    react: React,
    of_customer: str,
    of_business: str,
    of_browser: str,
    subject: str,
) -> None:
    Business.objects.filter(pk=business.pk).update(language=of_business)
    customer(business, "Anna Adler", ADDRESS, language=of_customer)
    browser(accept_language=of_browser).ask()
    react()
    assert postbox.the_only().subject == subject


def test_an_address_of_several_is_written_to_once_without_their_names(
    anna: Customer, business: Business, postbox: Postbox, react: React
) -> None:
    customer(business, "Berta", "berta@example.com", ContactInput("Anna", ADDRESS))
    browser().ask()
    react()
    mail = postbox.the_only()
    assert mail.recipients == [ADDRESS]
    for name in ("Anna Adler", "Berta"):
        assert name not in mail.text + mail.html


def test_a_mail_that_would_come_too_late_is_not_sent(
    anna: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    browser().ask()
    clock.advance(minutes=15)
    assert react() == 1
    assert postbox.mails == []


def test_a_mail_is_not_sent_while_the_portal_is_closed(
    anna: Customer, business: Business, postbox: Postbox, react: React
) -> None:
    browser().ask()
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    assert react() == 1
    assert postbox.mails == []
    assert EmailVerification.objects.get().secret_hash == ""


@pytest.mark.parametrize(("https", "prefix"), [(False, ""), (True, "__Host-")])
def test_the_cookie_of_the_asking_browser_is_out_of_reach(
    anna: Customer, settings: Settings, https: bool, prefix: str
) -> None:
    settings.PORTICO_HTTPS = https
    cookie = browser().ask().cookies[f"{prefix}portico-portal.nordlicht.asked"]
    assert cookie["httponly"] is True
    assert bool(cookie["secure"]) is https
    assert (cookie["samesite"], cookie["path"], cookie["max-age"]) == ("Lax", "/", 3600)


def test_a_portal_that_is_off_has_no_sign_in_page(anna: Customer, business: Business, mailed: Mailed) -> None:
    visitor = browser()
    visitor.ask()
    link, code = mailed()
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    for path in (SIGN_IN, CODE, CHOOSE, link):
        for answer in (visitor.get(path), visitor.post(path, email=ADDRESS, code=code)):
            assert (answer.status_code, heading(answer)) == (404, "Portal not available")
    assert not PortalSession.objects.exists()


def test_the_page_behind_a_link_speaks_as_the_mail_does(business: Business, mailed: Mailed) -> None:
    customer(business, "Berta", "berta@example.com", language="de")
    visitor = browser()
    visitor.ask("berta@example.com")
    assert '<html lang="de"' in text(visitor.get(mailed("berta@example.com")[0]))


def test_a_contact_signs_in_for_its_customer_until_it_is_removed(business: Business, mailed: Mailed) -> None:
    acme = customer(business, "Acme", "pay@acme.example", ContactInput("Herr Rot", "rot@acme.example"))
    visitor = browser()
    visitor.ask("rot@acme.example")
    visitor.post(CODE, code=mailed("rot@acme.example")[1])
    session = PortalSession.objects.get()
    assert (session.contact, session.email) == (Contact.objects.get(), "rot@acme.example")
    assert Activity.objects.get(verb="link.used").actor_label == "Herr Rot"
    assert visitor.account() == "Acme"
    customer(business, "Acme", acme.email)
    assert visitor.account() == ""
    assert not PortalSession.objects.filter(ended_at=None).exists()


def test_while_the_mail_server_takes_nothing_no_mail_is_promised(
    anna: Customer, postbox: Postbox, react: React, settings: Settings, clock: Clock
) -> None:
    there, settings.MAILERS = settings.MAILERS, mailers("smtp://mail.invalid:25")
    visitor, other = browser(), browser()
    visitor.ask()
    react()
    said = {text(visitor.get(CODE))}
    # Whose address it is makes no difference.
    other.ask("nobody@example.com")
    said.add(text(other.get(CODE)))
    assert all("No mail can be sent at the moment." in page for page in said)
    assert not any("is on its way" in page for page in said)
    settings.MAILERS = there
    clock.advance(minutes=1)
    react()
    postbox.the_only()
    assert "a mail is on its way" in text(visitor.get(CODE))
