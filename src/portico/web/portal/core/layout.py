"""The layout of a signed-in customer's pages: brand, account, navigation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.sign_in.queries.accounts import accounts_of_email
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.conversations.queries import conversations
from portico.lib.origins import is_within, parse_url
from portico.web.portal.core.existing import existing
from portico.web.portal.core.own_code import customized
from portico.web.portal.core.urls import page_url, target_url
from portico.web.shared.brand import brand_of
from portico.web.shared.frames import frame_of
from portico.web.shared.memo import memoized
from portico.web.shared.page import page


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation; `new` says how much there waits to be read."""

    label: str
    url: str
    icon: str
    current: bool
    new: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What `layouts/page.html` shows around a page.

    A session to the whole account has `home_url`, one to a single thing the `opened_url` of that thing.
    """

    home_url: str
    opened_url: str
    sessions_url: str
    sign_out_url: str
    account_name: str
    account_email: str
    switch_url: str
    contact_email: str
    contact_phone: str
    return_link: Link | None
    nav_items: list[NavItem]
    footer: list[Link]


# Where somebody signs in, proves who they are, pays or agrees to pay, nothing of the business's own runs or hides
# anything.
_GUARDED = (
    "portal/login/",
    "portal/step_up",
    "portal/pay/",
    "portal/payment_methods/",
    "portal/payment_plans/",
    "portal/profile/change_email",
    "portal/profile/email_",
)


def customer_page(
    request: HttpRequest,
    viewer: CustomerViewer,
    template: str,
    context: Mapping[str, Any],
    *,
    nav: str = "",
    status: int = 200,
    part: str = "",
    guarded: bool = False,
) -> HttpResponse:
    """Answer a signed-in customer with a page of the portal.

    `nav` is the URL name of the navigation entry the page belongs to, `part` the block that htmx may ask for alone.
    On a `guarded` page nothing of the business's own runs or hides anything.
    """
    business = viewer.business
    guarded = guarded or template.startswith(_GUARDED)
    values: dict[str, Any] = {"layout": layout(viewer, nav), "acting_for": viewer.customer.public_id, **context}
    if frame := frame_of(viewer):
        # A frame has one cookie, and none for the tokens of forms: see `frames.is_own_form`.
        values |= {"frame": frame, "csrf_token": "", "csrf_input": ""}
    return page(
        request,
        template,
        values,
        brand=brand_of(business) if guarded else customized(request, business),
        language_url=page_url("language"),
        status=status,
        part=part,
    )


def layout(viewer: CustomerViewer, nav: str = "") -> Layout:
    """Return the layout of a page, with the navigation entry `nav` as the current one."""
    business, customer = viewer.business, viewer.customer
    return Layout(
        home_url=page_url("home") if viewer.has_account else "",
        opened_url=target_url(viewer.session.target) if viewer.session.target else "",
        sessions_url=page_url("sessions") if viewer.has_account else "",
        sign_out_url=page_url("sign_out"),
        account_name=customer.name,
        account_email=(viewer.session.email or customer.email) if viewer.has_account else "",
        switch_url=page_url("accounts") if viewer.session.email and _has_others(viewer) else "",
        contact_email=business.email,
        contact_phone=business.phone,
        return_link=_return_link(viewer),
        nav_items=_nav_items(viewer, nav),
        footer=_footer(business),
    )


def _return_link(viewer: CustomerViewer) -> Link | None:
    """The way back to the site that this session came from, as long as the business lists it."""
    url = viewer.session.return_url
    if not url or not is_within(url, viewer.business.return_origins):
        return None
    return Link(parse_url(url).host, url)


def _nav_items(viewer: CustomerViewer, nav: str) -> list[NavItem]:
    entries = [("home", _("My Account"), "home")]
    if not viewer.has_account:
        # From a link to one thing, the account is a step away that asks who one is.
        return [NavItem(label, page_url(name), icon, current=False) for name, label, icon in entries]
    entries.append(("activity", _("Activity"), "list"))
    if viewer.business.show_statements:
        entries.append(("statements", _("Statements"), "statement"))
    if existing(viewer).files:
        entries.append(("documents", _("Documents"), "folder"))
    unread = sum(threads(viewer).values())
    if threads(viewer):
        entries.append(("messages", _("Messages"), "chat"))
    entries.append(("billing_details", _("Billing details"), "card"))
    new = {"messages": unread}
    return [NavItem(label, page_url(name), icon, name == nav, new.get(name, 0)) for name, label, icon in entries]


# An account that the address has gained or lost elsewhere shows when something happens here: the page behind it knows.
@memoized
def _has_others(viewer: CustomerViewer) -> bool:
    return len(accounts_of_email(viewer.business, viewer.session.email)) > 1


# Whatever is said, seen or resolved moves the customer's revision.
@memoized
def threads(viewer: CustomerViewer) -> dict[UUID | None, bool]:
    """Return the customer's conversations by document, None for the general one: whether there is something unread."""
    if not existing(viewer).conversations:
        return {}
    return dict(conversations(viewer).values_list("document_id", "unread_by_customer"))


def _footer(business: Business) -> list[Link]:
    links = [Link(_("Terms"), business.terms_url), Link(_("Privacy"), business.privacy_url)]
    return [link for link in links if link.url]
