"""The frame around a signed-in customer's pages: whose house it is, who is acting, where one can go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.sign_in.queries.accounts import customers_of_address
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.conversations.queries import conversations
from portico.domain.documents.queries import files
from portico.lib.origins import is_within, read_address
from portico.web.portal.core.memo import remembered
from portico.web.portal.core.urls import page_address, target_url
from portico.web.shared.page import Brand, brand, page


@dataclass(frozen=True, slots=True)
class Place:
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
class Frame:
    """What `layouts/page.html` shows around a page.

    A visit to the whole account has `home_url`, one to a single thing the `opened_url` of that thing.
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
    places: list[Place]
    footer: list[Link]


def brand_of(business: Business) -> Brand:
    """Return how a business presents itself."""
    return brand(business.name, business.accent)


def customer_page(
    request: HttpRequest,
    viewer: CustomerViewer,
    template: str,
    context: Mapping[str, Any],
    *,
    place: str = "",
    status: int = 200,
    part: str = "",
) -> HttpResponse:
    """Answer a signed-in customer with a page of the portal.

    `place` is the URL name of the navigation entry the page belongs to, `part` the block that htmx may ask for alone.
    """
    return page(
        request,
        template,
        {"frame": frame(viewer, place), "acting_for": viewer.customer.public_id, **context},
        house=brand_of(viewer.business),
        language_url=page_address("language"),
        status=status,
        part=part,
    )


def frame(viewer: CustomerViewer, place: str = "") -> Frame:
    """Return the frame for a viewer standing at `place`."""
    business, customer = viewer.business, viewer.customer
    return Frame(
        home_url=page_address("home") if viewer.has_account else "",
        opened_url=target_url(viewer.session.target) if viewer.session.target else "",
        sessions_url=page_address("sessions") if viewer.has_account else "",
        sign_out_url=page_address("sign_out"),
        account_name=customer.name,
        account_email=(viewer.session.email or customer.email) if viewer.has_account else "",
        switch_url=page_address("accounts") if viewer.session.email and _has_others(viewer) else "",
        contact_email=business.email,
        contact_phone=business.phone,
        return_link=_return_link(viewer),
        places=_places(viewer, place),
        footer=_footer(business),
    )


def _return_link(viewer: CustomerViewer) -> Link | None:
    """The way back to the site that this visit came from, as long as the business lists it."""
    url = viewer.session.return_url
    if not url or not is_within(url, viewer.business.return_origins):
        return None
    return Link(read_address(url).host, url)


def _places(viewer: CustomerViewer, place: str) -> list[Place]:
    entries = [("home", _("My Account"), "home")]
    if not viewer.has_account:
        # From a link to one thing, the account is a step away that asks who one is.
        return [Place(label, page_address(name), icon, current=False) for name, label, icon in entries]
    entries.append(("activity", _("Activity"), "list"))
    if viewer.business.show_statements:
        entries.append(("statements", _("Statements"), "statement"))
    if _has_files(viewer):
        entries.append(("documents", _("Documents"), "folder"))
    unread = sum(talks(viewer).values())
    if talks(viewer):
        entries.append(("messages", _("Messages"), "chat"))
    entries.append(("billing_details", _("Billing details"), "card"))
    new = {"messages": unread}
    return [Place(label, page_address(name), icon, name == place, new.get(name, 0)) for name, label, icon in entries]


# An account that the address has gained or lost elsewhere shows when something happens here: the page behind it knows.
@remembered
def _has_others(viewer: CustomerViewer) -> bool:
    return len(customers_of_address(viewer.business, viewer.session.email)) > 1


@remembered
def _has_files(viewer: CustomerViewer) -> bool:
    return files(viewer).exists()


# Whatever is said, seen or resolved moves the customer's revision.
@remembered
def talks(viewer: CustomerViewer) -> dict[UUID | None, bool]:
    """Return the customer's conversations by document, None for the general one: whether there is something unread."""
    return dict(conversations(viewer).values_list("document_id", "unread_by_customer"))


def _footer(business: Business) -> list[Link]:
    links = [Link(_("Terms"), business.terms_url), Link(_("Privacy"), business.privacy_url)]
    return [link for link in links if link.url]
