"""Previews of pictures, drawn anew: what hides behind the pixels, from GPS positions to scripts, stays outside."""

from io import BytesIO
from typing import IO, Any

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 40_000_000
# Twice what the largest place for one shows, for screens with small pixels.
PREVIEW_SIDE = 480
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_OPTIONS: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90, "optimize": True}, "WEBP": {"quality": 90}}
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Unreadable(Exception):
    """No picture, or one with more than `MAX_PIXELS`."""


def draw_preview(content: IO[bytes], media_type: str) -> bytes:
    """Return the picture, of an animation the first, small, in the same format, upright, without metadata.

    Raises Unreadable.
    """
    kind = _FORMATS[media_type]
    content.seek(0)
    try:
        with Image.open(content, formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Unreadable(f"{picture.width} x {picture.height}")
            # All of it is read here: half a picture is none.
            upright = ImageOps.exif_transpose(picture)
            colours = picture.info.get("icc_profile")
            upright.info = {}
            upright.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
            out = BytesIO()
            upright.save(out, kind, icc_profile=colours, **_OPTIONS.get(kind, {}))
    except (*_BOMBS, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable(str(error)) from error
    return out.getvalue()
