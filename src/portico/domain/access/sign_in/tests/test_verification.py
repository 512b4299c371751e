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
from portico.domain.access.errors import AnotherBrowser, CodeWrong, VerificationClosed, VerificationUnknown
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import EmailVerification, PortalSession, RateLimitCounter
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.access.sign_in.actions.request_verification import request_verification
from portico.domain.access.sign_in.actions.verify import verify_by_code, verify_by_link
from portico.domain.access.sign_in.queries.verifications import find_verification
from portico.domain.access.sign_in.tokens import new_browser
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.lib.errors import PorticoError
from tests.cast import new_business

SIGN_IN = EmailVerification.Kind.SIGN_IN
CLIENT = ClientInfo("pay.example", "192.0.2.7", "Firefox")
WRONG = "0000-0000"

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return new_business("nordlicht")


@pytest.fixture
def browser() -> str:
    return new_browser()


def asked(business: Business, browser: str, email: str = "anna@example.com") -> EmailVerification:
    return request_verification(business, SIGN_IN, email, CLIENT, browser=browser, page="/activity/invoices")


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


def untouched(verification: EmailVerification) -> bool:
    verification.refresh_from_db()
    return verification.verified_at is None and verification.tries == 0


def test_a_link_is_good_once_in_the_browser_that_asked(business: Business, browser: str) -> None:
    verification = asked(business, browser)
    secret, _ = issue_secrets(verification)
    assert find_verification(business, SIGN_IN, secret) == verification
    assert untouched(verification)
    verified = verify_by_link(business, SIGN_IN, secret, browser=browser)
    assert (verified, verified.email, verified.page) == (verification, "anna@example.com", "/activity/invoices")
    with pytest.raises(VerificationClosed) as refusal:
        verify_by_link(business, SIGN_IN, secret, browser=browser)
    assert refusal.value.reason == "used_up"


def test_in_another_browser_the_link_needs_the_code_of_the_same_mail(business: Business, browser: str) -> None:
    verification, other, elsewhere = asked(business, browser), asked(business, browser), new_browser()
    (secret, code), (_, code_of_another_mail) = issue_secrets(verification), issue_secrets(other)
    with pytest.raises(AnotherBrowser):
        verify_by_link(business, SIGN_IN, secret, browser=elsewhere)
    with pytest.raises(AnotherBrowser):
        verify_by_link(business, SIGN_IN, secret)
    assert untouched(verification)
    with pytest.raises(CodeWrong):
        verify_by_link(business, SIGN_IN, secret, browser=elsewhere, code=code_of_another_mail)
    assert verify_by_link(business, SIGN_IN, secret, browser=elsewhere, code=code) == verification
    # Who has gone on there is bound to that browser from now on.
    with pytest.raises(VerificationClosed):
        verify_by_code(business, SIGN_IN, code, browser=elsewhere)
    other.refresh_from_db()
    assert other.verified_at is None


@pytest.mark.parametrize("dress", ["{0}-{1}", "{0}{1}", " {0} {1}\n"])
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_a_code_is_typed_in_any_dress(business: Business, browser: str, dress: str, case: Callable[[str], str]) -> None:
    _, code = issue_secrets(asked(business, browser))
    assert len(code) == 9
    typed = case(dress.format(*code.split("-")))
    assert verify_by_code(business, SIGN_IN, typed, browser=browser).verified_at is not None


def test_look_alikes_are_taken_for_what_was_meant(business: Business, browser: str) -> None:
    while "1" not in (code := issue_secrets(asked(business, browser))[1]) and "0" not in code:
        pass
    assert verify_by_code(business, SIGN_IN, code.replace("1", "l").replace("0", "O"), browser=browser).verified_at


