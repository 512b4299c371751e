"""What the states of documents, payments and payment plans are called, the same towards customers and staff."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_STATES = {
    "draft": gettext_noop("Draft"),
    "issued": gettext_noop("Open"),
    "viewed": gettext_noop("Open"),
    "open": gettext_noop("Open"),
    "past_due": gettext_noop("Past due"),
    "partially_paid": gettext_noop("Partly paid"),
    "paid": gettext_noop("Paid"),
    "written_off": gettext_noop("Written off"),
    "settled": gettext_noop("Settled"),
    "voided": gettext_noop("Voided"),
    "used": gettext_noop("Used"),
    "approved": gettext_noop("Approved"),
    "declined": gettext_noop("Declined"),
    "expired": gettext_noop("Expired"),
    "invoiced": gettext_noop("Invoiced"),
    "processing": gettext_noop("Processing"),
    "succeeded": gettext_noop("Received"),
    "refunded": gettext_noop("Refunded"),
    "partially_refunded": gettext_noop("Partly refunded"),
    "plan_awaiting_approval": gettext_noop("Awaits approval"),
    "plan_active": gettext_noop("Active"),
    "plan_finished": gettext_noop("Finished"),
    "plan_canceled": gettext_noop("Canceled"),
    "instalment_paid": gettext_noop("Paid"),
    "instalment_missed": gettext_noop("Missed"),
    "instalment_due": gettext_noop("Due today"),
    "instalment_upcoming": gettext_noop("Upcoming"),
    "taken_back": gettext_noop("Taken back by the bank"),
}


def state_label(state: str) -> str:
    """Return the name of a state; one without a name reads as it is stored."""
    return _(_STATES[state]) if state in _STATES else state


def staff_state_label(state: str) -> str:
    """Return the name of a state as staff tell states apart: whether the customer has seen a document, too."""
    return _("Open, seen") if state == "viewed" else state_label(state)
