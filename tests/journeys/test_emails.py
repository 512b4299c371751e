"""Every mail, opened on the narrowest phone in every language: it fits, and shows the way in."""

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, ViewportSize, expect

from portico.domain.businesses.models import Business
from portico.lib.l10n import formatter
from portico.output.mail.composing import composed
from portico.output.mail.template import EmailTemplate
from portico.output.mail.tests.samples import EMAILS
from tests.plugins.browser import Axe, NewPage

NARROW: ViewportSize = {"width": 320, "height": 640}

# Names and addresses as long as they come, in one word.
BUSINESS = Business(
    name="Nordfriesische Küstenschifffahrtsgesellschaft mbH",
    slug="kueste",
    accent="#ffcc00",
    email="rechnungswesen@kuestenschifffahrtsgesellschaft.example",
)

# Programs that show mail put it into a page of their own, whose landmarks are theirs.
_OF_WHOLE_PAGES = ("landmark-one-main", "region")


# One with short words, one with long ones, one from the right: a mail takes the browser as long in every language.
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_letter_fits_the_narrowest_phone(language: str, new_page: NewPage, axe: Axe) -> None:
    page, all_of_them = new_page(viewport=NARROW), ""
    for name, email in EMAILS.items():
        html = composed(lambda it=email: it, BUSINESS, language).html  # type: ignore[misc]  # an argument only to bind it
        page.set_content(html)
        reading = page.evaluate(
            "[document.documentElement.lang, document.dir, getComputedStyle(document.querySelector('h1')).direction]"
        )
        direction = formatter(language).direction
        assert reading == [language, direction, direction], name
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is {wider} px wider than a screen of 320"
        shows_the_way_in(page, email, language)
        all_of_them += html
    # Looking costs the same for one and for all: they stand beneath each other, as the parser makes one page of them.
    page.set_content(all_of_them)
    expect(page.locator(".po-mail-paper")).to_have_count(len(EMAILS))
    axe(page, without=_OF_WHOLE_PAGES)


def shows_the_way_in(page: Page, email: EmailTemplate, language: str) -> None:
    with override(language):
        content = email.content(BUSINESS.name, formatter(language))
    places = {
        ".po-mail-code span": content.code,
        ".po-mail-button": content.button,
        ".po-mail-paper .po-mail-link": content.url,
    }
    for place, text in places.items():
        found = page.locator(place)
        expect(found).to_have_text([text] if text else [])
        box = found.bounding_box() if text else None
        assert not text or (box and box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]), (
            f"{email.name}: {text}"
        )
