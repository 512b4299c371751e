"""The texts of mails that a business may change: what each says by default, and which placeholders it knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from portico.domain.businesses.models import Business
from portico.domain.documents.kinds import Kind
from portico.lib.l10n import formatter
from portico.output.mail.models import MailWording

_SENDING = ("business", "customer")
_DOCUMENT = (*_SENDING, "document", "number", "title", "purchase_order", "issue_date", "total")
_INVOICE = (*_DOCUMENT, "due_date", "amount_due")
REMINDER = "reminder"
# Up to here a reminder is a friendly one.
LATE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Wording:
    """A mail's subject, one line, and its text, a paragraph a line; with placeholders, or filled in."""

    subject: str
    text: str

    def changed_by(self, asked: Mapping[str, Any]) -> "Wording":
        """Return it with the subject and the text that were typed for this one mail, kept with what was asked for."""
        return Wording(asked.get("subject") or self.subject, asked.get("text") or self.text)


@dataclass(frozen=True, slots=True)
class WordingSpec:
    """One text: the placeholders it knows, and what it says in the active language until a business changes it."""

    names: tuple[str, ...]
    default: Callable[[], Wording]


def _invoice() -> Wording:
    return Wording(
        _("{{ document }} from {{ business }}"),
        _("Your invoice {{ number }} over {{ total }} is ready.")
        + "\n"
        + _("Please pay {{ amount_due }} by {{ due_date }}.")
        + "\n"
        + _("Look at it, download it and see how to pay with the link below."),
    )


def _estimate() -> Wording:
    return Wording(
        _("{{ document }} from {{ business }}"),
        _("Here is your estimate {{ number }} over {{ total }}.")
        + "\n"
        + _("It is valid until {{ valid_until }}.")
        + "\n"
        + _("Look at it, and approve or decline it, with the link below."),
    )


def _credit_note() -> Wording:
    return Wording(
        _("{{ document }} from {{ business }}"),
        _("We have credited you {{ total }} with credit note {{ number }}.")
        + "\n"
        + _("Look at it and download it with the link below."),
    )


def _sales_order() -> Wording:
    return Wording(
        _("{{ document }} from {{ business }}"),
        _("Thank you for your order. We have noted it as {{ number }} over {{ total }}.")
        + "\n"
        + _("Look at it and download it with the link below."),
    )


def _statement() -> Wording:
    return Wording(
        _("Your statement of account with {{ business }}"),
        _("Here is your statement of {{ date }}.")
        + "\n"
        + _("Open in all: {{ balance }}.")
        + "\n"
        + _("Look at it and download it with the link below."),
    )


def _receipt() -> Wording:
    return Wording(
        _("Receipt for your payment to {{ business }}"),
        _("Thank you. {{ business }} has received your payment of {{ amount }}."),
    )


def _reminder(days: int) -> Wording:
    if days < 0:
        return Wording(
            _("{{ document }} is due on {{ due_date }}"),
            _("This is to remind you that invoice {{ number }} is due on {{ due_date }}.")
            + "\n"
            + _("Please pay by then. If you have paid already, there is nothing to do."),
        )
    if days == 0:
        return Wording(
            _("{{ document }} is due today"),
            _("This is to remind you that invoice {{ number }} is due today.")
            + "\n"
            + _("Please pay today. If you have paid already, there is nothing to do."),
        )
    if days <= LATE_DAYS:
        subject = _("Reminder: {{ document }} was due on {{ due_date }}")
        said = _("Invoice {{ number }} was due on {{ due_date }}, and {{ amount_due }} of it are still open.")
    else:
        subject = _("Past due: {{ document }}")
        said = _("Invoice {{ number }} has been past due since {{ due_date }}: {{ amount_due }} are still open.")
    ask = _("Please pay now, or tell us if something is not right. If you have paid already, there is nothing to do.")
    return Wording(subject, f"{said}\n{ask}")


WORDINGS: Mapping[str, WordingSpec] = {
    Kind.INVOICE.value: WordingSpec(_INVOICE, _invoice),
    Kind.ESTIMATE.value: WordingSpec((*_DOCUMENT, "valid_until"), _estimate),
    Kind.CREDIT_NOTE.value: WordingSpec(_DOCUMENT, _credit_note),
    Kind.SALES_ORDER.value: WordingSpec(_DOCUMENT, _sales_order),
    "statement": WordingSpec((*_SENDING, "date", "balance"), _statement),
    "receipt": WordingSpec((*_SENDING, "number", "amount", "date", "method"), _receipt),
}


def wording_spec(name: str) -> WordingSpec:
    """Return what is known of a text by its name. Raises KeyError for a name that there is not."""
    if name.startswith(REMINDER):
        days = days_of_reminder(name)
        return WordingSpec((*_INVOICE, "days"), lambda: _reminder(days))
    return WORDINGS[name]


def reminder_name(days: int) -> str:
    """Return the name of the text of a reminder so many days after the due date: `reminder+7`, `reminder-3`."""
    return f"{REMINDER}{days:+d}"


def days_of_reminder(name: str) -> int:
    """Return the days in the name of a reminder's text. Raises KeyError for a name that there is not."""
    try:
        return int(name.removeprefix(REMINDER))
    except ValueError:
        raise KeyError(name) from None


def default_wording(name: str, language: str) -> Wording:
    """Return what a text says in a language until a business changes it."""
    with override(formatter(language).language):
        return wording_spec(name).default()


def wording_of(business: Business, name: str, language: str) -> Wording:
    """Return what a text says to readers of a language: the business's own words, or what Portico says."""
    own = MailWording.objects.filter(business=business, name=name, language=language).first()
    return Wording(own.subject, own.text) if own else default_wording(name, language)
