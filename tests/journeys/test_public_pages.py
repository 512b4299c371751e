"""Every public page, on a phone and in every language: it fits, it is open to everyone, and it says what it has to."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta

import jwt
import pytest
from django.utils.translation import get_language_bidi, gettext, override
from playwright.sync_api import Page, ViewportSize, expect

from portico.lib.clock import now
from tests.journeys.served_business import ServedBusiness
from tests.journeys.test_sign_in import is_open_to_everyone
from tests.plugins.browser import Axe, NewPage

COMPANY = "Nordfriesische Küstenschifffahrtsgesellschaft mbH"
PHONE: ViewportSize = {"width": 390, "height": 844}

# What no program and no command can bring about at once.
_SCENERY = """
import json
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.activity.actor import OPERATOR as by
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer

closed = create_business(BusinessInput("Geschlossen", "geschlossen", "EUR", "DE", "Europe/Berlin"), by=by)
change_portal_settings(closed, {"portal_enabled": False}, by=by)
grant, secret = api_portal_url(Customer.objects.get(external_id="dora"), by=by)
revoke(grant, by=by)
print(json.dumps({"revoked": f"s/{secret}", "key": create_magic_key(Business.objects.get(slug="nordlicht"), by=by)[1]}))
"""


@dataclass(frozen=True)
class PublicUrls:
    """URLs that open nothing any more, or only after a click."""

    business: ServedBusiness
    expired: str
    revoked: str
    key: str

    def signed(self, seconds: int, **claims: str) -> str:
        """A link for Dora that the business signs itself."""
        claims |= {"sub": "dora"}
        token = jwt.encode({"exp": now() + timedelta(seconds=seconds), **claims}, self.key, algorithm="HS256")
        return f"{self.business.portal}login/{token}"

    def mailed(self, address: str, path: str) -> str:
        """The link below a path in the mail to an address."""
        found = re.search(
            rf"{re.escape(self.business.portal)}{path}/ch_[\w-]+", self.business.post.wait_for(address).text
        )
        assert found
        return found[0]


@pytest.fixture(scope="session")
def urls(business: ServedBusiness) -> PublicUrls:
    """Links of a customer who reads whatever their browser does."""
    expired = business.api("POST", "customers/dora/sign_in_links", expires_in=1)["url"]
    said = business.server.command("manage", "shell", "-v", "0", "-c", _SCENERY).stdout
    made = json.loads(said)
    return PublicUrls(business, expired, business.portal + made["revoked"], made["key"])


@dataclass(frozen=True)
class Reader:
    """Somebody who reads one language, and looks closely at every page they come to."""

    language: str
    axe: Axe

    def words(self, english: str) -> str:
        """What their language says for a text of the product."""
        with override(self.language):
            return gettext(english)

    def sees(self, page: Page, heading: str) -> None:
        """Assert that this is the page with that heading, and that nothing about it is in the way."""
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.words(heading))
        with override(self.language):
            direction = "rtl" if get_language_bidi() else "ltr"
        reading = page.evaluate(
            "[document.documentElement.lang, document.dir, getComputedStyle(document.querySelector('h1')).direction]"
        )
        assert reading == [self.language, direction, direction], page.url
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px wider than a screen of {PHONE['width']}"
        is_open_to_everyone(page, self.axe)

    def press(self, page: Page, label: str) -> None:
        """Press the button that says this."""
        page.get_by_role("button", name=self.words(label)).click()

    def types(self, page: Page, label: str, text: str) -> None:
        """Type into the field that is called this."""
        page.get_by_label(self.words(label)).fill(text)


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.both_databases), "de", "ar"])
def test_every_public_page_is_accessible(urls: PublicUrls, new_page: NewPage, axe: Axe, language: str) -> None:
    reader = Reader(language, axe)
    books, former, new = (f"{name}@kuestenschifffahrtsgesellschaft-{language}.example" for name in ("b", "f", "n"))
    business, known = urls.business, {"language": language}
    contact = {"name": "Frau Buch", "email": books}
    business.api("POST", "customers", **known, name=COMPANY, email=former, contacts=[contact])
    branch = business.api("POST", "customers", **known, name="Zweigstelle", email=books)["id"]
    page, elsewhere = (new_page(locale=language, viewport=PHONE) for _ in range(2))
    asks_for_a_mail(reader, page, urls, books)
    comes_in_vain(reader, elsewhere, urls, books)
    page.goto(urls.mailed(books, "sign-in"))
    reader.sees(page, "Continue to your account")
    page.locator("main form button").click()
    reader.sees(page, "Which account?")
    reader.press(page, COMPANY)
    elsewhere.reload()
    reader.sees(elsewhere, "This mail has been used")
    asks_for_another_address_and_leaves(reader, page, urls, new)
    page.goto(urls.mailed(new, "email"))
    reader.sees(page, "Confirm the new address")
    reader.press(page, "Confirm the address")
    reader.sees(page, "The address is changed")
    shows_who_they_are(reader, elsewhere, urls, branch)
    page.goto(urls.mailed(former, "email-undo"))
    reader.sees(page, "Take the change back?")
    reader.press(page, "Take it back")
    reader.sees(page, "The former address is back")


def asks_for_a_mail(reader: Reader, page: Page, urls: PublicUrls, address: str) -> None:
    page.goto(urls.business.portal)
    reader.sees(page, "Sign in")
    reader.types(page, "E-mail", address)
    reader.press(page, "Send me a link")
    reader.sees(page, "Check your mail")
    reader.types(page, "Code", "0000-0000")
    reader.press(page, "Sign in")
    wrong = reader.words("This is not the code in the mail. Please look again.")
    expect(page.get_by_text(wrong)).to_be_visible()
    reader.sees(page, "Check your mail")


def comes_in_vain(reader: Reader, page: Page, urls: PublicUrls, address: str) -> None:
    business = urls.business
    for link, heading in (
        (urls.expired, "This link has expired"),
        (urls.revoked, "Access denied"),
        (f"{business.portal}s/pl_nobodys", "We don’t know this link"),
        (f"{business.server.url}/portal/geschlossen/", "Portal not available"),
        (urls.signed(-60), "This link has expired"),
        (f"{business.portal}login/x", "This sign-in did not work"),
        (urls.signed(600, jti=reader.language), "Continue to your account"),
        (urls.mailed(address, "sign-in"), "Continue to your account"),
    ):
        page.goto(link)
        reader.sees(page, heading)
    expect(page.get_by_label(reader.words("Code"))).to_be_visible()


def asks_for_another_address_and_leaves(reader: Reader, page: Page, urls: PublicUrls, address: str) -> None:
    page.goto(f"{urls.business.portal}billing-details/email")
    reader.types(page, "New e-mail address", address)
    reader.press(page, "Send the link")
    page.goto(f"{urls.business.portal}billing-details")
    page.locator("header summary").last.click()
    reader.press(page, "Sign out")
    reader.sees(page, "You have signed out")


def shows_who_they_are(reader: Reader, page: Page, urls: PublicUrls, customer: str) -> None:
    line = {"description": "Work", "quantity": "1", "unit_price": "100"}
    body = {"customer": customer, "issued_on": "2026-11-02", "currency": "EUR", "lines": [line]}
    page.goto(urls.business.api("POST", "invoices", **body)["url"])
    page.goto(urls.business.portal)
    reader.sees(page, "Sign in to see this")
    reader.press(page, "Send the code")
    reader.sees(page, "Type the code")
    reader.types(page, "Code", "0000-0000")
    reader.press(page, "Continue")
    expect(page.get_by_role("alert")).to_be_visible()
    reader.sees(page, "Type the code")
