"""Logos and icons: drawn anew at the size they are shown in."""

import base64
import hashlib
from dataclasses import dataclass
from io import BytesIO

import filetype  # type: ignore[import-untyped]  # published without types
from PIL import Image, ImageOps, UnidentifiedImageError

from portico.domain.branding.errors import PictureRefused
from portico.domain.branding.svg import drawn, safe_svg

MAX_BYTES = 4 * 1024 * 1024
# A logo is shown 30 pixels high and at most 160 wide; screens and paper have up to eight dots for one of them.
_LOGO = (1280, 240)
_ICON = (180, 180)
_MOST_PIXELS = 40_000_000
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept. `drawn` is the PNG of an SVG."""

    name: str
    media_type: str
    content: bytes
    drawn: bytes = b""


def read_logo(content: bytes) -> Picture:
    """Return a logo as it is kept. Raises PictureRefused."""
    return _read(content, _LOGO)


def read_icon(content: bytes) -> Picture:
    """Return an icon as it is kept, squared. Raises PictureRefused."""
    return _read(content, _ICON, square=True)


def as_svg(content: bytes, media_type: str) -> str:
    """Return a kept picture as SVG, pixels wrapped in one."""
    if media_type == "image/svg+xml":
        return content.decode()
    with Image.open(BytesIO(content), formats=["PNG"]) as picture:
        width, height = picture.size
    data = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )


def _read(content: bytes, most: tuple[int, int], *, square: bool = False) -> Picture:
    if not content:
        raise PictureRefused("The file is empty.", code="file_empty")
    if len(content) > MAX_BYTES:
        raise PictureRefused("A picture has at most 4 MB.", code="picture_too_large")
    kind: str | None = filetype.guess_mime(content)
    if kind in _FORMATS:
        png = _redrawn(content, _FORMATS[kind], most, square=square)
        return Picture(_name(png, "png"), "image/png", png)
    if b"<svg" in content[:4096].lower():
        svg = safe_svg(content)
        return Picture(_name(svg, "svg"), "image/svg+xml", svg, drawn(svg))
    raise PictureRefused("A logo is a PNG, JPEG, WebP or SVG.", code="picture_kind")


def _redrawn(content: bytes, kind: str, most: tuple[int, int], *, square: bool) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise PictureRefused("The picture can't be read, or is too large.", code="file_broken")
            made = ImageOps.exif_transpose(picture).convert("RGBA")
            made.thumbnail(most, Image.Resampling.LANCZOS)
            if square:
                made = ImageOps.pad(made, most, color=(0, 0, 0, 0))
            out = BytesIO()
            made.save(out, "PNG", optimize=True)
    except (*_BOMBS, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise PictureRefused("The picture can't be read, or is too large.", code="file_broken") from error
    return out.getvalue()


def _name(content: bytes, ending: str) -> str:
    return f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}"


def text_file(text: str, ending: str, media_type: str) -> Picture:
    """Return a text as it is kept beside the pictures: named by its content."""
    content = text.encode()
    return Picture(_name(content, ending), media_type, content)
