"""The evidence of what a customer decides in the portal: who, and from where."""

from django.http import HttpRequest

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.actions.decide import Evidence
from portico.lib.ids import public_id
from portico.web.portal.core.gate import client_of


def evidence_of(
    request: HttpRequest,
    viewer: CustomerViewer,
    *,
    name: str = "",
    note: str = "",
    edition: int | None = None,
    pdf: bytes = b"",
) -> Evidence:
    """Return whose session a request belongs to and where it comes from, with what was typed and looked at."""
    session = viewer.session
    contact = session.contact if session.contact_id else None
    person = f"{contact.name} <{contact.email}>" if contact and contact.email else contact.name if contact else ""
    return Evidence(
        name=name,
        note=note,
        contact=person or session.email,
        link=public_id("grant", session.grant_id),
        user_agent=client_of(request).user_agent,
        edition=edition,
        pdf=pdf,
    )
