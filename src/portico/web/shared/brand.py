"""How a business presents itself on pages: name, logo, colours, corners and typeface."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.urls import get_script_prefix, get_urlconf

from portico.domain.businesses.models import DEFAULT_ACCENT, Business, Corners, Typeface
from portico.lib.colour import Theme, theme
from portico.web.shared.sites import PORTAL_URLCONF

_RADII = {
    Corners.SQUARE: ("0", "0", "0"),
    Corners.SOFT: ("6px", "8px", "10px"),
    Corners.ROUND: ("10px", "14px", "18px"),
}
# What a policy calls the address that reports go to: the header `Reporting-Endpoints` says which it is.
REPORTS = "portico"
_FAMILIES = {Typeface.FIRAGO: "Portico Sans", Typeface.NOTO: "Portico Noto"}


@dataclass(frozen=True, slots=True)
class Counting:
    """Who counts this page, and what it is called there. `text` asks for consent; empty when nobody is asked."""

    service: str
    site_id: str
    host: str
    text: str
    page: str
    base: str
    portal: str


@dataclass(frozen=True, slots=True)
class OwnScript:
    """The business's own script, and what it is told of the page."""

    url: str
    integrity: str
    page: str
    portal: str
    sees_customer: bool


@dataclass(frozen=True, slots=True)
class Brand:
    """What a layout shows of a business. URLs are empty where there is no picture; `css` sets custom properties.

    `stylesheet_url` and `policy`, a content security policy, are the business's own.
    """

    name: str
    initial: str
    icon: str
    touch_icon: str
    logo_url: str
    logo_dark_url: str
    shows_name: bool
    theme: Theme
    css: str
    needs_fonts: bool
    stylesheet_url: str = ""
    analytics: Counting | None = None
    script: OwnScript | None = None
    policy: Mapping[str, Any] | None = None

    @property
    def image(self) -> str:
        """The URL of the icon, or else the logo, made of pixels as messengers show it; empty without either."""
        url = self.touch_icon or self.logo_url
        return "" if url.startswith("data:") else f"{url}.png" if url.endswith(".svg") else url


@dataclass(frozen=True, slots=True)
class Looks:
    """What a business has chosen; pictures by their URL."""

    accent: str = DEFAULT_ACCENT
    corners: str = Corners.SOFT
    typeface: str = Typeface.SYSTEM
    logo_url: str = ""
    logo_dark_url: str = ""
    icon_url: str = ""
    name_beside_logo: bool = True


def brand_of(business: Business) -> Brand:
    """Return how a business presents itself on the page that is being made."""
    folder = get_script_prefix() if get_urlconf() == PORTAL_URLCONF else f"/portal/{business.slug}/"
    logo, logo_dark, icon = (
        f"{folder}brand/{name}" if name else "" for name in (business.logo, business.logo_dark, business.icon)
    )
    looks = Looks(
        business.accent, business.corners, business.typeface, logo, logo_dark, icon, business.name_beside_logo
    )
    return make_brand(business.name, looks)


@lru_cache(maxsize=1024)
def make_brand(name: str, looks: Looks) -> Brand:
    """Return the brand of a name and looks; an accent that is no `#rrggbb` gives the default one."""
    initial = next((character.upper() for character in name if character.isalnum()), "·")
    colours = theme(looks.accent)
    return Brand(
        name=name,
        initial=initial,
        icon=looks.icon_url or _drawn_icon(initial, colours),
        touch_icon=looks.icon_url,
        logo_url=looks.logo_url,
        logo_dark_url=looks.logo_dark_url,
        shows_name=looks.name_beside_logo or not looks.logo_url,
        theme=colours,
        css=colours.css + _shape(looks),
        needs_fonts=looks.typeface in _FAMILIES,
    )


def _drawn_icon(initial: str, colours: Theme) -> str:
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
        f"<rect width='32' height='32' rx='8' fill='{colours.accent_light}'/>"
        f"<text x='16' y='22' font-family='sans-serif' font-size='18' font-weight='700' text-anchor='middle' "
        f"fill='{colours.on_accent_light}'>{initial}</text></svg>"
    )
    return "data:image/svg+xml," + quote(svg)


def _shape(looks: Looks) -> str:
    """The custom properties of corners and typeface, as far as they differ from the style sheet's own."""
    found = ""
    if looks.corners in _RADII and looks.corners != Corners.SOFT:
        small, middle, large = _RADII[Corners(looks.corners)]
        found += f"--radius-s:{small};--radius-m:{middle};--radius:{large};"
    if looks.typeface in _FAMILIES:
        found += f"--typeface:{_FAMILIES[Typeface(looks.typeface)]};"
    return f":root{{{found}}}" if found else ""
