"""The mail that tells staff that another one came back."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter, apart
from portico.output.mail.template import EmailContent, EmailTemplate


@dataclass(frozen=True, slots=True)
class MailCameBack(EmailTemplate):
    """To staff: a mail to a customer did not arrive, and why, as its mail server says it."""

    name: ClassVar[str] = "came_back"

    recipient: str
    customer: str
    subject: str
    reason: str
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        facts = [
            (_("Customer"), self.customer),
            (_("Recipient"), self.recipient),
            (_("Subject"), self.subject),
            (_("Reason"), self.reason),
        ]
        return EmailContent(
            subject=_("A mail to %(address)s came back") % {"address": apart(self.recipient)},
            heading=_("A mail came back"),
            lead=[_("It did not reach the customer. Please ask for the right address, or write another way.")],
            facts=[(label, value) for label, value in facts if value],
            button=_("Show the mail"),
            url=self.url,
            why=_("You get this mail because you are on the staff of %(business)s.") % {"business": sender},
        )
