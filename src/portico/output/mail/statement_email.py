"""The mail that brings a customer its statement of account."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter
from portico.output.mail.emails import personal
from portico.output.mail.template import Attachment, EmailContent, EmailTemplate
from portico.output.mail.wordings import Wording


@dataclass(frozen=True, slots=True)
class StatementEmail(EmailTemplate):
    """A statement; `balances` are what is open by currency, in minor units. `wording` is filled in already."""

    name: ClassVar[str] = "statement"

    url: str
    wording: Wording
    balances: tuple[tuple[str, int], ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=self.wording.subject,
            heading=_("Statement of account"),
            lead=[line for line in self.wording.text.splitlines() if line.strip()],
            facts=[
                (_("Open in %(currency)s") % {"currency": code}, fmt.money(sum_, code)) for code, sum_ in self.balances
            ],
            button=_("Show the statement"),
            url=self.url,
            after=[personal()],
            why=_("You get this mail because you are a customer of %(business)s.") % {"business": sender},
            attachments=self.attachments,
        )
