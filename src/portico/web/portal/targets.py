"""Where a form may send its reader next: to pages of this portal, and nowhere else."""

from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve, reverse


def page_of_this_portal(wish: str) -> str:
    """Return `wish` when it is the path of a page of this portal, with its query; its home otherwise."""
    home = reverse("home")
    try:
        parts = urlsplit(wish)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return home
    if parts.scheme or parts.netloc or not path.startswith(home) or "\\" in path or not wish.isprintable():
        return home
    try:
        resolve("/" + path.removeprefix(home))
    except Resolver404:
        return home
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
