"""Pictures of the main pages, wide and phone, light and dark, in ./screenshots: to be looked at, not compared.

`make screenshots` starts a demonstration of its own and ends it afterwards.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path("screenshots")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
PORTAL = ["", "activity/invoices", "activity/payments", "statements", "statements?type=open_item", "billing-details"]
STAFF = ["customers", "documents", "payments", "settings/portal", "settings/portal/tokens"]


def main() -> None:
    """Start the demonstration, take every picture, end it."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [sys.executable, "-m", "portico.config.cli", "demo", "--port", str(port)],
            env=os.environ | {"PORTICO_HOME": home, "DATABASE_URL": ""},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            take(welcome(server), f"http://localhost:{port}")
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def welcome(server: "subprocess.Popen[str]") -> str:
    """Return what the demonstration prints once it is ready."""
    assert server.stdout is not None
    text = ""
    for line in server.stdout:
        text += line
        if "Ctrl-C" in line:
            return text
    raise SystemExit("The demonstration did not start.")


def take(text: str, url: str) -> None:
    """Take the pictures of the portal as each printed customer, and of the dashboard."""
    links = dict(zip(("german", "english", "arabic"), re.findall(rf"{url}/portal/\S+/s/\S+", text), strict=True))
    email, password = re.search(r"(\S+@\S+) \(", text), re.search(r"password (\S+)", text)
    assert email
    assert password
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["PORTICO_TEST_BROWSER"], args=FLAGS)
        for screen in SCREENS:
            for scheme in ("light", "dark"):
                for language, link in links.items():
                    take_portal(open_page(browser, screen, scheme), link, FOLDER / language / f"{screen}-{scheme}")
                page = open_page(browser, screen, scheme)
                page.goto(url)
                page.locator("input[type=email]").fill(email[1])
                page.locator("input[type=password]").fill(password[1])
                page.get_by_role("button", name="Sign in", exact=True).click()
                take_all(page, f"{url}/", STAFF, FOLDER / "staff" / f"{screen}-{scheme}")
        browser.close()


def open_page(browser: Browser, screen: str, scheme: str) -> Page:
    """Open a page that shares nothing with the others."""
    size = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    return context.new_page()


def take_portal(page: Page, link: str, folder: Path) -> None:
    """Take the portal's pages, with the first invoice and the first payment, and the error page of a wrong link."""
    page.goto(link)
    base = page.url
    take_all(page, base, PORTAL, folder)
    for listing in ("invoices", "credit-notes", "estimates", "payments"):
        page.goto(f"{base}activity/{listing}")
        first = page.locator("table tbody a").first
        if first.count():
            first.click()
            page.wait_for_load_state()
            shoot(page, folder / f"one-of-{listing}.png")
    page.goto(f"{base}s/pl_wrong")
    shoot(page, folder / "unknown-link.png")


def take_all(page: Page, base: str, paths: list[str], folder: Path) -> None:
    """Take one picture of each address."""
    for path in paths:
        page.goto(base + path)
        shoot(page, folder / f"{re.sub(r'[^a-z]+', '-', path) or 'my-account'}.png")


def shoot(page: Page, file: Path) -> None:
    """Save the whole page."""
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    main()
