from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter
from portico.output.mail.emails import personal
from portico.output.mail.template import EmailContent, EmailTemplate


@dataclass(frozen=True, slots=True)
class PlanOffered(EmailTemplate):
    """An invoice can be paid in instalments: when how much (minor units) is due, and whether that is to be approved."""

    name: ClassVar[str] = "plan_offered"

    number: str
    currency: str
    instalments: Sequence[tuple[date, int]]
    awaits_approval: bool
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        values = {"number": fmt.code(self.number), "business": sender}
        if self.awaits_approval:
            lead = _("%(business)s offers you to pay invoice %(number)s in instalments. Please look and approve.")
        else:
            lead = _("You pay invoice %(number)s of %(business)s in instalments.")
        return EmailContent(
            subject=_("Payment plan for invoice %(number)s") % values,
            heading=_("Your payment plan"),
            lead=[lead % values],
            facts=[(fmt.long_date(day), fmt.money(amount, self.currency)) for day, amount in self.instalments],
            button=_("Approve the payment plan") if self.awaits_approval else _("See the payment plan"),
            url=self.url,
            after=[personal()],
            why=_("You get this mail because you are a customer of %(business)s.") % values,
        )
