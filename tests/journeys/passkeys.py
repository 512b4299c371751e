"""A passkey of Chromium's own making: a virtual authenticator that says yes at once, as a finger on a sensor would."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_authenticator(page: Page) -> None:
    """Let the page's browser make and use passkeys, for as long as the page is open."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})


def add_passkey(page: Page, demo: Demo) -> list[str]:
    """Add a passkey to the account of the person signed in; returns the recovery codes that come with it."""
    page.goto(f"{demo.url}/accounts/second-factor/passkey/")
    page.get_by_label("Your password").fill(demo.password)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = re.findall(r"\b\d{8}\b", page.locator("main").inner_text())
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Laptop").first).to_be_visible()
    return codes
