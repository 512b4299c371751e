"""Every address of the product, as Django's resolvers know it."""

from collections.abc import Iterator
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

PORTAL = "portico.web.portal.urls"
BASE = "portico.config.urls"


def routes(urlconf: str) -> list[str]:
    """Return each route once, as it is written in the URLconf: `invoices/<str:name>.pdf`."""
    return list(dict.fromkeys(_routes(get_resolver(urlconf), "")))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


def filled(route: str, values: dict[str, str]) -> str:
    """Return the path of a route with its parameters filled in."""
    path = route
    for name, value in values.items():
        for converter in ("str", "path", "slug"):
            path = path.replace(f"<{converter}:{name}>", quote(value, safe="/" if converter == "path" else ""))
    assert "<" not in path, f"{route} has a parameter without a value"
    return path
