"""What is sensitive asks who one is: every page of the portal but those named here opens without."""

import re
from datetime import timedelta

import pytest

from conftest import Clock
from portico.domain.documents.models import Kind
from portico.web.portal.core.kinds import SLUGS
from tests.cast import CODE, NAME, Account, make_account, new_business
from tests.rules.test_gates import EDITS, PREFIX, PROVED_ONLY, knock, pages, read
from tests.rules.test_strangers import everything
from tests.shop import CARD as SANDBOX_CARD

SENSITIVE = {
    "billing-details/email", "billing-details/contacts/new", "billing-details/contacts/<str:key>",
    "billing-details/contacts/<str:key>/remove", "billing-details/autopay", "billing-details/payment-methods/new",
    "billing-details/payment-methods/<str:key>/default", "billing-details/payment-methods/<str:key>/remove",
}  # fmt: skip
# Forms that may be opened however long ago it was: an address is nothing sensitive, the code itself is asked here,
# a person who pays an invoice or promises to does its customer no harm (only keeping a card for next time waits for a
# proof), a question does none, one's own words are one's own, a plan that collects asks by itself, and an estimate's
# own link is enough to approve it: its holder was asked. Which mails come is chosen in every mail, too.
OPEN = {
    "billing-details/edit", "billing-details/mail", "step-up", "step-up/code", "pay", "pay/<str:name>",
    "estimates/<str:name>/approve", "estimates/<str:name>/decline", "invoices/<str:name>/promise",
    "invoices/<str:name>/payment-plan", "messages", "comments/<str:key>/edit", "comments/<str:key>/remove",
    *(f"{SLUGS[kind]}/<str:name>/comments" for kind in Kind),
}  # fmt: skip
FORM = {
    "email": "new@example.com",
    "name": "Somebody",
    "role": "all",
    "confirmed": "yes",
    "do": "enrol",
    "method": "sandbox:card",
    **SANDBOX_CARD,
}
CARD = "Confirm that it is you"


@pytest.fixture
def owner(db: None, clock: Clock) -> Account:
    return make_account(new_business("nordlicht"), NAME, CODE)


def test_every_form_is_sensitive_or_said_not_to_be() -> None:
    assert EDITS == SENSITIVE | OPEN


def test_exactly_the_sensitive_pages_ask_whose_proof_is_old(owner: Account, clock: Clock) -> None:
    browser, paths = owner.browser(), pages(owner)
    fresh = {route for route in SENSITIVE if knock(browser, route, paths[route]).status == 200}
    assert fresh == SENSITIVE, "who has come in just now is not asked"
    clock.advance(minutes=30)
    asked = set()
    for route, path in sorted(paths.items(), key=lambda item: item[0] == "sign-out"):
        answer = knock(browser, route, path)
        if answer.status == 403 and CARD in answer.text:
            asked.add(route)
        else:
            assert answer.status in {200, 204, 302, 303} or route in PROVED_ONLY, route
    assert asked == SENSITIVE


@pytest.mark.parametrize("route", sorted(SENSITIVE))
def test_what_is_sent_waits_for_a_proof_and_changes_nothing(owner: Account, clock: Clock, route: str) -> None:
    browser, path = owner.browser(), PREFIX + pages(owner)[route]
    clock.instant += timedelta(minutes=30)
    before = everything()
    answer = read(browser.post(path, FORM))
    assert (answer.status, CARD in answer.text) == (403, True)
    assert everything() == before
    # The same form, sent in time, is taken: what was refused was worth refusing.
    browser = owner.browser()
    seen = re.search(r'name="seen" value="([^"]*)"', read(browser.get(path)).text)
    before = everything()
    assert read(browser.post(path, FORM | {"seen": seen[1] if seen else ""})).status in {200, 303}
    assert everything() != before
