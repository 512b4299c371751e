"""Staff add a passkey, sign in with it alone and after the password, and with a recovery code when it is away."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo
from tests.journeys.passkeys import add_passkey, give_authenticator
from tests.journeys.test_staff import sign_in
from tests.plugins.browser import Axe, NewPage

pytestmark = pytest.mark.xdist_group("demo")


def sign_out(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def type_password(page: Page, demo: Demo) -> None:
    page.get_by_label("E-mail").fill(demo.staff)
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.both_databases
def test_passkey_and_recovery_code(demo: Demo, page: Page, new_page: NewPage, axe: Axe) -> None:
    sign_in(page, demo)
    give_authenticator(page)
    page.goto(f"{demo.url}/accounts/second-factor/")
    axe(page)
    page.get_by_role("link", name="Set up an app").click()
    axe(page)
    try:
        codes = add_passkey(page, demo)
        assert len(codes) == 10
        axe(page)
        sign_out(page, demo)
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("navigation").first).to_be_visible()
        sign_out(page, demo)
        type_password(page, demo)
        expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("navigation").first).to_be_visible()
        # Somewhere else, without the passkey.
        other = new_page()
        other.goto(demo.url)
        type_password(other, demo)
        other.get_by_label("Code").fill(codes[0])
        other.get_by_role("button", name="Sign in", exact=True).click()
        expect(other.get_by_role("navigation").first).to_be_visible()
    finally:
        demo.command("staff", "reset-mfa", demo.staff)
