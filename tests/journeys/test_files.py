"""Staff add pictures, and those who may see them see what they show before downloading them."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.journeys.served_business import ServedBusiness
from tests.plugins.browser import NewPage

STAFF, PASSWORD = "frida@nordlicht.example", "a long enough password"


def _picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (900, 600), colour).save(out, "PNG")
    return out.getvalue()


def _shows(preview: Locator) -> None:
    """Wait until a preview is drawn: the browser has it, and it is one."""
    expect(preview).to_have_js_property("complete", True)
    assert preview.evaluate("(img) => img.naturalWidth") == 480


@pytest.mark.both_databases
def test_the_list_of_files_comes_anew_without_a_complaint_and_shows_pictures(
    business: ServedBusiness, page: Page, new_page: NewPage
) -> None:
    words = ("staff", "create", "--business", "nordlicht", "--email", STAFF, "--name", "Frida", "--password", PASSWORD)
    assert business.server.command(*words).returncode == 0
    customer = business.api("POST", "customers", external_id="files", name="Fabian Files")
    page.goto(f"{business.server.url}/customers/{customer['id']}")
    page.get_by_label("E-mail").fill(STAFF)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Visible to the customer").check()
    sent = [
        FilePayload(name="roof.png", mimeType="image/png", buffer=_picture("#336699")),
        FilePayload(name="hours.csv", mimeType="text/csv", buffer=b"a;b\n"),
    ]
    page.get_by_label("Add files").set_input_files(sent)
    page.get_by_role("button", name="Add", exact=True).click()
    # The page stays as it is: the list alone comes anew, after each. What the console says fails the test.
    files = page.locator("#file_list")
    expect(files.get_by_role("link", name="hours.csv", exact=True)).to_be_visible()
    _shows(files.locator("img"))
    assert files.locator("style").count() == 0
    phone = new_page(viewport={"width": 390, "height": 844})
    phone.goto(business.server.command("link", "files", "--business", "nordlicht").stdout.strip())
    phone.goto(f"{business.portal}documents")
    _shows(phone.locator("main img"))
