"""The script: off at first, changed with a second factor alone, held to its checksum, not where somebody signs in."""

import base64
import hashlib
import re

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.web.dashboard.branding.tests.conftest import OWN_HOST, Portal
from portico.web.dashboard.tests.cast import signed_in, staff_of, with_second_factor

PATH = "/settings/brand/script"
CODE = "console.log(window.portico.page)"
GOOD = {"code": CODE, "on": "on"}


def scripts(html: str) -> list[str]:
    return re.findall(r"<script[^>]*brand/[^>]*>", html)


def test_it_runs_on_pages_under_its_checksum(owner: Client, portal: Portal) -> None:
    assert owner.post(PATH, GOOD).status_code == 302
    html, policy = portal.page(portal.invoice)
    (script,) = scripts(html)
    digest = base64.b64encode(hashlib.sha384(CODE.encode()).digest()).decode()
    assert f'integrity="sha384-{digest}"' in script
    assert "nonce=" in script
    assert "'strict-dynamic'" not in policy["script-src"], "it loads other scripts from trusted sites alone"
    assert "page_api" in html
    assert 'data-page="/invoices/:name"' in html
    assert portal.invoice not in script
    source = re.findall(r'src="([^"]+)"', script)[0]
    file = Client(headers={"host": OWN_HOST}).get(source)
    assert (file.content.decode(), file["Content-Type"]) == (CODE, "text/javascript; charset=utf-8")
    change = Activity.objects.get(verb="script.changed")
    assert change.actor_label == "Olga"


def test_it_is_never_where_somebody_signs_in(owner: Client, portal: Portal) -> None:
    owner.post(PATH, GOOD)
    html, policy = portal.page("sign-in")
    assert scripts(html) == []
    assert "page_api" not in html
    assert "'strict-dynamic'" in policy["script-src"]


def test_it_is_never_where_the_dashboard_is(owner: Client, portal: Portal, settings: Settings) -> None:
    """By the base host's path it would run in the origin of the dashboard and of other portals."""
    assert "does not run yet" not in owner.get(PATH).content.decode()
    settings.PORTICO_PORTAL_DOMAIN = ""
    strict = portal.page(portal.invoice, own_host=False)[1]
    answer = owner.post(PATH, GOOD, follow=True)
    assert "Your script does not run yet. It needs a portal address of its own" in answer.content.decode()
    html, policy = portal.page(portal.invoice, own_host=False)
    assert scripts(html) == []
    assert "page_api" not in html
    assert "'strict-dynamic'" in policy["script-src"]
    assert policy.keys() == strict.keys()


@pytest.mark.parametrize("path", ["s/pl_secret123", "signed-out", "pay/back/unknown"])
def test_it_is_never_outside_of_an_account(owner: Client, portal: Portal, path: str) -> None:
    owner.post(PATH, GOOD)
    html, policy = portal.page(path)
    assert scripts(html) == []
    assert "page_api" not in html
    assert "'strict-dynamic'" in policy["script-src"]


def test_it_is_off_until_it_is_switched_on(owner: Client, shop: Business, portal: Portal) -> None:
    owner.post(PATH, {"code": CODE})
    assert scripts(portal.page()[0]) == []
    owner.post(PATH, {"code": "", "on": "on"})
    shop.refresh_from_db()
    assert (shop.script, shop.script_on) == ("", False)


def test_without_a_fresh_second_factor_nothing_changes_and_what_was_typed_stays(shop: Business) -> None:
    olga = staff_of(shop, "olga@nordlicht.example")
    for client in (signed_in(olga), with_second_factor(olga, age=15 * 60)):
        assert "/accounts/confirm/?next=%2Fsettings%2Fbrand%2Fscript&amp;by=factor" in client.get(PATH).content.decode()
        answer = client.post(PATH, GOOD)
        assert answer.status_code == 422
        assert "Confirm with your second factor first" in answer.content.decode()
        assert CODE in answer.content.decode().replace("&#x27;", "'")
    shop.refresh_from_db()
    assert (shop.script, shop.script_on) == ("", False)
    assert not Activity.objects.filter(verb="script.changed").exists()
    assert with_second_factor(olga, age=14 * 60).post(PATH, GOOD).status_code == 302


def test_the_end_of_a_script_element_stays_in_the_file(owner: Client, portal: Portal) -> None:
    owner.post(PATH, GOOD | {"code": "'</script><script>alert(1)</script>'"})
    assert "alert(1)" not in portal.page()[0]
    assert "<script>alert(1)" not in owner.get(PATH).content.decode()


def test_a_script_has_an_end(owner: Client, shop: Business) -> None:
    assert owner.post(PATH, GOOD | {"code": "é" * 60_000}).status_code == 422
    shop.refresh_from_db()
    assert shop.script == ""
