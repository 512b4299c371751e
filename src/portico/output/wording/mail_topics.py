"""What the mails are called that their recipients may switch off."""

from django.utils.translation import gettext as _

from portico.domain.customers.models import Customer, MailTopic
from portico.domain.customers.queries import mail_switched_off
from portico.lib.l10n import Formatter


def topic_label(topic: MailTopic) -> str:
    """Return what a topic is called: `Reminders`."""
    return {
        MailTopic.REMINDERS: _("Reminders"),
        MailTopic.STATEMENTS: _("Statements of account"),
        MailTopic.ESTIMATES: _("Estimates and sales orders"),
        MailTopic.MESSAGES: _("Answers to messages"),
    }[topic]


def topic_help(topic: MailTopic) -> str:
    """Return what mails of a topic are, in a few words."""
    return {
        MailTopic.REMINDERS: _("before and after an invoice or an instalment is due"),
        MailTopic.STATEMENTS: _("what was invoiced and paid, and what is open"),
        MailTopic.ESTIMATES: _("offers and what was ordered"),
        MailTopic.MESSAGES: _("when somebody has answered in the portal"),
    }[topic]


def always_mailed() -> str:
    """Say which mails can't be switched off."""
    return _(
        "Invoices and credit notes, receipts, links and codes to sign in, payment plans, AutoPay and changes of the "
        "account are always mailed."
    )


def switched_off_labels(customer: Customer, fmt: Formatter) -> list[tuple[str, str]]:
    """Return the addresses of a customer that have switched mails off, each with what: `Reminders and Statements`."""
    found = mail_switched_off(customer)
    return [
        (address, fmt.list([topic_label(topic) for topic in MailTopic if topic in found[address]]))
        for address in sorted(found)
    ]
