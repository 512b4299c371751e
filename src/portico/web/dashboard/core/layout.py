"""The layout of a staff page: business, user, navigation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.viewer import StaffViewer
from portico.lib.errors import PorticoError
from portico.output.mail.queries import mail_server, waiting
from portico.web.dashboard.core.gate import has_several
from portico.web.dashboard.core.refusals import error_message
from portico.web.shared.brand import brand_of
from portico.web.shared.page import page


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation; `new` says how much there waits for somebody."""

    label: str
    url: str
    icon: str
    current: bool
    new: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence about what has just been done; `tone` is ok or bad."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What `dashboard/layout.html` shows around a page. `switch_url` is empty for staff of one business.

    `held_up` says that mail waits for a mail server that has failed to take it.
    """

    user_name: str
    user_email: str
    switch_url: str
    nav_items: list[NavItem]
    notices: list[Notice]
    held_up: str = ""
    time_zone: str = ""


def staff_answer(
    request: HttpRequest,
    viewer: StaffViewer,
    template: str,
    context: Mapping[str, Any],
    *,
    nav: str = "",
    status: int = 200,
    part: str = "",
    refusal: PorticoError | None = None,
) -> HttpResponse:
    """Answer a member of staff with a page.

    `nav` is the URL name of the navigation entry the page belongs to, `part` the block that htmx may ask for alone.
    With a `refusal` the page says why on top and answers with its status.
    """
    business = viewer.business
    notices = [Notice("bad", error_message(refusal))] if refusal else []
    notices += [Notice("bad" if "error" in message.tags else "ok", str(message)) for message in _messages(request)]
    waits = waiting(viewer)
    layout = Layout(
        user_name=str(viewer.user),
        user_email=viewer.user.email,
        switch_url=reverse("businesses") if has_several(request) else "",
        nav_items=_nav_items(viewer, nav, waits.conversations),
        notices=notices,
        held_up=_held_up(waits.mails),
        time_zone=business.time_zone,
    )
    return page(
        request,
        template,
        {"layout": layout, **context},
        brand=brand_of(business),
        status=refusal.status if refusal else status,
        part=part,
    )


def _messages(request: HttpRequest) -> list[Any]:
    return list(messages.get_messages(request))


def _held_up(mails: int) -> str:
    if not mails:
        return ""
    text = ngettext(
        "%(n)s mail waits: %(server)s does not take it.", "%(n)s mails wait: %(server)s does not take them.", mails
    )
    return text % {"n": mails, "server": mail_server() or _("the mail server")}


def _nav_items(viewer: StaffViewer, current: str, to_answer: int) -> list[NavItem]:
    entries = [
        ("customers", _("Customers"), "person"),
        ("documents", _("Documents"), "file"),
        ("payments", _("Payments"), "bank"),
        ("mail_log", _("Mail"), "mail"),
        ("settings", _("Settings"), "gear"),
    ]
    new = {}
    if viewer.business.allow_messages:
        entries.insert(0, ("inbox", _("Inbox"), "chat"))
        new["inbox"] = to_answer
    return [NavItem(label, reverse(name), icon, name == current, new.get(name, 0)) for name, label, icon in entries]
