"""What can be said of a mail that a visitor waits for."""

from django.utils.translation import gettext as _

from portico.domain.businesses.models import Business
from portico.lib.l10n import apart
from portico.output.mail.queries import is_mail_held_up


def mail_note(business: Business) -> str:
    """Say that mail is late, while the mail server takes none; empty while it does. Nothing tells whose mail it is."""
    if not is_mail_held_up():
        return ""
    text = _("No mail can be sent at the moment. We keep trying. If none comes, please ask %(name)s.")
    return text % {"name": apart(business.name)}
