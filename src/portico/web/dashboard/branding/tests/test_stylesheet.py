"""The style sheet: taken when it loads nothing from elsewhere, shown on the portal's pages, and switched off."""

import re

import pytest
from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business

PATH = "/settings/brand/css"
CSS = ".po-btn { border-radius: 99px }"


def portal(path: str, client: Client | None = None) -> str:
    client = client or Client(headers={"host": "testserver"})
    return client.get(f"/portal/nordlicht/{path}").content.decode()


def linked(html: str) -> list[str]:
    return re.findall(r'href="(/portal/nordlicht/brand/[^"]+\.css)"', html)


def test_it_comes_last_on_pages_and_not_where_somebody_signs_in(owner: Client, shop: Business) -> None:
    assert owner.post(PATH, {"css": CSS, "on": "on"}).status_code == 302
    (url,) = linked(portal("s/pl_unknown"))
    head = portal("s/pl_unknown").partition("</head>")[0]
    assert head.rindex("<link") == head.index(f'<link rel="stylesheet" href="{url}">')
    assert linked(portal("sign-in")) == []
    file = Client(headers={"host": "testserver"}).get(url)
    assert (file.content.decode(), file["Content-Type"]) == (CSS, "text/css; charset=utf-8")
    assert file["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Activity.objects.get(verb="stylesheet.changed").actor_label == "Olga"
    assert CSS in owner.get(PATH).content.decode()


def test_it_is_on_closed_pages_and_notices_too(owner: Client, shop: Business) -> None:
    """A style sheet that one layout forgets looks broken to the customers who come there."""
    owner.post(PATH, {"css": CSS, "on": "on"})
    frame = Client(headers={"host": "testserver", "sec-fetch-dest": "iframe"})
    for path in (
        "s/pl_unknown",
        "signed-out",
        "pay/back/unknown",
        "unsubscribe/unknown",
        "login/eyJhbGciOiJIUzI1NiJ9.e.x",
    ):
        assert len(linked(portal(path))) == 1, path
    assert len(linked(portal("activity", frame))) == 1, "signed out in a frame"
    change_portal_settings(shop, {"portal_enabled": False}, by=OPERATOR)
    for path in ("", "activity", "sign-in", "s/pl_unknown", "signed-out", "unsubscribe/unknown"):
        html = portal(path)
        assert "Portal not available" in html, path
        assert len(linked(html)) == 1, path


def test_it_is_left_out_of_a_page_or_of_all(owner: Client, shop: Business) -> None:
    owner.post(PATH, {"css": CSS, "on": "on"})
    assert linked(portal("s/pl_unknown?css=off")) == []
    assert linked(portal("s/pl_unknown")) != []
    owner.post(PATH, {"css": CSS})
    assert linked(portal("s/pl_unknown")) == []
    assert CSS in owner.get(PATH).content.decode(), "it waits"


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("a{}\n@import 'https://evil.example/a.css';", "Line 2: @import loads from a site"),
        ("a{background:url(https://evil.example/x)}", "Line 1: url(https://evil.example/x) loads from a site"),
        ("a{}\n\n}", "Line 3 can&#39;t be read as CSS."),
        ("a{}" * 34_000, "100"),
    ],
)
def test_what_is_refused_changes_nothing_and_stays_typed(owner: Client, shop: Business, css: str, said: str) -> None:
    answer = owner.post(PATH, {"css": css, "on": "on"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert "a{" in html
    shop.refresh_from_db()
    assert shop.stylesheet == ""
    assert not Activity.objects.filter(verb="stylesheet.changed").exists()


def test_a_hostile_end_of_a_style_element_stays_in_the_file(owner: Client, shop: Business) -> None:
    css = '.a::before{content:"</style><script>alert(1)</script>"}'
    owner.post(PATH, {"css": css, "on": "on"})
    assert "<script>alert" not in portal("s/pl_unknown")
    assert "<script>alert" not in owner.get(PATH).content.decode()
