"""What happened, in words: who did what and when, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.documents.kinds import Kind
from portico.lib.ids import public_id
from portico.lib.l10n import Formatter, apart
from portico.lib.visitors import network
from portico.web.dashboard.core.changed_details import changed_details
from portico.web.dashboard.core.event_labels import event_label
from portico.web.dashboard.core.mail_labels import why_not_sent
from portico.web.dashboard.core.sign_in_labels import link_kinds, refusal_message
from portico.web.shared.device_label import device_label

_TALK = frozenset({"comment", "conversation"})
_LINKS = frozenset({Event.LINK_GENERATED, Event.LINK_USED, Event.LINK_REVOKED})


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: a sentence, details such as a reason, who did it, and when.

    `origin` says from where a customer did it: with which device, when that is known, and from which network.
    """

    words: str
    details: str
    origin: str
    who: str
    when: str
    iso: str
    url: str


def moments(rows: Iterable[Activity], business: Business, fmt: Formatter) -> list[Moment]:
    """Return activities as they read; subjects that have a page of their own are linked."""
    return [
        Moment(
            words=event_label(row, fmt),
            details=_details(row, fmt),
            origin=_origin(row),
            who=_who(row),
            when=fmt.moment(row.at, business.time_zone),
            iso=row.at.isoformat(),
            url=_url(row, business),
        )
        for row in rows
    ]


def _details(row: Activity, fmt: Formatter) -> str:
    if row.subject_kind == "message":
        reason = str(row.data.get("reason") or "")
        return " · ".join(filter(None, [str(row.data.get("subject") or ""), why_not_sent(reason)]))
    if row.subject_kind in _TALK:
        return fmt.code(str(row.data.get("number") or ""))
    if row.verb in _LINKS:
        return link_kinds().get(str(row.data.get("purpose")), "")
    if row.verb == Event.SIGNED_LINK_REFUSED:
        return refusal_message(str(row.data.get("refusal")))
    return changed_details(row.data) or str(row.data.get("reason") or "")


def _origin(row: Activity) -> str:
    if row.actor_kind != "customer":
        return ""
    device = device_label(row.data["user_agent"]) if "user_agent" in row.data else ""
    return " · ".join(apart(text) for text in (device, network(row.ip)) if text)


def _who(row: Activity) -> str:
    names = {"operator": _("Command line"), "system": "Portico"}
    return names.get(row.actor_kind) or row.actor_label


def _url(row: Activity, business: Business) -> str:
    if row.subject_kind in _TALK:
        return _conversation_url(row) if business.allow_messages else ""
    if row.subject_kind in Kind:
        return reverse("document", args=[row.subject.public_id])
    return reverse("payment", args=[row.subject.public_id]) if row.subject_kind == "payment" else ""


def _conversation_url(row: Activity) -> str:
    document = row.data.get("document")
    if document:
        return reverse("document_conversation", args=[document])
    return reverse("customer_conversation", args=[public_id("customer", row.customer_id)]) if row.customer_id else ""
