"""Where a form or a link may send its reader: to pages of this portal, and nowhere else."""

from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve, reverse

from portico.domain.access.links.pages import CONVERSATION, PAGES
from portico.domain.documents.models import Kind
from portico.lib.ids import Ref
from portico.web.portal.core.kinds import PAYMENT, SLUGS
from portico.web.portal.core.urls import item_url, page_url, target_url

_HOME = "my_account"

# Where each page leads that a link may name: the URL name, what fills it in, and the query.
_PAGES = {
    "my_account": ("home", "", ""),
    "invoices": ("activity_of_kind", SLUGS[Kind.INVOICE], ""),
    "estimates": ("activity_of_kind", SLUGS[Kind.ESTIMATE], ""),
    "credit_notes": ("activity_of_kind", SLUGS[Kind.CREDIT_NOTE], ""),
    "payments": ("activity_of_kind", SLUGS[PAYMENT], ""),
    "balance_forward_statement": ("statements", "", "?type=balance_forward"),
    "open_item_statement": ("statements", "", "?type=open_item"),
    "pay": ("pay", "", ""),
    "add_payment_method": ("add_payment_method", "", ""),
    "update_billing_info": ("billing_details", "", ""),
}

# Never a place to continue at: public pages, form targets, and files, which would leave the browser on a sign-in page.
_NO_PAGES = {"s", "sign-in", "sign-out", "signed-out", "language", "files"}
_LONGEST = 500


def page_of_this_portal(next_url: str) -> str:
    """Return `next_url` when it is the path of a page of this portal, with its query; its home otherwise."""
    home = reverse("home")
    try:
        parts = urlsplit(next_url)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return home
    if parts.scheme or parts.netloc or not path.startswith(home) or "\\" in path or not next_url.isprintable():
        return home
    try:
        resolve("/" + path.removeprefix(home))
    except Resolver404:
        return home
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def next_path(next_url: str) -> str:
    """Return where signing in continues for the requested path `next_url`: a path below the portal's home.

    Instead of a file it is the page that offers it; what is no page, and what leads out of this portal, is home.
    """
    path, mark, query = page_of_this_portal(next_url).removeprefix(reverse("home")).partition("?")
    path = path.removesuffix(".pdf").removesuffix(".csv").removesuffix(".xlsx").removesuffix(".zip")
    target = f"{path}{mark}{query}"
    return "" if path.partition("/")[0] in _NO_PAGES or len(target) > _LONGEST else target


def landing_url(target: Ref | None, page: str) -> str:
    """Return the path a link leads to: the one thing it opens, else the page it names, else My Account."""
    if target is not None:
        return target_url(target) + (f"#{CONVERSATION}" if page == CONVERSATION else "")
    name, argument, query = _PAGES[page if page in PAGES else _HOME]
    return (item_url(name, argument) if argument else page_url(name)) + query


def page_at(path: str) -> str:
    """Return the name a link gives the page at this path of the portal, with its query; My Account's for others."""
    return next((page for page in PAGES if landing_url(None, page) == path), _HOME)
