"""URLs of the portal's pages, made once and then only filled in: a list of 25 rows needs some sixty of them."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

from portico.lib.ids import Ref

# A customer's statement of account as the one thing a link opens; its key is the customer's.
STATEMENT = "statement"

# Stands for the part that differs; it needs no quoting and is in no URL of ours.
_HOLE = "0hole0"


def page_url(name: str) -> str:
    """Return the URL of a page that is there once."""
    return _plain(get_script_prefix(), name)


def item_url(name: str, key: str) -> str:
    """Return the URL of the page of `key`: a public id or a slug, which need no quoting."""
    before, after = _around(get_script_prefix(), name)
    return f"{before}{key}{after}"


def target_url(target: Ref) -> str:
    """Return the page of the one thing that a link opens."""
    return page_url("statements") if target.kind == STATEMENT else item_url(target.kind, target.public_id)


@lru_cache(maxsize=4096)
def _plain(prefix: str, name: str) -> str:
    """`prefix` is where this portal is mounted: what `reverse` answers depends on it."""
    return reverse(name)


@lru_cache(maxsize=4096)
def _around(prefix: str, name: str) -> tuple[str, str]:
    before, _hole, after = reverse(name, args=[_HOLE]).partition(_HOLE)
    return before, after
