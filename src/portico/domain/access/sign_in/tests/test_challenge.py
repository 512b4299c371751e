"""Who reads an address shows it with a mail's link or code: once, in time, and where it was asked for."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from portico.domain.access.errors import AnotherBrowser, ChallengeClosed, ChallengeUnknown, CodeWrong
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.access.links.queries.grants import usable_grant
from portico.domain.access.models import Challenge, PortalSession, Tally
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sign_in.actions.issue import mint
from portico.domain.access.sign_in.actions.request_verification import ask
from portico.domain.access.sign_in.actions.verify import meet_by_code, meet_by_link
from portico.domain.access.sign_in.queries.verifications import find_challenge
from portico.domain.access.sign_in.tokens import new_browser
from portico.domain.access.viewer import Visit
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.lib.errors import PorticoError
from tests.cast import new_business

SIGN_IN = Challenge.Kind.SIGN_IN
VISIT = Visit("pay.example", "192.0.2.7", "Firefox")
WRONG = "0000-0000"

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return new_business("nordlicht")


@pytest.fixture
def browser() -> str:
    return new_browser()


def asked(business: Business, browser: str, email: str = "anna@example.com") -> Challenge:
    return ask(business, SIGN_IN, email, VISIT, browser=browser, page="/activity/invoices")


def refusals(*attempts: Callable[[], object]) -> set[str]:
    """What the attempts are refused with; one that is not refused fails the test."""
    codes = set()
    for attempt in attempts:
        with pytest.raises(PorticoError) as refusal:
            attempt()
        codes.add(refusal.value.code)
    return codes


def announced() -> int:
    return Activity.objects.filter(verb="sign_in.asked").count()


def untouched(challenge: Challenge) -> bool:
    challenge.refresh_from_db()
    return challenge.met_at is None and challenge.tries == 0


def test_a_link_is_good_once_in_the_browser_that_asked(business: Business, browser: str) -> None:
    challenge = asked(business, browser)
    secret, _ = mint(challenge)
    assert find_challenge(business, SIGN_IN, secret) == challenge
    assert untouched(challenge)
    met = meet_by_link(business, SIGN_IN, secret, browser=browser)
    assert (met, met.email, met.page) == (challenge, "anna@example.com", "/activity/invoices")
    with pytest.raises(ChallengeClosed) as refusal:
        meet_by_link(business, SIGN_IN, secret, browser=browser)
    assert refusal.value.reason == "used_up"


def test_in_another_browser_the_link_needs_the_code_of_the_same_mail(business: Business, browser: str) -> None:
    challenge, other, elsewhere = asked(business, browser), asked(business, browser), new_browser()
    (secret, code), (_, code_of_another_mail) = mint(challenge), mint(other)
    with pytest.raises(AnotherBrowser):
        meet_by_link(business, SIGN_IN, secret, browser=elsewhere)
    with pytest.raises(AnotherBrowser):
        meet_by_link(business, SIGN_IN, secret)
    assert untouched(challenge)
    with pytest.raises(CodeWrong):
        meet_by_link(business, SIGN_IN, secret, browser=elsewhere, code=code_of_another_mail)
    assert meet_by_link(business, SIGN_IN, secret, browser=elsewhere, code=code) == challenge
    # Who has gone on there is bound to that browser from now on.
    with pytest.raises(ChallengeClosed):
        meet_by_code(business, SIGN_IN, code, browser=elsewhere)
    other.refresh_from_db()
    assert other.met_at is None


@pytest.mark.parametrize("dress", ["{0}-{1}", "{0}{1}", " {0} {1}\n"])
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_a_code_is_typed_in_any_dress(business: Business, browser: str, dress: str, case: Callable[[str], str]) -> None:
    _, code = mint(asked(business, browser))
    assert len(code) == 9
    typed = case(dress.format(*code.split("-")))
    assert meet_by_code(business, SIGN_IN, typed, browser=browser).met_at is not None


def test_look_alikes_are_taken_for_what_was_meant(business: Business, browser: str) -> None:
    while "1" not in (code := mint(asked(business, browser))[1]) and "0" not in code:
        pass
    assert meet_by_code(business, SIGN_IN, code.replace("1", "l").replace("0", "O"), browser=browser).met_at


def test_five_wrong_codes_are_the_last(business: Business, browser: str) -> None:
    challenge = asked(business, browser)
    secret, code = mint(challenge)
    for typed in [WRONG, "", "not a code", code[:-1], WRONG]:
        with pytest.raises(CodeWrong):
            meet_by_code(business, SIGN_IN, typed, browser=browser)
    codes = refusals(
        lambda: meet_by_code(business, SIGN_IN, code, browser=browser),
        lambda: meet_by_link(business, SIGN_IN, secret, browser=browser),
    )
    assert codes == {"challenge_spent"}
    challenge.refresh_from_db()
    assert challenge.met_at is None
    _, fresh = mint(asked(business, browser))
    assert meet_by_code(business, SIGN_IN, fresh, browser=browser).met_at


def test_a_wrong_code_counts_against_every_open_mail(business: Business, browser: str) -> None:
    mails = [asked(business, browser) for _ in range(3)]
    codes = [mint(mail)[1] for mail in mails]
    elsewhere = asked(business, new_browser())
    for _ in range(5):
        with pytest.raises(CodeWrong):
            meet_by_code(business, SIGN_IN, WRONG, browser=browser)
    assert refusals(*(partial(meet_by_code, business, SIGN_IN, code, browser=browser) for code in codes)) == {
        "challenge_spent"
    }
    assert (
        list(Challenge.objects.filter(pk__in=[mail.pk for mail in mails]).values_list("tries", "met_at"))
        == [(5, None)] * 3
    )
    assert untouched(elsewhere)


def test_any_of_the_mails_asked_for_will_do(business: Business, browser: str) -> None:
    first = asked(business, browser)
    _, code = mint(first)
    mint(asked(business, browser))
    assert meet_by_code(business, SIGN_IN, code, browser=browser) == first


@pytest.mark.parametrize(("minutes", "good"), [(14, True), (15, False)])
def test_a_sign_in_mail_is_good_for_a_quarter_of_an_hour(
    clock: Clock, business: Business, browser: str, minutes: int, good: bool
) -> None:
    challenge = asked(business, browser)
    secret, code = mint(challenge)
    clock.advance(minutes=minutes)
    if good:
        assert meet_by_link(business, SIGN_IN, secret, browser=browser).met_at
        return
    codes = refusals(
        lambda: meet_by_link(business, SIGN_IN, secret, browser=browser),
        lambda: meet_by_code(business, SIGN_IN, code, browser=browser),
    )
    assert codes == {"challenge_expired"}
    assert untouched(challenge)


def test_a_code_is_good_only_where_it_was_asked_for(business: Business, browser: str) -> None:
    challenge = asked(business, browser)
    secret, code = mint(challenge)
    elsewhere = new_business("fremd")
    other = secret[:-1] + ("y" if secret.endswith("x") else "x")
    codes = refusals(
        lambda: meet_by_code(business, SIGN_IN, code, browser=new_browser()),
        lambda: meet_by_code(business, SIGN_IN, code),
        lambda: meet_by_code(business, Challenge.Kind.STEP_UP, code, browser=browser),
        lambda: meet_by_code(elsewhere, SIGN_IN, code, browser=browser),
        lambda: meet_by_link(elsewhere, SIGN_IN, secret, browser=browser),
        lambda: meet_by_link(business, Challenge.Kind.EMAIL_CHANGE, secret, browser=browser),
        lambda: meet_by_link(business, SIGN_IN, other, browser=browser),
    )
    assert codes == {"challenge_unknown"}
    assert untouched(challenge)


def test_a_step_up_belongs_to_its_session(business: Business) -> None:
    customer, _ = upsert_customer(business, CustomerInput(name="Anna"), by=OPERATOR)
    session, other = (
        open_session(usable_grant(business, api_portal_url(customer, by=OPERATOR)[1]), VISIT)[0] for _ in range(2)
    )
    challenge = ask(business, Challenge.Kind.STEP_UP, "anna@example.com", VISIT, session=session)
    _, code = mint(challenge)
    with pytest.raises(ChallengeUnknown):
        meet_by_code(business, Challenge.Kind.STEP_UP, code, session=other)
    assert untouched(challenge)
    assert meet_by_code(business, Challenge.Kind.STEP_UP, code, session=session) == challenge
    assert Activity.objects.get(verb="step_up.asked").customer_id == customer.pk


def test_an_address_to_change_to_is_confirmed_from_anywhere_for_an_hour(clock: Clock, business: Business) -> None:
    challenge = ask(business, Challenge.Kind.EMAIL_CHANGE, "new@example.com", VISIT)
    secret, _ = mint(challenge)
    clock.advance(minutes=59)
    assert meet_by_link(business, Challenge.Kind.EMAIL_CHANGE, secret) == challenge


def test_a_portal_that_is_off_asks_and_hears_nothing(business: Business, browser: str) -> None:
    challenge = asked(business, browser)
    secret, code = mint(challenge)
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    business.refresh_from_db()
    codes = refusals(
        lambda: asked(business, browser),
        lambda: meet_by_link(business, SIGN_IN, secret, browser=browser),
        lambda: meet_by_code(business, SIGN_IN, code, browser=browser),
    )
    assert codes == {"portal_off"}
    assert untouched(challenge)
    assert Challenge.objects.count() == 1


def test_over_a_limit_nothing_is_announced_and_the_answer_is_the_same(clock: Clock, business: Business) -> None:
    for _ in range(7):
        assert asked(business, new_browser(), " Anna@Example.com ").state == "open"
    assert announced() == 5
    # Asking elsewhere or for somebody else goes on, up to what one network may ask.
    asked(new_business("fremd"), new_browser())
    assert announced() == 6
    for number in range(60):
        asked(business, new_browser(), f"{number}@example.com")
    assert announced() == 58
    ask(business, SIGN_IN, "ben@example.com", Visit("pay.example", "192.0.2.8"), browser=new_browser())
    assert announced() == 59
    clock.advance(minutes=15)
    asked(business, new_browser())
    assert announced() == 60


def test_an_address_is_one_however_it_is_written(business: Business) -> None:
    for email in ("anna@example.com", "ANNA@example.com", "Anna@Example.COM", "aNNa@example.com", " anna@example.com "):
        asked(business, new_browser(), email)
    asked(business, new_browser(), "ANNA@EXAMPLE.COM")
    assert announced() == 5


def test_strangers_take_no_mail_from_whoever_is_in(clock: Clock, business: Business) -> None:
    customer, _ = upsert_customer(business, CustomerInput(name="Anna", email="anna@example.com"), by=OPERATOR)
    session, _token = open_session(usable_grant(business, api_portal_url(customer, by=OPERATOR)[1]), VISIT)

    def ask_as_stranger(number: int) -> int:
        ask(business, SIGN_IN, f"{number}@example.com", VISIT, browser=new_browser())
        return announced()

    assert ask_as_stranger(0) == 1
    Tally.objects.filter(ends_at=clock.now() + timedelta(hours=1)).update(count=599)
    assert ask_as_stranger(1) == 2
    assert ask_as_stranger(2) == 2, "the 601st within an hour is not mailed"
    asked(new_business("fremd"), new_browser())
    assert announced() == 3, "each business counts its own"
    Tally.objects.filter(ends_at=clock.now() + timedelta(minutes=15)).update(count=60)
    inside = {Challenge.Kind.STEP_UP: "anna@example.com", Challenge.Kind.EMAIL_CHANGE: "new@example.com"}
    for kind, email in inside.items():
        # The network, too, has asked all that it may for strangers.
        ask(business, kind, email, VISIT, session=session)
        assert Activity.objects.filter(verb=f"{kind}.asked").count() == 1
    clock.advance(hours=1)
    assert ask_as_stranger(3) == 4


def test_of_secret_code_and_browser_only_hashes_are_kept(
    business: Business, browser: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, code = mint(asked(business, browser))
    assert asked(business, browser).code_hash == ""
    kept = repr([list(model.objects.values()) for model in (Challenge, Activity, PortalSession)])
    for word in (secret, code, code.replace("-", ""), browser):
        assert word not in kept
        assert word not in caplog.text


def test_asking_does_the_same_whoever_has_the_address(business: Business) -> None:
    upsert_customer(business, CustomerInput(name="Anna", email="anna@example.com"), by=OPERATOR)
    asked(business, new_browser(), "first@example.com")

    def done(email: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            asked(business, new_browser(), email)
        # Without their values and the names of savepoints.
        return [re.sub(r"'[^']*'|\d+|s\d+_x\d+", "?", query["sql"]) for query in queries]

    assert done("anna@example.com") == done("nobody@example.com")
    assert set(Activity.objects.filter(verb="sign_in.asked").values_list("customer_id", flat=True)) == {None}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["link", "code"])
def test_of_two_at_once_one_is_met(business: Business, browser: str, way: str) -> None:
    secret, code = mint(asked(business, browser))
    gate = Barrier(4, timeout=30)

    def meet(_: int) -> str:
        try:
            gate.wait()
            if way == "link":
                meet_by_link(business, SIGN_IN, secret, browser=browser)
            else:
                meet_by_code(business, SIGN_IN, code, browser=browser)
        except PorticoError as error:
            return error.code
        finally:
            connection.close()
        return "met"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(meet, range(4))) == ["challenge_used_up"] * 3 + ["met"]


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_typed_at_once_are_all_counted(business: Business, browser: str) -> None:
    challenge = asked(business, browser)
    mint(challenge)
    gate = Barrier(8, timeout=30)

    def guess(_: int) -> str:
        try:
            gate.wait()
            meet_by_code(business, SIGN_IN, WRONG, browser=browser)
        except PorticoError as error:
            return error.code
        finally:
            connection.close()
        return "met"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(guess, range(8))) == ["challenge_spent"] * 3 + ["code_wrong"] * 5
    challenge.refresh_from_db()
    assert challenge.tries == 5
