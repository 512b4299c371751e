"""Customers come from their business's own site and find their way back; staff make a sign-in link: in a browser."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo
from tests.journeys.test_scanners import scanned
from tests.journeys.test_staff import sign_in
from tests.plugins.browser import Axe, NewPage

pytestmark = pytest.mark.xdist_group("demo")

CUSTOMER = "ELBKURIER"


@pytest.fixture(scope="module")
def key(demo: Demo) -> str:
    """A key that the business signs with, made on the command line."""
    words = [sys.executable, "-m", "portico.config.cli", "magic-key", "create", "--business", "nordwind"]
    return subprocess.run(words, env=demo.environment, capture_output=True, text=True, check=True).stdout.strip()


def signed_link(demo: Demo, key: str, page: str, **more: str) -> str:
    token = jwt.encode({"sub": CUSTOMER, "exp": int(time.time()) + 300, **more}, key, algorithm="HS256")  # noqa: TID251 - as the business's own program would
    return f"{demo.url}/portal/nordwind/login/{token}?redirect_to={page}"


@contextmanager
def own_site(demo: Demo, key: str) -> Iterator[tuple[str, list[str]]]:
    """The business's own site: visitors of `/sign-in` are signed in and sent on. Yields its origin and who came."""
    requests: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            parts = urlsplit(self.path)
            self.send_response(302 if parts.path == "/sign-in" else 200)
            if parts.path == "/sign-in":
                page = parse_qs(parts.query)["return_to"][0]
                back = f"http://localhost:{server.server_port}/orders"
                self.send_header("Location", signed_link(demo, key, page, return_url=back))
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()


def settings(page: Page, demo: Demo, sign_in_url: str, sites: str) -> None:
    page.goto(f"{demo.url}/settings/sign-in")
    page.get_by_label("Your sign-in page").fill(sign_in_url)
    page.get_by_label("Sites to go back to").fill(sites)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The settings are saved.")


@pytest.mark.both_databases
def test_there_by_single_sign_on_and_back_again(demo: Demo, key: str, page: Page, new_page: NewPage, axe: Axe) -> None:
    sign_in(page, demo)
    with own_site(demo, key) as (site, requests):
        settings(page, demo, f"{site}/sign-in", site)
        try:
            customer = new_page()
            customer.goto(f"{demo.url}/portal/nordwind/")
            assert requests == ["/sign-in?return_to=my_account"]
            assert customer.url == f"{demo.url}/portal/nordwind/", "the token leaves the address bar"
            expect(customer.get_by_role("navigation", name="Portal")).to_be_visible()
            axe(customer)
            customer.get_by_role("navigation", name="Portal").get_by_role("link").nth(1).click()
            back = customer.get_by_role("link", name=re.compile(rf"{urlsplit(site).netloc}$"))
            back.click()
            expect(customer).to_have_url(f"{site}/orders")
            customer.goto(f"{demo.url}/portal/nordwind/")
            customer.locator("header summary").last.click()
            customer.get_by_role("button", name="Abmelden").click()
            expect(customer).to_have_url(f"{demo.url}/portal/nordwind/signed-out")
            axe(customer)
            customer.goto(f"{demo.url}/portal/nordwind/")
            expect(customer.get_by_role("link", name=re.compile(urlsplit(site).netloc))).to_be_visible()
            axe(customer)
            assert len([path for path in requests if path.startswith("/sign-in")]) == 1, (
                "who left is not sent back at once"
            )
        finally:
            settings(page, demo, "", "")


def test_a_signed_link_that_opens_once_is_used_up_by_a_press(demo: Demo, key: str, new_page: NewPage, axe: Axe) -> None:
    link = signed_link(demo, key, "open_item_statement", jti=f"journey-{time.time_ns()}")
    for _ in range(2):
        assert httpx.get(link, timeout=60).status_code == 200, "looking uses nothing up"
    customer = new_page(java_script_enabled=False)
    customer.goto(link)
    customer.get_by_role("button").click()
    expect(customer).to_have_url(f"{demo.url}/portal/nordwind/statements?type=open_item")
    late = new_page()
    late.goto(link)
    expect(late.get_by_role("heading", level=1)).to_contain_text("verwendet")
    axe(late)
    late.goto(f"{demo.url}/portal/nordwind/login/x")
    axe(late)


def test_staff_make_a_sign_in_link_and_end_it(demo: Demo, page: Page, new_page: NewPage, axe: Axe) -> None:
    sign_in(page, demo)
    page.goto(f"{demo.url}/customers?q=Elbkurier")
    page.locator("main table a").filter(has_text="Elbkurier").first.click()
    page.locator("main summary").filter(has_text="Actions").click()
    page.get_by_role("link", name="Generate sign-in link").click()
    axe(page)
    page.get_by_label("Leads to").select_option("invoices")
    page.get_by_label("Opens only once").check()
    page.get_by_role("button", name="Generate sign-in link").click()
    axe(page)
    link = page.locator("input[readonly]").input_value()
    assert scanned(link, new_page) == {403}
    customer = new_page()
    customer.goto(link)
    axe(customer)
    customer.get_by_role("button").click()
    expect(customer).to_have_url(f"{demo.url}/portal/nordwind/activity/invoices")
    page.goto(page.url)
    assert link not in page.content(), "a secret is shown once"
    page.get_by_role("row").nth(1).get_by_role("button", name="Revoke").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("status")).to_contain_text("The link is revoked.")
    response = customer.reload()
    assert response is not None
    assert response.status == 403
