"""How the states of attempts, refunds and disputes read."""

from django.utils.translation import gettext as _

from portico.web.shared.status import Tag


def attempt_tag(state: str) -> Tag:
    """Return the tag of a payment attempt's state."""
    return {
        "created": Tag("wait", "ring", _("No answer yet")),
        "requires_action": Tag("wait", "ring", _("Waits for the customer")),
        "processing": Tag("wait", "half", _("Processing")),
        "succeeded": Tag("ok", "check", _("Succeeded")),
        "failed": Tag("bad", "alert", _("Failed")),
        "canceled": Tag("mute", "dash", _("Canceled")),
    }[state]


def refund_tag(state: str) -> Tag:
    """Return the tag of a refund's state."""
    return {
        "created": Tag("wait", "ring", _("No answer yet")),
        "processing": Tag("wait", "half", _("Processing")),
        "succeeded": Tag("ok", "check", _("Refunded")),
        "failed": Tag("bad", "alert", _("Failed")),
    }[state]


def dispute_tag(state: str) -> Tag:
    """Return the tag of a dispute's state."""
    return {
        "open": Tag("wait", "ring", _("Open")),
        "withdrawn": Tag("wait", "half", _("Money taken back for now")),
        "won": Tag("ok", "check", _("Won")),
        "lost": Tag("bad", "alert", _("Lost")),
    }[state]
