"""The link to a document: made, copied as often as it is needed, mailed, and revoked."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.portal_urls import link_url
from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.actions.link import document_link as make_link
from portico.domain.documents.link_life import ends, may_have_link, working_link
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.lib.errors import NotFound
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.gate import staff_page


@dataclass(frozen=True, slots=True)
class LinkToDocument:
    """A document's link as its page shows it; without a URL it has yet to be made."""

    url: str = ""
    words: str = ""


def link_of(found: Document, fmt: Formatter) -> LinkToDocument | None:
    """Return what to show of a document's link, or None for a document that customers don't see."""
    if not may_have_link(found):
        return None
    working = working_link(found.ref)
    if working is None:
        return LinkToDocument()
    grant, secret = working
    until = _("until %(moment)s") % {"moment": fmt.moment(ends([grant])[grant.id], found.business.time_zone)}
    uses = ngettext("%(n)s use", "%(n)s uses", grant.use_count) % {"n": fmt.number(grant.use_count)}
    return LinkToDocument(link_url(found.business, secret), f"{until} · {uses}")


@require_POST
@staff_page
def document_link(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Make a document's link, or revoke it."""
    found, action = document_of(viewer, name, *Kind), request.POST.get("do")
    if action == "generate":
        if make_link(found, by=viewer.actor) is None:
            raise NotFound("Customers don't see this document.")
        messages.success(request, _("The link is ready."))
    elif action == "revoke":
        working = working_link(found.ref)
        if working:
            revoke(working[0], by=viewer.actor)
        messages.success(request, _("The link is revoked. The next one will be another."))
    else:
        raise NotFound("There is no such action.")
    return HttpResponseRedirect(reverse("document", args=[found.public_id]))
