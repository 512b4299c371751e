"""Embedding settings: the sites that may show the portal in a frame."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.businesses.models import Business, Membership
from portico.domain.customers.models import Customer

PATH = "/settings/embedding"


def test_sites_are_kept_in_one_spelling_and_every_change_is_in_the_audit_log(owner: Client, shop: Business) -> None:
    assert PATH in owner.get("/settings").content.decode()
    typed = "https://Shop.example:443\r\n\r\n https://shop.example:8443 \r\nhttp://localhost:3000"
    answer = owner.post(PATH, {"embed_origins": typed})
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    shop.refresh_from_db()
    kept = ["http://localhost:3000", "https://shop.example", "https://shop.example:8443"]
    assert shop.embed_origins == kept
    html = owner.get(PATH).content.decode()
    assert "\n".join(kept) in html
    change = Activity.objects.get(verb="settings.changed")
    assert (change.actor_label, change.data["before"]) == ("Olga", {"embed_origins": []})
    log = owner.get("/settings/audit-log").content.decode()
    assert "Sites that may show the portal" in log
    assert "https://shop.example:8443" in log
    assert owner.post(PATH, {"embed_origins": "\n".join(kept)}).status_code == 302
    assert Activity.objects.filter(verb="settings.changed").count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "https://*.shop.example",
        "https://shop.example/account",
        "shop.example",
        "http://shop.example",
        "https://user@shop.example",
        "https://shop.example; script-src *",
        "https://shop.example 'unsafe-inline'",
        "'self'",
        "*",
        "null",
        "https://shop.example:0",
        "\n".join(f"https://shop{n}.example" for n in range(21)),
    ],
)
def test_what_is_no_exact_site_is_refused_and_stays_on_the_page(owner: Client, shop: Business, typed: str) -> None:
    change_embedding(shop, ["https://kept.example"], by=OPERATOR)
    answer = owner.post(PATH, {"embed_origins": typed})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'aria-invalid="true"' in html
    assert typed.partition("\n")[0].replace("'", "&#39;") in html
    shop.refresh_from_db()
    assert shop.embed_origins == ["https://kept.example"]


def test_demonstration_shows_a_shop_s_page_around_the_portal(
    owner: Client, shop: Business, acme: Customer, settings: Settings
) -> None:
    example = f"{PATH}/example"
    assert example not in owner.get(PATH).content.decode()
    assert owner.post(example).status_code == 404
    assert not Grant.objects.exists()
    settings.PORTICO_DEMO = True
    assert example in owner.get(PATH).content.decode()
    assert owner.get(example)["Location"] == PATH
    assert not Grant.objects.exists()
    settings.PORTICO_BASE_URL = "https://testserver"
    page = owner.post(example)
    assert re.search(r"frame-src https://testserver(;|$)", page["Content-Security-Policy"])
    shop.refresh_from_db()
    assert shop.embed_origins == ["https://testserver"]
    url = re.search(r'<portico-portal [^>]*src="https://testserver([^"]+)"', page.content.decode())
    assert url
    framed = Client(headers={"host": "testserver", "sec-fetch-dest": "iframe"})
    assert framed.get(url[1]).status_code == 303
    assert acme.name in framed.get("/portal/nordlicht/").content.decode()


def test_other_staff_change_nothing(owner: Client, shop: Business) -> None:
    Membership.objects.update(role=Membership.Role.MEMBER)
    assert PATH not in owner.get("/settings").content.decode()
    assert owner.post(PATH, {"embed_origins": "https://shop.example"}).status_code == 403
    shop.refresh_from_db()
    assert shop.embed_origins == []
