"""A customer opens a link and finds the way: the portal in a real browser, on the demonstration's life."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pypdf import PdfReader

from portico.lib.clock import now
from tests.journeys.conftest import Demo
from tests.plugins.browser import Axe, NewPage

pytestmark = pytest.mark.xdist_group("demo")

PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}

# One address of each shape is enough; what is downloaded is no page.
_NAMES = re.compile(r"/(inv|est|cn|so|pay|file)_[0-9a-z]{26}")
_DOWNLOAD = re.compile(r"\.(pdf|csv|xlsx|zip)$|/files/")


def pages_of(page: Page, link: str) -> list[str]:
    """Walk the portal from its link and return one address of every shape of page there is."""
    page.goto(link)
    base = page.url
    found: dict[str, str] = {}
    ahead = [base]
    while ahead:
        url = ahead.pop(0)
        parts = urlsplit(url)
        shape = _NAMES.sub("/*", parts.path) + ("?type" if "type=open_item" in parts.query else "")
        if shape in found or _DOWNLOAD.search(parts.path):
            continue
        found[shape] = url
        response = page.goto(url)
        assert response is not None
        assert response.status == 200, url
        ahead += [link for link in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)") if base in link]
    return list(found.values())


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("english", "ltr"),
        ("german", "ltr"),
        ("arabic", "rtl"),
    ],
)
def test_every_page_is_open_to_everyone(demo: Demo, page: Page, axe: Axe, language: str, direction: str) -> None:
    urls = pages_of(page, getattr(demo, language))
    assert len(urls) >= 12, urls
    titles = set()
    for url in urls:
        page.goto(url)
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
            language[:2].replace("ge", "de"),
            direction,
        ]
        titles.add(page.title())
        axe(page)
        for size in (PHONE, NARROW):
            page.set_viewport_size(size)
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{url} is {wider} px wider than a screen of {size['width']}"
        page.set_viewport_size({"width": 1280, "height": 900})
    assert len(titles) >= 10, "pages tell themselves apart by their titles"


def test_every_page_is_open_to_everyone_on_a_phone(demo: Demo, new_page: NewPage, axe: Axe) -> None:
    phone = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    for url in pages_of(phone, demo.english):
        phone.goto(url)
        axe(phone)


@pytest.mark.both_databases
def test_from_the_link_to_an_invoice_and_back(demo: Demo, page: Page) -> None:
    page.goto(demo.english)
    assert "/s/" not in page.url, "the secret leaves the address bar"
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="View all invoices").click()
    row = page.locator("table tbody tr").filter(has_text="Past due").first
    number = row.get_by_role("link").first.inner_text()
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(page.get_by_text("Amount due").first).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="PDF").first.click()
    assert started.value.suggested_filename.endswith(f"-invoice-{number}.pdf")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/activity"))


def test_an_invoice_leads_back_to_the_list_as_it_was(demo: Demo, page: Page) -> None:
    page.goto(demo.english)
    page.goto(page.url + "activity/invoices?status=past_due&sort=-due")
    page.locator("table tbody tr").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invoice")
    page.locator("a.po-back").click()
    expect(page).to_have_url(re.compile(r"/activity/invoices\?status=past_due&sort=-due$"))


def test_an_invoice_is_printed_with_what_is_due_on_its_first_page(demo: Demo, page: Page) -> None:
    page.goto(demo.english)
    page.goto(page.url + "activity/invoices?status=past_due")
    page.locator("table tbody tr").first.get_by_role("link").first.click()
    expect(page.get_by_text("Amount due").first).to_be_visible()
    amount = page.locator(".po-aside .po-figure").inner_text()
    page.emulate_media(media="print")
    first = PdfReader(BytesIO(page.pdf(format="A4"))).pages[0].extract_text()
    for words in ("Amount due", amount, "Past due"):
        assert words in first, words
    for words in ("Download PDF", "My Account", "Copy"):
        assert words not in first, words


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_an_original_of_one_page_is_printed_without_an_empty_sheet(demo: Demo, page: Page, paper: str) -> None:
    page.goto(demo.link("AR-2211", "nordwind"))
    page.goto(page.url + "activity/invoices")
    page.get_by_role("link", name="AR-2211").first.click()
    expect(page.locator(".po-original img")).to_have_js_property("complete", True)
    page.emulate_media(media="print")
    assert len(PdfReader(BytesIO(page.pdf(format=paper))).pages) == 2, "what is due, then the original"


# Which cells of a row stand on each other: what is set without a break runs out of its cell, so lines are compared.
OVERLAPS = """() => [...document.querySelectorAll("tbody tr")].flatMap((row) => {
    const lines = [...row.querySelectorAll("td")].map((cell) => {
        const range = document.createRange(); range.selectNodeContents(cell);
        return [cell, [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1)];
    });
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return lines.flatMap(([cell, boxes], index) => lines.slice(index + 1)
        .filter(([, others]) => boxes.some((a) => others.some((b) => meet(a, b))))
        .map(([other]) => `${cell.innerText} | ${other.innerText}`));
})"""


@pytest.mark.parametrize("width", [320, 340, 360])
def test_long_amounts_fit_a_narrow_phone(demo: Demo, new_page: NewPage, width: int) -> None:
    headers = {"Authorization": f"Bearer {demo.api_key}"}
    customer = {"external_id": "SUMBER", "name": "PT Sumber Makmur", "currency": "IDR"}
    lines = [{"description": "Work", "quantity": "1", "unit_price": "188700000.00"}]
    today = now().date()
    dates = {"issued_on": f"{today - timedelta(days=20)}", "due_on": f"{today - timedelta(days=5)}"}
    invoice = {
        "customer": "SUMBER",
        "currency": "IDR",
        "external_id": "LONG",
        "number": "LONG-2026-0001",
        "lines": lines,
        **dates,
    }
    httpx.post(f"{demo.url}/api/v1/customers", json=customer, headers=headers).raise_for_status()
    httpx.post(f"{demo.url}/api/v1/invoices", json=invoice, headers=headers).raise_for_status()
    phone = new_page(viewport={"width": width, "height": 780}, has_touch=True, is_mobile=True)
    phone.goto(demo.link("SUMBER", "nordwind"))
    home = phone.url
    for path in ("", "activity/invoices", "statements"):
        phone.goto(home + path)
        assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
        assert phone.evaluate(OVERLAPS) == [], path


def test_filters_live_in_the_address_and_back_works(demo: Demo, page: Page) -> None:
    page.goto(demo.english)
    page.goto(page.url + "activity/invoices")
    rows = page.locator("table tbody tr")
    everything = rows.count()
    page.get_by_label("State").select_option("past_due")
    expect(page).to_have_url(re.compile(r"status=past_due"))
    expect(rows).not_to_have_count(everything)
    assert all("Past due" in text for text in rows.all_inner_texts())
    filtered = rows.count()
    page.reload()
    expect(rows).to_have_count(filtered)
    page.go_back()
    expect(rows).to_have_count(everything)


def test_several_invoices_are_chosen_and_summed_up(demo: Demo, page: Page) -> None:
    page.goto(demo.english)
    page.goto(page.url + "activity/invoices")
    boxes = page.locator("table tbody input[type=checkbox]")
    numbers = []
    for index in range(2):
        boxes.nth(index).check()
        numbers.append(page.locator("table tbody tr").nth(index).get_by_role("link").first.inner_text())
    bar = page.get_by_role("status").filter(has_text="Selected")
    expect(bar).to_be_visible()
    said = re.search(r"2 invoices · (€[\d,.]+)", bar.inner_text())
    assert said
    bar.get_by_role("button", name="List and files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Selected invoices")
    for number in numbers:
        expect(page.get_by_role("link", name=number)).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Total")).to_contain_text(said[1])
    page.get_by_role("link", name=f"Pay {said[1]}").click()
    for number in numbers:
        expect(page.get_by_role("main")).to_contain_text(number)
    expect(page.locator("#pay_button")).to_have_text(f"Pay {said[1]}")


def test_it_all_works_without_javascript(demo: Demo, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(demo.english)
    page.goto(page.url + "activity/invoices")
    page.get_by_label("State").select_option("paid")
    page.get_by_role("button", name="Filter").click()
    assert "status=paid" in page.url
    assert all("Paid" in text for text in page.locator("table tbody tr").all_inner_texts())
    page.locator("summary").filter(has_text="English").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert "status=paid" in page.url, "choosing a language keeps the place"


def test_a_look_counts_once_seen_and_only_then(demo: Demo, page: Page) -> None:
    """Fetching the page and running its scripts is what scanners do; moving a hand over it is what people do."""
    page.clock.install()
    keyed = {"Authorization": f"Bearer {demo.api_key}"}

    def ask(name: str, wanted: str) -> str:
        return str(httpx.get(f"{demo.url}/api/v1/invoices/{name}", headers=keyed, timeout=60).json()[wanted])

    def status_of(name: str) -> str:
        return ask(name, "status")

    found = httpx.get(f"{demo.url}/api/v1/invoices", params={"status": "issued"}, headers=keyed, timeout=60)
    issued = found.json()["data"][0]
    # Its own link: a fresh one to the customer's portal would end what other journeys have open.
    page.goto(ask(issued["id"], "url"))
    address = page.url
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert httpx.get(address, cookies=cookies, timeout=60).status_code == 200
    assert status_of(issued["id"]) == "issued"
    page.goto(address)
    page.clock.fast_forward(60_000)
    assert status_of(issued["id"]) == "issued"
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.mouse.move(200, 200)
        page.clock.fast_forward(1_000)
    assert status_of(issued["id"]) == "viewed"


def test_the_keyboard_reaches_the_content_first(demo: Demo, page: Page) -> None:
    page.goto(demo.english)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_error_pages_say_why(demo: Demo, page: Page, new_page: NewPage, axe: Axe) -> None:
    link = demo.link("ELBKURIER", "nordwind")
    page.goto(link)
    visitor = new_page()
    visitor.goto(page.url)
    axe(visitor)
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    fresh = demo.link("ELBKURIER", "nordwind")
    response = page.reload()
    assert response is not None
    assert response.status == 403, "the sessions of a replaced link end with it"
    axe(page)
    visitor.goto(link)
    expect(visitor.locator("main")).to_contain_text("Zugang verweigert")
    axe(visitor)
    visitor.goto(fresh)
    expect(visitor.get_by_role("navigation", name="Portal")).to_be_visible()
    visitor.locator("header summary").last.click()
    visitor.get_by_role("button", name="Abmelden").click()
    axe(visitor)
    visitor.goto(link[: link.index("/s/")] + "/s/pl_wrong")
    axe(visitor)
