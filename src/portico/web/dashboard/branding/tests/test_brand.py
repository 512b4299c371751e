"""The brand: kept when all of it is valid, shown everywhere, and taken back."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from portico.domain.activity.models import Activity
from portico.domain.branding.models import BrandFile
from portico.domain.businesses.models import Business

PATH = "/settings/brand"
GOOD = {"name": "Nordlicht Studio", "accent": "#0F5F87", "corners": "round", "typeface": "firago"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10H0z" fill="#0f5f87"/></svg>'


def upload(content: bytes = SVG, name: str = "logo.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def portal(path: str = "sign-in") -> str:
    return Client(headers={"host": "testserver"}).get(f"/portal/nordlicht/{path}").content.decode()


def test_a_brand_is_kept_and_shows_in_the_portal(owner: Client, shop: Business) -> None:
    answer = owner.post(PATH, GOOD | {"logo": upload(), "icon": upload()})
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    shop.refresh_from_db()
    assert (shop.name, shop.accent, shop.corners, shop.typeface) == ("Nordlicht Studio", "#0f5f87", "round", "firago")
    assert shop.logo.endswith(".svg")
    html = portal()
    assert f'src="/portal/nordlicht/brand/{shop.logo}"' in html
    assert f'<link rel="icon" href="/portal/nordlicht/brand/{shop.icon}">' in html
    assert '<meta name="theme-color" content="#0f5f87"' in html
    assert "--radius:18px" in html
    assert "--typeface:Portico Sans" in html
    assert "portico/fonts" in html
    change = Activity.objects.get(verb="brand.changed")
    assert change.actor_label == "Olga"
    assert change.data["before"]["accent"] == "#1f5d4c"
    shown = owner.get(PATH).content.decode()
    assert "The brand is saved" in shown
    assert "so that it can be seen" in shown


def test_files_may_be_kept_for_ever_and_run_nothing(owner: Client, shop: Business) -> None:
    owner.post(PATH, GOOD | {"logo": upload()})
    shop.refresh_from_db()
    visitor = Client(headers={"host": "testserver"})
    file = visitor.get(f"/portal/nordlicht/brand/{shop.logo}")
    assert (file.status_code, file["Content-Type"]) == (200, "image/svg+xml")
    assert file["Cache-Control"] == "public, max-age=31536000, immutable"
    assert file["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert "Set-Cookie" not in file
    assert visitor.get("/portal/nordlicht/brand/other.svg").status_code == 404
    assert visitor.post(f"/portal/nordlicht/brand/{shop.logo}").status_code == 405


def test_another_business_s_files_are_not_found(owner: Client, shop: Business, stranger: Client) -> None:
    owner.post(PATH, GOOD | {"logo": upload()})
    shop.refresh_from_db()
    assert stranger.get(f"/portal/fremd/brand/{shop.logo}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("accent", "red", "Enter a colour such as #1f5d4c."),
        ("accent", "#fff;}", "Enter a colour such as #1f5d4c."),
        ("name", "", "Please fill this in."),
        ("corners", "wavy", "Choose one of the entries offered."),
        ("typeface", "comic", "Choose one of the entries offered."),
        ("logo", upload(SVG.replace(b"<path", b"<script/><path")), "&lt;script&gt; is not allowed in a logo"),
        ("logo", upload(b"GIF89a", "x.svg"), "A logo is a PNG, JPEG, WebP or SVG."),
        ("icon", upload(b"\x89PNG\r\n\x1a\nx", "x.png"), "The picture can’t be read".replace("’", "&#39;")),
    ],
)
def test_what_is_wrong_is_refused_and_the_rest_stays_typed(
    owner: Client, shop: Business, field: str, value: object, said: str
) -> None:
    answer = owner.post(PATH, GOOD | {field: value})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert field == "name" or 'value="Nordlicht Studio"' in html
    before = shop.name
    shop.refresh_from_db()
    assert (shop.name, shop.accent, shop.logo) == (before, "#1f5d4c", "")
    assert not BrandFile.objects.exists()
    assert not Activity.objects.filter(verb="brand.changed").exists()


def test_changes_are_undone_one_by_one_and_all_at_once(owner: Client, shop: Business) -> None:
    owner.post(PATH, GOOD | {"logo": upload()})
    owner.post(PATH, GOOD | {"accent": "#aa0000", "remove_logo": "on"})
    newest, oldest = (f"act_{row}" for row in owner.get(PATH).content.decode().split('name="change" value="act_')[1:3])
    shop.refresh_from_db()
    assert (shop.accent, shop.logo) == ("#aa0000", "")
    owner.post(f"{PATH}/restore", {"change": newest.partition('"')[0]})
    shop.refresh_from_db()
    assert shop.accent == "#0f5f87"
    assert shop.logo
    owner.post(f"{PATH}/restore", {"change": oldest.partition('"')[0]})
    shop.refresh_from_db()
    assert (shop.accent, shop.logo, shop.corners) == ("#1f5d4c", "", "soft")
    assert Activity.objects.filter(verb="brand.changed").count() == 4


def test_saving_what_is_there_is_no_event(owner: Client, shop: Business) -> None:
    for _ in range(2):
        owner.post(PATH, GOOD)
    assert Activity.objects.filter(verb="brand.changed").count() == 1


def test_a_stranger_restores_nothing_here(owner: Client, shop: Business, stranger: Client) -> None:
    owner.post(PATH, GOOD)
    change = Activity.objects.get(verb="brand.changed")
    from_page = owner.get(PATH).content.decode().partition('name="change" value="')[2].partition('"')[0]
    assert stranger.post(f"{PATH}/restore", {"change": from_page}).status_code == 404
    shop.refresh_from_db()
    assert shop.accent == "#0f5f87"
    assert Activity.objects.filter(verb="brand.changed").get() == change


def test_a_picture_of_pixels_is_drawn_anew(owner: Client, shop: Business) -> None:
    png = BytesIO()
    Image.new("RGBA", (2000, 500), (10, 20, 30, 255)).save(png, "PNG")
    owner.post(PATH, GOOD | {"logo": upload(png.getvalue(), "logo.png"), "logo_dark": upload()})
    shop.refresh_from_db()
    file = Client(headers={"host": "testserver"}).get(f"/portal/nordlicht/brand/{shop.logo}")
    with Image.open(BytesIO(file.content)) as picture:
        assert picture.size == (960, 240)
    assert f'srcset="/portal/nordlicht/brand/{shop.logo_dark}"' in portal()
