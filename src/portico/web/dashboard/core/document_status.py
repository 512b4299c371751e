"""A document's state as staff read it."""

from datetime import date

from django.utils.translation import gettext as _

from portico.domain.documents.models import Document, Status
from portico.web.shared.status import Tag, document_tag


def tag_of(document: Document, today: date) -> Tag:
    """Return a document's state as staff read it: whether the customer has seen it, too."""
    status = document.status(today)
    if status in (Status.ISSUED, Status.VIEWED) and not (document.due_on == today and document.open_amount):
        return Tag("plain", "half" if status == Status.VIEWED else "ring", status_words()[status])
    return document_tag(
        status, today=today, due_on=document.due_on, payable=document.payable, open_amount=document.open_amount
    )


def status_words() -> dict[Status, str]:
    """Return the name of every state, in the reader's language."""
    return {
        Status.DRAFT: _("Draft"),
        Status.ISSUED: _("Open"),
        Status.VIEWED: _("Open, seen"),
        Status.PARTIALLY_PAID: _("Partly paid"),
        Status.PAST_DUE: _("Past due"),
        Status.PAID: _("Paid"),
        Status.WRITTEN_OFF: _("Written off"),
        Status.VOIDED: _("Voided"),
        Status.OPEN: _("Open"),
        Status.USED: _("Used"),
        Status.APPROVED: _("Approved"),
        Status.DECLINED: _("Declined"),
        Status.EXPIRED: _("Expired"),
        Status.INVOICED: _("Invoiced"),
    }
