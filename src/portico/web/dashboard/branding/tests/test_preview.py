"""The preview of a brand: pages, a mail and a PDF with what is typed, and nothing of it kept."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from portico.domain.activity.models import Activity
from portico.domain.branding.actions.change_brand import BRAND, PICTURES
from portico.domain.branding.models import BrandFile
from portico.domain.businesses.models import Business

PATH = "/settings/brand/preview"
TYPED = {"name": "Anders", "accent": "#c01060", "corners": "square", "typeface": "system"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10H0z" fill="#c01060"/></svg>'


@pytest.fixture(autouse=True)
def nothing_is_kept(shop: Business) -> Iterator[None]:
    """Whatever is tried, the brand stays as it was."""
    before = [getattr(shop, name) for name in (*BRAND, *PICTURES)]
    yield
    shop.refresh_from_db()
    assert [getattr(shop, name) for name in (*BRAND, *PICTURES)] == before
    assert not BrandFile.objects.exists()
    assert not Activity.objects.filter(verb="brand.changed").exists()


def shown(client: Client, show: str, **typed: object) -> str:
    answer = client.post(PATH, {**TYPED, "show": show, **typed})
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def pdf_picture(client: Client, **typed: object) -> Image.Image:
    png = shown(client, "pdf", **typed).partition("data:image/png;base64,")[2].partition('"')[0]
    return Image.open(BytesIO(b64decode(png))).convert("RGB")


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("home", "Balance due"),
        ("activity", "INV-0040"),
        ("invoice", "Sample customer"),
        ("pay", "How to pay"),
        ("sign_in", "Send me a link"),
        ("unheard-of", "Balance due"),
    ],
)
def test_pages_show_the_looks_that_are_typed(owner: Client, show: str, said: str) -> None:
    html = shown(owner, show, logo=SimpleUploadedFile("logo.svg", SVG), scheme="dark")
    for part in (said, "Anders", "#c01060", "--radius:0", "color-scheme:dark", "data:image/svg+xml;base64,"):
        assert part in html
    asked = owner.get(PATH, {**TYPED, "show": show}).content.decode()
    assert "Anders" in asked
    assert "color-scheme:light" in asked


def test_a_mail_shows_the_looks_that_are_typed(owner: Client) -> None:
    light = shown(owner, "mail", logo=SimpleUploadedFile("logo.svg", SVG))
    for part in ("INV-2041", "Anders", "#c01060", "data:image/png;base64,", "@media not all {"):
        assert part in light
    assert "cid:" not in light
    assert "@media all {" in shown(owner, "mail", scheme="dark")


def test_a_pdf_shows_the_looks_that_are_typed(owner: Client) -> None:
    plain, with_logo = pdf_picture(owner), pdf_picture(owner, logo=SimpleUploadedFile("logo.svg", SVG))
    assert (plain.width, plain.height) == (1191, 1684)
    accents = [picture.tobytes().count(bytes((192, 16, 96)) * 2) for picture in (plain, with_logo)]
    assert accents[0] > 100
    assert accents[1] > accents[0]


def test_what_is_wrong_shows_as_it_is_kept(owner: Client) -> None:
    broken = SimpleUploadedFile("logo.svg", SVG.replace(b"<path", b"<script/><path"))
    html = shown(owner, "home", accent="red", name="", logo=broken)
    assert "#1f5d4c" in html
    assert "po-logo" not in html


def test_the_first_frame_shows_what_is_kept(owner: Client, shop: Business) -> None:
    assert shop.name in owner.get(PATH).content.decode()
    assert 'formtarget="preview"' in owner.get("/settings/brand").content.decode()


def test_a_stranger_sees_their_own_business(stranger: Client, shop: Business) -> None:
    assert shop.name not in stranger.get(PATH).content.decode()
    assert Client(headers={"host": "testserver"}).post(PATH, TYPED).status_code in {302, 403}
