"""Two accounts in two tabs of one browser never mix: every form says whom its page was made for, and is held to it."""

from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import EmailVerification
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.models import Kind
from portico.web.portal.core.gate import cookie_name
from tests.cast import CODE, HOST, NAME, Account, make_account, new_business
from tests.rules.test_gates import EDITS, FORMS, PREFIX, knock, pages
from tests.rules.test_strangers import everything

EMAIL = "billing-details/email"


class Forms(HTMLParser):
    """What a page says of whom it was made for: in its body for its scripts, and in each form that is sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.body: str | None = None
        self.posts: list[tuple[str, dict[str, str]]] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "body":
            self.body = named.get("hx-headers")
        if tag == "form":
            self._inside = named.get("method", "get").lower() == "post"
            if self._inside:
                self.posts.append((named.get("action", ""), {}))
        elif self._inside and "name" in named:
            self.posts[-1][1][named["name"]] = named.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


@pytest.fixture
def owner(db: None, clock: Clock) -> Account:
    return make_account(new_business("nordlicht"), NAME, CODE)


def proved(owner: Account) -> Client:
    """The owner's browser, by an address that opens two accounts."""
    near = make_account(owner.business, "Nachbar", "NEAR").customer
    Customer.objects.filter(pk=near.pk).update(email=owner.customer.email)
    grant = find_grant(owner.business, owner.secret)
    _session, token = open_session(grant, ClientInfo(HOST), email=owner.customer.email)
    client = Client(headers={"host": HOST})
    client.cookies[cookie_name(owner.business.slug)] = token
    return client


def shown(owner: Account, clock: Clock) -> dict[str, str]:
    """Every page of the portal that has forms, by where it stands: those behind the gates, and those of a step-up."""
    browser, found = proved(owner), {}
    for route, path in pages(owner).items():
        answer = knock(browser, route, path, "GET")
        if answer.status == 200 and "<html" in answer.text:
            found[PREFIX + path] = answer.text
    clock.instant += timedelta(minutes=30)
    for way, client in (("stale", browser), ("narrow", Client(headers={"host": HOST}))):
        if way == "narrow":
            client.get(f"{PREFIX}s/{link_to(owner.customer, owner.of(Kind.INVOICE).ref, by=OPERATOR)[1]}")
        there, asked = f"{PREFIX}{EMAIL}", f"?next={PREFIX}{EMAIL}"
        found[f"{there}#{way}"] = client.get(there).content.decode()
        sent = client.post(f"{PREFIX}step-up{asked}", {"typed": "email=new%40example.com"})
        found[f"{PREFIX}step-up{asked}#{way}"] = sent.content.decode()
        code = issue_secrets(EmailVerification.objects.latest("id"))[1]
        done = client.post(f"{PREFIX}step-up/code{asked}", {"typed": "email=new%40example.com", "code": code})
        if way == "stale":
            found[f"{PREFIX}step-up/code{asked}#{way}"] = done.content.decode()
    return found


def test_every_form_and_script_says_whom_its_page_was_made_for(owner: Account, clock: Clock) -> None:
    made_for, actions = owner.customer.public_id, set()
    for place, html in shown(owner, clock).items():
        page = Forms(html)
        assert page.body == f'{{"X-Acting-For": "{made_for}"}}', place
        assert page.posts, place
        for action, fields in page.posts:
            assert fields.get("acting_for") == made_for, (place, action)
            actions.add(urljoin(PREFIX, urljoin(place, action).partition("?")[0].partition("#")[0]))
    paths = {route: PREFIX + path.partition("?")[0] for route, path in pages(owner).items()}
    assert {route for route in FORMS.keys() | EDITS if paths[route] not in actions} == set(), "each was seen"


def test_what_was_made_for_another_account_is_refused_everywhere(owner: Account) -> None:
    browser = proved(owner)
    other = Customer.objects.exclude(pk=owner.customer.pk).get().public_id
    before = everything()
    for route, path in pages(owner).items():
        form = FORMS.get(route, {}) | {"name": "Somebody", "email": "new@example.com", "to": "customer"}
        by_form = browser.post(PREFIX + path, form | {"acting_for": other})
        by_script = browser.post(PREFIX + path, form, headers={"X-Acting-For": other})
        looked = browser.get(PREFIX + path, headers={"X-Acting-For": other, "HX-Request": "true"})
        assert {answer.status_code for answer in (by_form, by_script, looked)} == {409}, route
        assert looked.headers["HX-Refresh"] == "true", route
    assert everything() == before