def test_five_wrong_codes_are_the_last(business: Business, browser: str) -> None:
    verification = asked(business, browser)
    secret, code = issue_secrets(verification)
    for typed in [WRONG, "", "not a code", code[:-1], WRONG]:
        with pytest.raises(CodeWrong):
            verify_by_code(business, SIGN_IN, typed, browser=browser)
    codes = refusals(
        lambda: verify_by_code(business, SIGN_IN, code, browser=browser),
        lambda: verify_by_link(business, SIGN_IN, secret, browser=browser),
    )
    assert codes == {"verification_spent"}
    verification.refresh_from_db()
    assert verification.verified_at is None
    _, fresh = issue_secrets(asked(business, browser))
    assert verify_by_code(business, SIGN_IN, fresh, browser=browser).verified_at


def test_a_wrong_code_counts_against_every_open_mail(business: Business, browser: str) -> None:
    mails = [asked(business, browser) for _ in range(3)]
    codes = [issue_secrets(mail)[1] for mail in mails]
    elsewhere = asked(business, new_browser())
    for _ in range(5):
        with pytest.raises(CodeWrong):
            verify_by_code(business, SIGN_IN, WRONG, browser=browser)
    assert refusals(*(partial(verify_by_code, business, SIGN_IN, code, browser=browser) for code in codes)) == {
        "verification_spent"
    }
    assert (
        list(EmailVerification.objects.filter(pk__in=[mail.pk for mail in mails]).values_list("tries", "verified_at"))
        == [(5, None)] * 3
    )
    assert untouched(elsewhere)


def test_any_of_the_mails_asked_for_will_do(business: Business, browser: str) -> None:
    first = asked(business, browser)
    _, code = issue_secrets(first)
    issue_secrets(asked(business, browser))
    assert verify_by_code(business, SIGN_IN, code, browser=browser) == first


@pytest.mark.parametrize(("minutes", "good"), [(14, True), (15, False)])
def test_a_sign_in_mail_is_good_for_a_quarter_of_an_hour(
    clock: Clock, business: Business, browser: str, minutes: int, good: bool
) -> None:
    verification = asked(business, browser)
    secret, code = issue_secrets(verification)
    clock.advance(minutes=minutes)
    if good:
        assert verify_by_link(business, SIGN_IN, secret, browser=browser).verified_at
        return
    codes = refusals(
        lambda: verify_by_link(business, SIGN_IN, secret, browser=browser),
        lambda: verify_by_code(business, SIGN_IN, code, browser=browser),
    )
    assert codes == {"verification_expired"}
    assert untouched(verification)


def test_a_code_is_good_only_where_it_was_asked_for(business: Business, browser: str) -> None:
    verification = asked(business, browser)
    secret, code = issue_secrets(verification)
    elsewhere = new_business("fremd")
    other = secret[:-1] + ("y" if secret.endswith("x") else "x")
    codes = refusals(
        lambda: verify_by_code(business, SIGN_IN, code, browser=new_browser()),
        lambda: verify_by_code(business, SIGN_IN, code),
        lambda: verify_by_code(business, EmailVerification.Kind.STEP_UP, code, browser=browser),
        lambda: verify_by_code(elsewhere, SIGN_IN, code, browser=browser),
        lambda: verify_by_link(elsewhere, SIGN_IN, secret, browser=browser),
        lambda: verify_by_link(business, EmailVerification.Kind.EMAIL_CHANGE, secret, browser=browser),
        lambda: verify_by_link(business, SIGN_IN, other, browser=browser),
    )
    assert codes == {"verification_unknown"}
    assert untouched(verification)


def test_a_step_up_belongs_to_its_session(business: Business) -> None:
    customer, _ = upsert_customer(business, CustomerInput(name="Anna"), by=OPERATOR)
    session, other = (
        open_session(find_grant(business, api_portal_url(customer, by=OPERATOR)[1]), CLIENT)[0] for _ in range(2)
    )
    verification = request_verification(
        business, EmailVerification.Kind.STEP_UP, "anna@example.com", CLIENT, session=session
    )
    _, code = issue_secrets(verification)
    with pytest.raises(VerificationUnknown):
        verify_by_code(business, EmailVerification.Kind.STEP_UP, code, session=other)
    assert untouched(verification)
    assert verify_by_code(business, EmailVerification.Kind.STEP_UP, code, session=session) == verification
    assert Activity.objects.get(verb="step_up.asked").customer_id == customer.pk


