"""URLs of other sites that a visitor may be sent to: read strictly, so that no browser reads them another way.

Only what RFC 3986 allows stands in them: no blanks, no control characters, no backslashes, no letters beyond ASCII.
Before the path there is a host and perhaps a port, never a user's name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from portico.lib.errors import Invalid

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>(?:[/?][a-z0-9/?#\[\]@!$&'()*+,;=:._~%-]*)?)",
    re.ASCII | re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1"})
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Url:
    """A URL in parts. `origin` is scheme, host and a port that is not the scheme's own; `rest` what follows."""

    origin: str
    host: str
    rest: str


def parse_url(text: str) -> Url:
    """Parse the URL of a page: https, or http on this machine. Raises Invalid."""
    match = _URL.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or ".." in match["host"]:
        raise Invalid("Give a whole address such as https://shop.example.com/account, without a user name.")
    scheme, host = match["scheme"].lower(), match["host"].lower()
    if scheme == "http" and host not in _THIS_MACHINE:
        raise Invalid("Give an address that begins with https://.")
    port = int(match["port"] or _DEFAULT_PORTS[scheme])
    if not 0 < port < 65536:
        raise Invalid("There is no such port.")
    shown = host if port == _DEFAULT_PORTS[scheme] else f"{host}:{port}"
    return Url(f"{scheme}://{shown}", shown, match["rest"])


def parse_origin(text: str) -> str:
    """Parse an exact origin: scheme, host and port, nothing behind them. Raises Invalid."""
    url = parse_url(text)
    if url.rest:
        raise Invalid("Give the beginning only, without a path: https://shop.example.com.")
    return url.origin


def is_within(url: str, origins: Collection[str]) -> bool:
    """Tell whether a URL is of one of these origins exactly. What is no URL is of none."""
    try:
        return parse_url(url).origin in origins
    except Invalid:
        return False
