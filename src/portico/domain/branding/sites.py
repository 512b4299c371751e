"""Sites that a portal's pages may load from: a scheme and a host, exactly or with its subdomains, for named uses."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from portico.domain.branding.errors import SiteRefused

MOST_SITES = 40


class Use(StrEnum):
    """What is loaded from a site."""

    SCRIPT = "script"
    STYLE = "style"
    IMAGE = "image"
    FONT = "font"
    CONNECT = "connect"
    FRAME = "frame"
    MEDIA = "media"


DIRECTIVES = {
    Use.SCRIPT: "script-src",
    Use.STYLE: "style-src",
    Use.IMAGE: "img-src",
    Use.FONT: "font-src",
    Use.CONNECT: "connect-src",
    Use.FRAME: "frame-src",
    Use.MEDIA: "media-src",
}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE = re.compile(rf"https://(\*\.)?((?:{_LABEL}\.)+{_LABEL})(?::([0-9]{{1,5}}))?", re.ASCII)


def parse_site(text: str) -> str:
    """Return a site in the one way it is written: `https://cdn.example.com` or `https://*.example.com`.

    A policy is made of it, so nothing but a host can stand in it. Raises SiteRefused.
    """
    site = text.strip().removesuffix("/").lower()
    everything = re.fullmatch(r"(?:https?:)?(?://)?(?:\*(?:\.[^.]*)?)?", site)
    if everything and site:
        raise SiteRefused("A site is one host, not all of them.", code="site_everything")
    if site.startswith(("data:", "blob:", "http:", "ws:", "javascript:", "filesystem:")):
        raise SiteRefused("A site begins with https://.", code="site_scheme")
    if _is_ip(site):
        raise SiteRefused("A site is named by its host, not by an IP address.", code="site_ip")
    match = _SITE.fullmatch(site)
    if match is None or len(site) > 200:
        raise SiteRefused("A site is https:// and a host, without a path.", code="site_unreadable")
    port = int(match[3] or 443)
    if not 0 < port < 65536:
        raise SiteRefused("There is no such port.", code="site_unreadable")
    shown = "" if port == 443 else f":{port}"
    return f"https://{match[1] or ''}{match[2]}{shown}"


def covers(sites: Iterable[str], url: str) -> bool:
    """Tell whether a URL is at one of these sites."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or 443
    except ValueError:
        return False
    # Browsers read a backslash as a slash, which ends the host earlier than it does here.
    if parts.scheme.lower() != "https" or parts.username is not None or "\\" in url:
        return False
    for site in sites:
        wanted, _, wanted_port = site.removeprefix("https://").partition(":")
        if port == int(wanted_port or 443) and (
            host == wanted or (wanted.startswith("*.") and host.endswith(wanted[1:]))
        ):
            return True
    return False


def policy_with(base: Mapping[str, list[str]], sites: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return a policy widened by these sites, by use.

    Where scripts of other sites are named, only those load: a browser heeds no names beside `strict-dynamic`.
    """
    policy = {name: list(sources) for name, sources in base.items()}
    for use, directive in DIRECTIVES.items():
        if wanted := list(sites.get(use, ())):
            policy[directive] = list(dict.fromkeys([*policy.get(directive, []), *wanted]))
    return policy


def _is_ip(site: str) -> bool:
    host = site.partition("://")[2] or site
    host = host.partition("/")[0]
    bare = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        # Browsers read 127.1, 0x7f.1 and 2130706433 as addresses, too.
        return bool(re.fullmatch(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*", bare))
    return True
