"""A business's colour made readable: contrast by WCAG 2.2, in light and in dark.

Source of the formulas: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance and #dfn-contrast-ratio.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

DEFAULT_ACCENT = "#1f5d4c"

# The backgrounds a colour has to stand out from; the same values as --paper in portico.css.
_PAPER_LIGHT = "#fbfaf8"
_PAPER_DARK = "#131312"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_DISCERNIBLE = 3.0

type _Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Theme:
    """The accent for light and dark pages as `#rrggbb`: as a fill, the text upon it, and as a thin line or sign."""

    accent_light: str
    on_accent_light: str
    line_light: str
    accent_dark: str
    on_accent_dark: str
    line_dark: str

    @property
    def css(self) -> str:
        """The custom properties, ready for a style element; built of hexadecimal colours only."""
        return (
            f":root{{--accent:light-dark({self.accent_light},{self.accent_dark});"
            f"--on-accent:light-dark({self.on_accent_light},{self.on_accent_dark});"
            f"--accent-line:light-dark({self.line_light},{self.line_dark})}}"
        )


@lru_cache(maxsize=1024)
def theme(accent: str) -> Theme:
    """Return the theme of an accent `#rrggbb`; anything else gives the default.

    On light pages a fill is the accent itself. Lines, signs and everything on dark pages are moved no further than a
    contrast of 3 with the page needs. The text on a fill has at least 4.5.
    """
    fill = accent if _HEX.fullmatch(accent) else DEFAULT_ACCENT
    line_light = _towards(fill, "#000000", _PAPER_LIGHT)
    dark = _towards(fill, "#ffffff", _PAPER_DARK)
    return Theme(fill, _text_on(fill), line_light, dark, _text_on(dark), dark)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _towards(colour: str, target: str, background: str) -> str:
    for step in range(101):
        candidate = _mix(colour, target, step / 100)
        if contrast(candidate, background) >= _DISCERNIBLE:
            return candidate
    return target


def _text_on(colour: str) -> str:
    return max(("#ffffff", "#000000"), key=lambda text: contrast(text, colour))


def _mix(first: str, second: str, share: float) -> str:
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return "#" + "".join(f"{round((a + (b - a) * share) * 255):02x}" for a, b in pairs)


def _rgb(colour: str) -> _Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
