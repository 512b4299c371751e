"""Who can come in as a customer and who is in: every link with its uses, every open session, and ending either."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.queries.grants import grants
from portico.domain.access.models import Grant, PortalSession
from portico.domain.access.queries import customer as customer_of
from portico.domain.access.sessions.actions.end import end_sessions
from portico.domain.access.sessions.queries import active_sessions
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.link_life import ends
from portico.domain.documents.queries import documents
from portico.domain.payments.queries import payments
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.lib.visitors import network
from portico.web.dashboard.core.customer_page import customer_answer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.link_labels import link_tag
from portico.web.dashboard.core.listing import ListState, paginate
from portico.web.dashboard.core.sign_in_labels import link_kinds
from portico.web.shared.device_label import device_label
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link in words. `id` is empty for one that has ended, `opens` for one that opens the account."""

    id: str
    kind: str
    opens: str
    tag: Tag
    expires: str
    last_used: str
    uses: str
    created: str
    created_by: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in words; `who` is the address that was proved, or the contact."""

    id: str
    device: str
    who: str
    network: str
    opened_with: str
    since: str
    seen: str


@staff_page
def customer_access(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a customer's links and open sessions; a POST revokes a link, after a question, or ends a session."""
    found = customer_of(viewer, name)
    if request.method == "POST":
        return _end_session(request, viewer, found) if "end" in request.POST else _revoke(request, viewer, found)
    fmt = reader_formatter()
    here = reverse("customer_access", args=[found.public_id])
    list_state = ListState(here, {})
    rows = grants(viewer).filter(customer=found).order_by("-created_at", "-id")
    shown, pages, _total = paginate(request, rows, fmt, list_state)
    context = {
        "action": here,
        "links": _link_rows(viewer, shown, fmt),
        "pages": pages,
        "sessions": [_session_row(session, viewer, fmt) for session in active_sessions(viewer, found)],
    }
    return customer_answer(request, viewer, found, "access", "dashboard/links/access.html", context, part="results")


def _revoke(request: HttpRequest, viewer: StaffViewer, found: Customer) -> HttpResponse:
    here = reverse("customer_access", args=[found.public_id])
    key = parse_public_id(request.POST.get("revoke", ""), "grant")
    link = grants(viewer).filter(customer=found, pk=key).first() if key else None
    if link is None:
        raise NotFound("There is no such link.")
    if request.POST.get("confirmed") != "yes":
        asked: dict[str, Any] = {
            "heading": _("Revoke this link?"),
            "text": _("It stops working at once, and everybody signed in with it is signed out."),
            "button": _("Revoke"),
            "names": [(found.name, link_kinds()[link.purpose])],
            "hidden": [("revoke", link.public_id)],
            "action": here,
            "back": here,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="customers")
    revoke(link, by=viewer.actor)
    messages.success(request, _("The link is revoked."))
    return HttpResponseRedirect(here)


def _end_session(request: HttpRequest, viewer: StaffViewer, found: Customer) -> HttpResponse:
    key = parse_public_id(request.POST["end"], "session")
    session = active_sessions(viewer, found).filter(pk=key).first() if key else None
    if session is None:
        raise NotFound("There is no such session.")
    end_sessions([session], by=viewer.actor)
    messages.success(request, _("The session has ended."))
    return HttpResponseRedirect(reverse("customer_access", args=[found.public_id]))


def _link_rows(viewer: StaffViewer, links: Sequence[Grant], fmt: Formatter) -> list[LinkRow]:
    zone, kinds, numbers, until = viewer.business.time_zone, link_kinds(), _numbers(viewer, links), ends(links)
    return [
        LinkRow(
            id=link.public_id if link.revoked_at is None and _state(link, until) == "active" else "",
            kind=kinds.get(link.purpose, link.purpose),
            opens=numbers.get(link.target_id, "") if link.target_id else "",
            tag=link_tag(_state(link, until)),
            expires=fmt.moment(until[link.id], zone),
            last_used=fmt.moment(link.last_used_at, zone) if link.last_used_at else "",
            uses=ngettext("%(n)s use", "%(n)s uses", link.use_count) % {"n": fmt.number(link.use_count)},
            created=fmt.moment(link.created_at, zone),
            created_by=_("Command line") if link.created_by == OPERATOR.label else link.created_by,
        )
        for link in links
    ]


def _state(link: Grant, until: dict[UUID, Any]) -> str:
    return "expired" if link.state == "active" and now() >= until[link.id] else link.state


def _numbers(viewer: StaffViewer, links: Sequence[Grant]) -> dict[UUID, str]:
    """What the links to one thing open, by its key: a number, or that it is the statement."""
    keys = [link.target_id for link in links if link.target_id]
    found = {link.target_id: _("Statement") for link in links if link.target_id and link.target_kind == "statement"}
    if keys:
        found |= dict(documents(viewer).filter(pk__in=keys).values_list("pk", "number"))
        found |= dict(payments(viewer).filter(pk__in=keys).values_list("pk", "number"))
    return found


def _session_row(session: PortalSession, viewer: StaffViewer, fmt: Formatter) -> SessionRow:
    zone = viewer.business.time_zone
    return SessionRow(
        id=session.public_id,
        device=device_label(session.user_agent),
        who=session.email or (session.contact.name if session.contact else ""),
        network=network(session.ip),
        opened_with=link_kinds().get(session.grant.purpose, session.grant.purpose),
        since=fmt.moment(session.created_at, zone),
        seen=fmt.moment(session.last_seen_at, zone),
    )
