"""The mails before money is due or collected. Amounts are minor units."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter
from portico.output.mail.emails import personal
from portico.output.mail.template import EmailContent, EmailTemplate


@dataclass(frozen=True, slots=True)
class InstalmentNext(EmailTemplate):
    """The next instalment of an invoice is due in a few days."""

    name: ClassVar[str] = "instalment_next"

    number: str
    amount: int
    currency: str
    due_on: date
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        values = {"number": fmt.code(self.number), "business": sender, "day": fmt.long_date(self.due_on)}
        return EmailContent(
            subject=_("Instalment of invoice %(number)s is due on %(day)s") % values,
            heading=_("Your next instalment"),
            lead=[_("The next instalment of invoice %(number)s of %(business)s is due on %(day)s.") % values],
            facts=[(_("Amount"), fmt.money(self.amount, self.currency)), (_("Due"), fmt.long_date(self.due_on))],
            button=_("See the invoice"),
            url=self.url,
            after=[personal()],
            why=_("You get this mail because you are a customer of %(business)s.") % values,
        )


@dataclass(frozen=True, slots=True)
class CollectedNext(EmailTemplate):
    """AutoPay collects an invoice, or the next instalment of it, in a few days; `method` reads `Visa •4242`."""

    name: ClassVar[str] = "collected_next"

    number: str
    amount: int
    currency: str
    method: str
    collected_on: date
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        values = {"number": fmt.code(self.number), "business": sender, "day": fmt.long_date(self.collected_on)}
        return EmailContent(
            subject=_("Invoice %(number)s is collected on %(day)s") % values,
            heading=_("What AutoPay collects next"),
            lead=[
                _("%(business)s collects invoice %(number)s on %(day)s. You have nothing to do.") % values,
            ],
            facts=[
                (_("Amount"), fmt.money(self.amount, self.currency)),
                (_("Payment method"), self.method),
                (_("Day"), fmt.long_date(self.collected_on)),
            ],
            button=_("See AutoPay"),
            url=self.url,
            after=[_("To pay by another method, change it before that day.")],
            why=_("You get this mail because your invoices from %(business)s are collected by AutoPay.") % values,
        )
