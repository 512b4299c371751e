"""Where the account is open right now, and ending what its owner doesn't know."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.models import PortalSession, Purpose
from portico.domain.access.sessions.actions.end import end_visits
from portico.domain.access.sessions.queries import open_visits, visit_named
from portico.domain.access.viewer import CustomerViewer
from portico.lib.l10n import Formatter
from portico.lib.visitors import network
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_address, page_address
from portico.web.shared.device_words import device_words
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in words; `end_url` is empty for the reader's own."""

    device: str
    who: str
    opened: str
    times: str
    network: str
    end_url: str


@portal_page()
def sessions(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the account's visits that are open, the reader's own first."""
    fmt, visits = reader_formatter(), list(open_visits(viewer, viewer.customer))
    visits.sort(key=lambda visit: visit.pk != viewer.session.pk)
    context = {
        "visits": [_row(visit, viewer, fmt) for visit in visits],
        "end_others_url": page_address("end_other_sessions") if len(visits) > 1 else "",
    }
    return customer_page(request, viewer, "portal/profile/sessions.html", context)


@portal_page(methods=["POST"])
def end_session(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """End one visit."""
    end_visits([visit_named(viewer, name)], by=viewer.actor)
    return _back()


@portal_page(methods=["POST"])
def end_other_sessions(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """End every visit but the reader's own."""
    end_visits(open_visits(viewer, viewer.customer).exclude(pk=viewer.session.pk), by=viewer.actor)
    return _back()


def _back() -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": page_address("sessions")})


def _row(visit: PortalSession, viewer: CustomerViewer, fmt: Formatter) -> VisitRow:
    zone = viewer.business.time_zone
    times = {"since": fmt.moment(visit.created_at, zone), "seen": fmt.moment(visit.last_seen_at, zone)}
    return VisitRow(
        device=device_words(visit.user_agent),
        who=visit.email or (visit.contact.name if visit.contact else ""),
        opened=_opened(visit),
        times=_("Open since %(since)s, last used %(seen)s") % times,
        network=network(visit.ip),
        end_url="" if visit.pk == viewer.session.pk else item_address("end_session", visit.public_id),
    )


def _opened(visit: PortalSession) -> str:
    words = {
        Purpose.PORTAL_LINK: _("Opened with the portal link"),
        Purpose.API_PORTAL_URL: _("Opened from the business’s own pages"),
        Purpose.SIGN_IN_MAIL: _("Signed in by e-mail"),
        Purpose.MAGIC_LINK: _("Opened with a sign-in link"),
        Purpose.SIGNED_LINK: _("Signed in at the business’s own site"),
        Purpose.DOCUMENT_LINK: _("Opened with the link to one document"),
    }
    return words.get(Purpose(visit.grant.purpose), _("Opened with a link"))
