"""What a visitor's browser and address say of them, in short: enough to know one's own devices by."""

import re
from ipaddress import ip_address, ip_network

# The first that fits is it: most browsers also name those they are built like. A library that knows every browser
# there ever was would take more memory than the rest of the page.
_BROWSERS = (
    (re.compile(r"\bEdg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"\b(OPR|OPT|Opera)/"), "Opera"),
    (re.compile(r"\bSamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"\bVivaldi/"), "Vivaldi"),
    (re.compile(r"\b(DuckDuckGo|Ddg)/"), "DuckDuckGo"),
    (re.compile(r"\b(Firefox|FxiOS)/"), "Firefox"),
    (re.compile(r"\b(Chrome|CriOS|HeadlessChrome|Chromium)/"), "Chrome"),
    (re.compile(r"\bVersion/[\d.]+.* Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"\biPhone\b"), "iPhone"),
    (re.compile(r"\biPad\b"), "iPad"),
    (re.compile(r"\bAndroid\b"), "Android"),
    (re.compile(r"\bCrOS\b"), "ChromeOS"),
    (re.compile(r"\bWindows\b"), "Windows"),
    (re.compile(r"\b(Macintosh|Mac OS X)\b"), "macOS"),
    (re.compile(r"\bLinux\b"), "Linux"),
)


def device(user_agent: str) -> tuple[str, str]:
    """Return the browser and the system that a `User-Agent` stands for; empty what it doesn't tell."""
    browser = next((name for pattern, name in _BROWSERS if pattern.search(user_agent)), "")
    system = next((name for pattern, name in _SYSTEMS if pattern.search(user_agent)), "")
    return browser, system


def network(ip: str | None) -> str:
    """Return the part of an address that one's network is known by: `203.0.113.*`, `2001:db8:1:*`."""
    if not ip:
        return ""
    address = ip_address(ip)
    if address.version == 4:
        return ".".join([*str(address).split(".")[:3], "*"])
    return ":".join([*(f"{int(group, 16):x}" for group in address.exploded.split(":")[:3]), "*"])


def subnet_of(ip: str | None) -> str:
    """Return the subnet that a visitor is counted as: an IPv4 address itself, of IPv6 the /64."""
    if not ip:
        return ""
    address = ip_address(ip)
    return str(address) if address.version == 4 else str(ip_network(f"{ip}/64", strict=False))
