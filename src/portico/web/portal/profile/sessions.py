"""Where the account is open right now, and ending what its owner doesn't know."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.models import PortalSession, Purpose
from portico.domain.access.sessions.actions.end import end_sessions
from portico.domain.access.sessions.queries import active_sessions, session_named
from portico.domain.access.viewer import CustomerViewer
from portico.lib.l10n import Formatter
from portico.lib.visitors import network
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.device_label import device_label
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in words; `end_url` is empty for the reader's own."""

    device: str
    who: str
    opened: str
    times: str
    network: str
    end_url: str


@portal_page()
def sessions(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the account's sessions that are open, the reader's own first."""
    fmt, sessions = reader_formatter(), list(active_sessions(viewer, viewer.customer))
    sessions.sort(key=lambda session: session.pk != viewer.session.pk)
    context = {
        "sessions": [_row(session, viewer, fmt) for session in sessions],
        "time_zone": viewer.business.time_zone,
        "end_others_url": page_url("end_other_sessions") if len(sessions) > 1 else "",
    }
    return customer_page(request, viewer, "portal/profile/sessions.html", context)


@portal_page(methods=["POST"])
def end_session(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """End one session."""
    end_sessions([session_named(viewer, name)], by=viewer.actor)
    return _back()


@portal_page(methods=["POST"])
def end_other_sessions(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """End every session but the reader's own."""
    end_sessions(active_sessions(viewer, viewer.customer).exclude(pk=viewer.session.pk), by=viewer.actor)
    return _back()


def _back() -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": page_url("sessions")})


def _row(session: PortalSession, viewer: CustomerViewer, fmt: Formatter) -> SessionRow:
    zone = viewer.business.time_zone
    times = {"since": fmt.moment(session.created_at, zone), "seen": fmt.moment(session.last_seen_at, zone)}
    return SessionRow(
        device=device_label(session.user_agent),
        who=session.email or (session.contact.name if session.contact else ""),
        opened=_opened(session),
        times=_("Open since %(since)s, last used %(seen)s") % times,
        network=network(session.ip),
        end_url="" if session.pk == viewer.session.pk else item_url("end_session", session.public_id),
    )


def _opened(session: PortalSession) -> str:
    words = {
        Purpose.PORTAL_LINK: _("Opened with the portal link"),
        Purpose.API_PORTAL_URL: _("Opened from the business’s own pages"),
        Purpose.SIGN_IN_MAIL: _("Signed in by e-mail"),
        Purpose.MAGIC_LINK: _("Opened with a sign-in link"),
        Purpose.SIGNED_LINK: _("Signed in at the business’s own site"),
        Purpose.DOCUMENT_LINK: _("Opened with the link to one document"),
    }
    return words.get(Purpose(session.grant.purpose), _("Opened with a link"))
