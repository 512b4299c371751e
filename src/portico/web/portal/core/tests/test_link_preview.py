"""What a messenger shows of a link that is sent on: whose portal it is, and nothing of the customer."""

import re
from datetime import timedelta

import jwt
import pytest
from django.test import Client

from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.branding.actions.change_brand import change_brand
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document
from portico.lib.clock import now
from portico.web.portal.conftest import Visitor, days_ago

HOME = "/portal/nordlicht/"
WHATSAPP = "WhatsApp/2.23.20.0 A"
MESSENGERS = [
    WHATSAPP,
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 "
    "Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z" fill="#0f5f87"/></svg>'


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 198016, days_ago(39), due_on=days_ago(8), number="INV-2041")


@pytest.fixture
def link(acme: Customer) -> tuple[Grant, str]:
    return regenerate_portal_link(acme, by=OPERATOR)


def program(user_agent: str = WHATSAPP) -> Client:
    return Client(headers={"host": "testserver", "user-agent": user_agent})


def meta(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', html))


@pytest.mark.parametrize("user_agent", MESSENGERS)
def test_a_messenger_s_program_opens_no_link(
    acme: Customer, link: tuple[Grant, str], invoice: Document, user_agent: str
) -> None:
    before = Activity.objects.count()
    for method in ("get", "head"):
        response = getattr(program(user_agent), method)(f"{HOME}s/{link[1]}")
        assert response.status_code == 200
        assert not response.cookies
    assert meta(html := program(user_agent).get(f"{HOME}s/{link[1]}").content.decode()) == {
        "title": "Nordlicht Studio",
        "type": "website",
    }
    for secret in (acme.name, link[1], invoice.number, "€", "<form"):
        assert secret not in html
    link[0].refresh_from_db()
    assert (link[0].use_count, link[0].last_used_at) == (0, None)
    assert not PortalSession.objects.exists()
    assert Activity.objects.count() == before


def test_every_page_previews_alike(business: Business, acme: Customer, invoice: Document) -> None:
    _key, secret = create_magic_key(business, by=OPERATOR)
    claims = {"sub": str(acme.id), "exp": now() + timedelta(minutes=5), "jti": "once"}
    signed = jwt.encode(claims, secret, algorithm="HS256")
    before = Activity.objects.count()
    paths = [
        "",
        "activity",
        f"invoices/{invoice.public_id}",
        "s/pl_nobodys",
        f"login/{signed}",
        "login/x",
        "sign-in",
        "pay",
    ]
    pages = set()
    for path in paths:
        response = program().get(HOME + path)
        assert response.status_code == 200, path
        pages.add(re.sub(r'nonce="[^"]*"', "", response.content.decode()))
    assert len(pages) == 1
    assert Activity.objects.count() == before


def test_the_icon_is_shown_in_pixels(business: Business) -> None:
    change_brand(business, {}, {"logo": SVG}, by=OPERATOR)
    logo = meta(program().get(HOME).content.decode())["image"]
    assert re.fullmatch(r"http://testserver/portal/nordlicht/brand/[0-9a-f]{32}\.svg\.png", logo)
    change_brand(business, {}, {"icon": SVG.replace(b"0f5f87", b"aa0000")}, by=OPERATOR)
    icon = meta(program().get(HOME).content.decode())["image"]
    assert icon != logo
    for url in (logo, icon):
        file = program().get(url.removeprefix("http://testserver"))
        assert (file["Content-Type"], file.content[:4]) == ("image/png", b"\x89PNG")
    assert program().get(f"{HOME}brand/unheard-of.svg.png").status_code == 404


@pytest.mark.parametrize(
    "user_agent", ["Telegram-Android/11.0", "Slack_SSB/4.40", "Line/14.1", "FBAN/FBIOS", "Firefox"]
)
def test_people_are_let_in(link: tuple[Grant, str], user_agent: str) -> None:
    assert program(user_agent).get(f"{HOME}s/{link[1]}").status_code == 303
    link[0].refresh_from_db()
    assert link[0].use_count == 1


def test_a_page_that_is_read_previews_as_the_business(visitor: Visitor, acme: Customer) -> None:
    html = visitor.page("home")
    assert meta(html) == {"title": "Nordlicht Studio", "type": "website"}
    assert "og:url" not in html
    assert '<meta name="description" content="Nordlicht Studio">' in html


@pytest.mark.usefixtures("business")
def test_forms_and_unknown_portals_are_no_preview() -> None:
    assert program().post(f"{HOME}sign-in", {"email": "a@example.com"}).status_code == 303
    assert program().get("/portal/unheard-of/").status_code == 404