def test_an_address_to_change_to_is_confirmed_from_anywhere_for_an_hour(clock: Clock, business: Business) -> None:
    verification = request_verification(business, EmailVerification.Kind.EMAIL_CHANGE, "new@example.com", CLIENT)
    secret, _ = issue_secrets(verification)
    clock.advance(minutes=59)
    assert verify_by_link(business, EmailVerification.Kind.EMAIL_CHANGE, secret) == verification


def test_a_portal_that_is_off_asks_and_hears_nothing(business: Business, browser: str) -> None:
    verification = asked(business, browser)
    secret, code = issue_secrets(verification)
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    business.refresh_from_db()
    codes = refusals(
        lambda: asked(business, browser),
        lambda: verify_by_link(business, SIGN_IN, secret, browser=browser),
        lambda: verify_by_code(business, SIGN_IN, code, browser=browser),
    )
    assert codes == {"portal_off"}
    assert untouched(verification)
    assert EmailVerification.objects.count() == 1


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
    request_verification(
        business, SIGN_IN, "ben@example.com", ClientInfo("pay.example", "192.0.2.8"), browser=new_browser()
    )
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
    session, _token = open_session(find_grant(business, api_portal_url(customer, by=OPERATOR)[1]), CLIENT)

    def ask_as_stranger(number: int) -> int:
        request_verification(business, SIGN_IN, f"{number}@example.com", CLIENT, browser=new_browser())
        return announced()

    assert ask_as_stranger(0) == 1
    RateLimitCounter.objects.filter(ends_at=clock.now() + timedelta(hours=1)).update(count=599)
    assert ask_as_stranger(1) == 2
    assert ask_as_stranger(2) == 2, "the 601st within an hour is not mailed"
    asked(new_business("fremd"), new_browser())
    assert announced() == 3, "each business counts its own"
    RateLimitCounter.objects.filter(ends_at=clock.now() + timedelta(minutes=15)).update(count=60)
    inside = {
        EmailVerification.Kind.STEP_UP: "anna@example.com",
        EmailVerification.Kind.EMAIL_CHANGE: "new@example.com",
    }
    for kind, email in inside.items():
        # The network, too, has asked all that it may for strangers.
        request_verification(business, kind, email, CLIENT, session=session)
        assert Activity.objects.filter(verb=f"{kind}.asked").count() == 1
    clock.advance(hours=1)
    assert ask_as_stranger(3) == 4


def test_of_secret_code_and_browser_only_hashes_are_kept(
    business: Business, browser: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, code = issue_secrets(asked(business, browser))
    assert asked(business, browser).code_hash == ""
    kept = repr([list(model.objects.values()) for model in (EmailVerification, Activity, PortalSession)])
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
def test_of_two_at_once_one_is_verified(business: Business, browser: str, way: str) -> None:
    secret, code = issue_secrets(asked(business, browser))
    gate = Barrier(4, timeout=30)

    def verify(_: int) -> str:
        try:
            gate.wait()
            if way == "link":
                verify_by_link(business, SIGN_IN, secret, browser=browser)
            else:
                verify_by_code(business, SIGN_IN, code, browser=browser)
        except PorticoError as error:
            return error.code
        finally:
            connection.close()
        return "verified"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(verify, range(4))) == ["verification_used_up"] * 3 + ["verified"]


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_typed_at_once_are_all_counted(business: Business, browser: str) -> None:
    verification = asked(business, browser)
    issue_secrets(verification)
    gate = Barrier(8, timeout=30)

    def guess(_: int) -> str:
        try:
            gate.wait()
            verify_by_code(business, SIGN_IN, WRONG, browser=browser)
        except PorticoError as error:
            return error.code
        finally:
            connection.close()
        return "verified"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(guess, range(8))) == ["code_wrong"] * 5 + ["verification_spent"] * 3
    verification.refresh_from_db()
    assert verification.tries == 5
