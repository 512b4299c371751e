"""How mail reads to staff: what kind of mail it is, what became of it, and why it was not sent."""

from django.utils.translation import gettext as _

from portico.output.mail.actions.send import BAD_ADDRESS, NO_LONGER_DUE, NO_MAIL_SERVER, OUR_FAULT
from portico.output.mail.models import Message
from portico.output.mail.queries import SWITCHED_OFF, WAITS_FOR_TURN
from portico.output.mail.reasons import Cause, cause_of
from portico.web.shared.status import Tag


def why_not_sent(reason: str, server: str = "") -> str:
    """Return why a mail could not be sent, by the reason in the log; what a mail server said stands behind it."""
    own = {
        NO_MAIL_SERVER: _("No mail server is set up"),
        BAD_ADDRESS: _("The e-mail address is not valid"),
        OUR_FAULT: _("An error in Portico"),
        NO_LONGER_DUE: _("No longer due when its turn came"),
        WAITS_FOR_TURN: _("Waits for its turn: so many mails go out in a minute, and no more"),
        SWITCHED_OFF: _("The recipient has switched such mails off"),
    }
    if not reason or reason in own:
        return own.get(reason, "")
    cause = cause_of(reason)
    return f"{_causes(server)[cause]} ({reason})" if cause else reason


def mail_tag(row: Message) -> Tag:
    """Return what became of a mail."""
    if row.state == Message.State.QUEUED:
        not_taken = row.error and row.error != WAITS_FOR_TURN
        return Tag("bad", "alert", _("Waits, not taken")) if not_taken else Tag("wait", "half", _("Waiting"))
    return {
        Message.State.SENT: Tag("ok", "check", _("Sent")),
        Message.State.DELIVERED: Tag("ok", "check", _("Delivered")),
        Message.State.BOUNCED: Tag("bad", "alert", _("Came back")),
        Message.State.FAILED: Tag("bad", "alert", _("Failed")),
        Message.State.UNSENT: Tag("mute", "dash", _("Not sent")),
    }[Message.State(row.state)]


def mail_states() -> list[tuple[str, str]]:
    """Return what a list of mail can be narrowed to."""
    return [
        ("", _("Every state")),
        (Message.State.QUEUED, _("Waiting")),
        (Message.State.SENT, _("Sent")),
        (Message.State.DELIVERED, _("Delivered")),
        (Message.State.BOUNCED, _("Came back")),
        (Message.State.FAILED, _("Failed")),
        (Message.State.UNSENT, _("Not sent")),
    ]


def mail_kind(letter: str) -> str:
    """Return what a mail is called by the name that the log has for its kind."""
    return {
        "sign_in": _("Sign-in link"),
        "step_up": _("Code"),
        "portal_link": _("Portal link"),
        "fresh_link": _("New link"),
        "document_link": _("Link to a document"),
        "invoice": _("Invoice"),
        "estimate": _("Estimate"),
        "credit_note": _("Credit note"),
        "sales_order": _("Sales order"),
        "statement": _("Statement"),
        "reminder": _("Reminder"),
        "test": _("Test"),
        "came_back": _("A mail came back"),
        "receipt": _("Receipt"),
        "estimate_decided": _("Decision on an estimate"),
        "email_change": _("Confirmation of an address"),
        "email_changed": _("Changed address"),
        "contact_address": _("Changed address"),
        "collection_failed": _("Failed AutoPay"),
        "customer_wrote": _("Message of a customer"),
        "staff_answered": _("Answer to a customer"),
        "staff_digest": _("Messages of the day"),
        "method_expires": _("Expiring payment method"),
        "autopay_begins": _("AutoPay begins"),
        "autopay_ends": _("AutoPay ends"),
        "plan_offered": _("Payment plan"),
        "instalment_next": _("Reminder of an instalment"),
        "collected_next": _("What AutoPay collects next"),
    }.get(letter, letter)


def _causes(server: str) -> dict[Cause, str]:
    name = {"server": server or _("The mail server")}
    return {
        Cause.UNKNOWN_HOST: _("There is no mail server called %(server)s") % name
        if server
        else _("There is no such mail server"),
        Cause.UNREACHABLE: _("%(server)s gives no answer") % name,
        Cause.CERTIFICATE: _("%(server)s can't prove its name, so nothing is sent to it") % name,
        Cause.NO_ENCRYPTION: _("%(server)s offers no encryption, so the password is not sent") % name,
        Cause.LOGIN: _("%(server)s refuses user name or password") % name,
        Cause.SENDER: _("%(server)s sends no mail from your address") % name,
        Cause.UNKNOWN_RECIPIENT: _("Nobody has this address there"),
        Cause.MAILBOX_FULL: _("The mailbox is full"),
        Cause.REJECTED: _("The recipient's mail server rejects it, as unwanted or suspicious"),
        Cause.TOO_LARGE: _("The mail is too large for the recipient"),
        Cause.BUSY: _("The mail server asks to try again later"),
    }
