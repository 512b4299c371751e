"""A drawing is made anew of what is allowed; what could run, load or hide something is refused with its line."""

from io import BytesIO

import pytest
from PIL import Image

from portico.domain.branding.errors import PictureRefused
from portico.domain.branding.pictures import as_svg, read_icon, read_logo
from portico.domain.branding.svg import drawn, safe_svg

_BOX = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"'


def svg(inside: str, box: str = _BOX) -> bytes:
    return f"<svg {box}>{inside}</svg>".encode()


def test_shapes_and_gradients_stay_and_an_editor_s_own_is_dropped() -> None:
    made = safe_svg(
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">'
        + svg(
            "<!-- made by an editor --><metadata><secret/></metadata><title>x</title>"
            '<defs><linearGradient id="g"><stop offset="0" style="stop-color:#fff;-x-y:1"/></linearGradient></defs>'
            '<ink:view xmlns:ink="urn:ink"/><path class="a" data-name="b" d="M0 0h10v10z" fill="url(#g)"/>'
        )
    ).decode()
    assert 'stop-color="#fff"' in made
    assert 'fill="url(#g)"' in made
    for gone in ("DOCTYPE", "metadata", "secret", "title", "ink", "class", "data-name", "-x-y", "<!--"):
        assert gone not in made, gone


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>*{fill:url(http://evil.example)}</style>",
        "<foreignObject><p/></foreignObject>",
        '<image href="https://evil.example/x.png"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<use href="#a"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onload" to="x"/>',
        "<text>Acme</text>",
        '<path d="M0 0" onload="alert(1)"/>',
        '<path d="M0 0" ONCLICK="alert(1)"/>',
        '<path d="M0 0" fill="url(https://evil.example/x)"/>',
        '<path d="M0 0" fill="url( #a )url(//evil)"/>',
        '<path d="M0 0" style="fill:url(//evil.example/x)"/>',
        '<path d="M0 0" style="fill:u\\72l(//evil.example/x)"/>',
        '<path d="M0 0" fill="expression(alert(1));"/>',
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><g xlink:href="#x"/></svg>',
        "<filter><feImage/></filter>",
        "<pattern/>",
        '<clipPath id="a" clip-path="url(#b)"/>',
        '<clipPath id="a"><path d="M0 0" clip-path="url(#b)"/></clipPath>',
        '<clipPath id="a"><g><path d="M0 0" style="clip-path:url(#b)"/></g></clipPath>',
    ],
)
def test_hostile_drawings_are_refused_with_their_line(inside: str) -> None:
    with pytest.raises(PictureRefused, match="Line 2") as refused:
        safe_svg(svg("\n" + inside))
    assert (refused.value.code, refused.value.line) == ("svg_refused", 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg", "svg_broken"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "svg_broken"),
        (b'<!DOCTYPE svg [<!ENTITY a "x">]>' + svg("&a;"), "svg_entities"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("&a;"), "svg_entities"),
        (svg("", 'xmlns="http://www.w3.org/2000/svg"'), "svg_no_size"),
        (svg("<g>" * 30 + "</g>" * 30), "svg_too_large"),
        (svg("<path/>" * 5000), "svg_too_large"),
        (svg("x" * 300_000), "svg_too_large"),
    ],
)
def test_what_is_no_drawing_or_too_much_of_one_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        safe_svg(content)
    assert refused.value.code == code


def test_an_svg_is_drawn_for_mails() -> None:
    png = drawn(safe_svg(svg('<path d="M0 0h10v10H0z" fill="#f00"/>')))
    with Image.open(BytesIO(png)) as picture:
        assert picture.format == "PNG"
        assert picture.height == 240
        assert picture.convert("RGBA").getpixel((120, 120)) == (255, 0, 0, 255)


def test_pixels_are_drawn_anew_in_the_size_they_are_shown_in() -> None:
    big = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (3000, 1000), "navy").save(big, "JPEG", exif=exif)
    logo, icon = read_logo(big.getvalue()), read_icon(big.getvalue())
    assert b"secret" not in logo.content
    for picture, size in ((logo, (720, 240)), (icon, (180, 180))):
        with Image.open(BytesIO(picture.content)) as shown:
            assert (shown.format, shown.size) == ("PNG", size)
    assert as_svg(logo.content, logo.media_type).startswith("<svg ")


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html></html>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n broken"])
def test_other_files_are_no_logo(content: bytes) -> None:
    with pytest.raises(PictureRefused):
        read_logo(content)
