"""Mails to staff about estimates."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter
from portico.output.mail.template import EmailContent, EmailTemplate


@dataclass(frozen=True, slots=True)
class EstimateDecided(EmailTemplate):
    """To staff: an estimate was approved, or declined for a reason.

    `title` reads `Estimate EST-0007` in the reader's language; `amount` is its total in minor units.
    """

    name: ClassVar[str] = "estimate_decided"

    title: str
    approved: bool
    customer: str
    person: str
    day: date
    amount: int
    currency: str
    url: str
    reason: str = ""
    deposit: int = 0

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        subject = _("%(document)s was approved") if self.approved else _("%(document)s was declined")
        heading = subject % {"document": self.title}
        next_step = _("Convert it to an invoice when the time has come.") if self.approved else ""
        facts = [
            (_("Customer"), self.customer),
            (_("By"), self.person),
            (_("Date"), fmt.long_date(self.day)),
            (_("Total"), fmt.money(self.amount, self.currency)),
            (_("Deposit"), fmt.money(self.deposit, self.currency) if self.deposit else ""),
            (_("Reason"), self.reason),
        ]
        return EmailContent(
            subject=heading,
            heading=heading,
            lead=[text for text in (next_step,) if text],
            facts=[(label, value) for label, value in facts if value],
            button=_("Show the estimate"),
            url=self.url,
            why=_("You get this mail because you are on the staff of %(business)s.") % {"business": sender},
        )
