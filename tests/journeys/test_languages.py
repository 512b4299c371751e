"""The densest pages on a phone in all 25 languages, in one browser page: they run their way, and nothing sticks out."""

from django.utils.translation import get_language_bidi, override
from playwright.sync_api import Page, ViewportSize

from portico.lib.l10n import LANGUAGES
from portico.output.mail.composing import composed
from portico.output.mail.tests.samples import EMAILS
from tests.journeys.served_business import ServedBusiness
from tests.journeys.test_emails import BUSINESS
from tests.plugins.browser import Axe, NewPage

PHONE: ViewportSize = {"width": 390, "height": 844}
COMPANY = "Nordfriesische Küstenschifffahrtsgesellschaft mbH"

# What sticks out of the screen, but for what scrolls by itself or is read aloud only; and texts that their box cuts.
_STICKS_OUT = """() => {
  const scrolls = (node) => node.closest(".po-scroll, .po-tabs, .po-hidden, .po-skip, .po-nav ul");
  const cuts = (node) => node.matches("h1, h2, th, td, button, .po-btn, .po-tag")
    && ["hidden", "clip"].includes(getComputedStyle(node).overflowX) && node.scrollWidth > node.clientWidth + 1;
  return [...document.querySelectorAll("body *")].filter((node) => {
    const box = node.getBoundingClientRect();
    if (!box.width || scrolls(node)) return false;
    return box.left < -1 || box.right > innerWidth + 1 || cuts(node);
  }).map((node) => node.outerHTML.slice(0, 120));
}"""


def fits(page: Page, language: str, where: str) -> None:
    """Assert that a page is in a language, runs its way, and fits the screen."""
    with override(language):
        direction = "rtl" if get_language_bidi() else "ltr"
    reading = page.evaluate("[document.documentElement.lang, document.dir, getComputedStyle(document.body).direction]")
    assert reading == [language, direction, direction], f"{where} in {language}"
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{where} in {language} is {wider} px wider than a screen of {PHONE['width']}"
    assert page.evaluate(_STICKS_OUT) == [], f"{where} in {language}"
    # A Latin name that is too long loses its end in languages that run to the left too.
    names = page.evaluate(
        "[...document.querySelectorAll('.po-brand-name, .po-name')].map(n => getComputedStyle(n).direction)"
    )
    assert set(names) <= {"ltr"}, f"{where} in {language}"


def accounts(business: ServedBusiness) -> tuple[str, str]:
    """A customer with a little of everything; returns their portal link and the path of an invoice."""
    customer = business.api("POST", "customers", name=COMPANY, email="l@kuestenschifffahrtsgesellschaft.example")["id"]
    line = {"description": "Donaudampfschifffahrt", "quantity": "12.5", "unit_price": "1204.75", "tax_rate": "19"}
    body = {"customer": customer, "currency": "EUR", "lines": [line, line], "purchase_order": "PO-2026-0000471"}
    ids = [
        business.api("POST", "invoices", **body, issued_on=f"2026-{month}-02", due_on=f"2026-{month}-16")["id"]
        for month in ("03", "08", "10", "11")
    ]
    return business.api("GET", f"customers/{customer}/portal_url")["customer"]["portal_url"], f"invoices/{ids[-1]}"


def test_dense_pages_fit_a_phone_in_every_language(business: ServedBusiness, new_page: NewPage, axe: Axe) -> None:
    link, invoice = accounts(business)
    page, email = new_page(viewport=PHONE), EMAILS["receipt"]
    # A context speaks one language for as long as it lives; so this asks the browser behind Playwright's back.
    chromium, name = page.context.new_cdp_session(page), page.evaluate("navigator.userAgent")
    for number, language in enumerate(LANGUAGES):
        chromium.send("Emulation.setUserAgentOverride", {"userAgent": name, "acceptLanguage": language})
        page.context.clear_cookies()
        page.goto(business.portal)
        fits(page, language, "signing in")
        page.goto(link)
        shown = ["", "activity/invoices", invoice]
        for path in shown:
            page.goto(business.portal + path)
            fits(page, language, path or "My Account")
            # Looking takes long: each language has one of the pages looked at.
            if path == shown[number % len(shown)]:
                axe(page)
        # A mail has no policy of ours, which the page before it would hand on.
        page.goto("about:blank")
        page.set_content(composed(lambda: email, BUSINESS, language).html)
        fits(page, language, "a mail")
