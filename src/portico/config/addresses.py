"""Where an installation is found, as its operator set it: refused in one line where no link could be made of it."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_HOST = re.compile(r"\w(?:[\w.-]{0,251}\w)?")


def is_ip_address(text: str) -> bool:
    """Tell whether a text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def http_address(text: str) -> SplitResult | None:
    """Return an http or https address in parts, or None for what names no host, or a port that can't be."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    good = parts.scheme in {"http", "https"} and _is_host(parts.hostname or "") and port != 0
    return parts if good else None


def base_address(url: str) -> SplitResult:
    """Return `PORTICO_BASE_URL` in parts: http or https, a host and perhaps a port. Raises SystemExit."""
    parts = http_address(url)
    if parts is None:
        raise SystemExit(f"PORTICO_BASE_URL must be an http or https address, not {url!r}.")
    return parts


def portal_domain(value: str) -> str:
    """Return `PORTICO_PORTAL_DOMAIN` in small letters, empty where none is set. Raises SystemExit."""
    domain = value.strip(" .").lower()
    if domain and (not _HOST.fullmatch(domain) or is_ip_address(domain)):
        raise SystemExit(f"PORTICO_PORTAL_DOMAIN must be a domain such as portal.example.com, not {value!r}.")
    return domain


def _is_host(host: str) -> bool:
    return is_ip_address(host) or bool(_HOST.fullmatch(host))
