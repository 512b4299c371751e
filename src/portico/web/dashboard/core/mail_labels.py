"""How it reads that a mail was not sent."""

from django.utils.translation import gettext as _

from portico.output.mail.actions.send import BAD_ADDRESS, NO_MAIL_SERVER, OUR_FAULT


def why_not_sent(reason: str) -> str:
    """Return why a mail could not be sent, by the reason in the log; what a mail server said reads as it said it."""
    own = {
        NO_MAIL_SERVER: _("No mail server is set up"),
        BAD_ADDRESS: _("The e-mail address is not valid"),
        OUR_FAULT: _("An error in Portico"),
    }
    return own.get(reason, reason)
