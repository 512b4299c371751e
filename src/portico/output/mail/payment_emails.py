"""The mails about AutoPay and payment methods. `method` reads `Visa •4242`, `url` leads to a customer's methods."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.lib.l10n import Formatter
from portico.output.mail.template import EmailContent, EmailTemplate


@dataclass(frozen=True, slots=True)
class CollectionFailed(EmailTemplate):
    """AutoPay could not collect an invoice: why, and when it is tried again; `again_on` is empty when it is not.

    `amount` is in minor units.
    """

    name: ClassVar[str] = "collection_failed"

    number: str
    amount: int
    currency: str
    method: str
    reason: str
    again_on: date | None
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        number = fmt.code(self.number)
        again = (
            _("We try again on %(day)s. With another payment method we try again at once.")
            % {"day": fmt.long_date(self.again_on)}
            if self.again_on
            else _("We do not try again automatically. Please give another payment method, or pay the invoice online.")
        )
        return EmailContent(
            subject=_("Invoice %(number)s could not be collected") % {"number": number},
            heading=_("The payment has failed"),
            lead=[
                _("%(business)s could not collect invoice %(number)s.") % {"business": sender, "number": number},
                f"{self.reason} {_('Nothing was charged.')}",
            ],
            facts=[
                (_("Amount"), fmt.money(self.amount, self.currency)),
                (_("Payment method"), self.method),
            ],
            button=_("Update the payment method"),
            url=self.url,
            after=[again],
            why=_autopay_reason(sender),
        )


@dataclass(frozen=True, slots=True)
class MethodExpires(EmailTemplate):
    """The payment method of AutoPay expires soon."""

    name: ClassVar[str] = "method_expires"

    method: str
    expires_on: date
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=_("%(method)s expires soon") % {"method": self.method},
            heading=_("Your payment method expires soon"),
            lead=[_("%(business)s collects your invoices by it. Please add another one.") % {"business": sender}],
            facts=[(_("Payment method"), self.method), (_("Last day"), fmt.long_date(self.expires_on))],
            button=_("Update the payment method"),
            url=self.url,
            why=_autopay_reason(sender),
        )


@dataclass(frozen=True, slots=True)
class AutoPayBegins(EmailTemplate):
    """The customer has enrolled in AutoPay."""

    name: ClassVar[str] = "autopay_begins"

    method: str
    days: int
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        days = ngettext("%(n)s day", "%(n)s days", self.days) % {"n": fmt.number(self.days)}
        wait = _("Each is collected %(days)s after its date.") % {"days": days}
        at_once = _("Each is collected on its date, an hour after it was issued at the earliest.")
        return EmailContent(
            subject=_("AutoPay at %(business)s is on") % {"business": sender},
            heading=_("AutoPay is on"),
            lead=[
                _("From now on %(business)s collects your invoices automatically.") % {"business": sender},
                wait if self.days else at_once,
            ],
            facts=[(_("Payment method"), self.method)],
            button=_("See AutoPay"),
            url=self.url,
            after=[_("You can switch it off at any time."), _not_you()],
            why=_autopay_reason(sender),
        )


@dataclass(frozen=True, slots=True)
class AutoPayEnds(EmailTemplate):
    """The customer has left AutoPay."""

    name: ClassVar[str] = "autopay_ends"

    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=_("AutoPay at %(business)s is off") % {"business": sender},
            heading=_("AutoPay is off"),
            lead=[
                _("%(business)s no longer collects your invoices automatically.") % {"business": sender},
                _("Please pay those that are open yourself. A payment that is under way is still completed."),
            ],
            button=_("See AutoPay"),
            url=self.url,
            after=[_not_you()],
            why=_("You get this mail because your invoices from %(business)s were collected by AutoPay.")
            % {"business": sender},
        )


def _autopay_reason(sender: str) -> str:
    return _("You get this mail because your invoices from %(business)s are collected by AutoPay.") % {
        "business": sender
    }


def _not_you() -> str:
    return _("If nobody of yours did this, please tell us.")
