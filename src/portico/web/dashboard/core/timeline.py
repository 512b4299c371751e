"""What happened, in words: who did what and when, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.documents.events import DRAFTED, ISSUED, VIEWED, VOIDED
from portico.domain.documents.kinds import Kind
from portico.lib.l10n import Formatter, apart
from portico.lib.visitors import network
from portico.web.dashboard.core.changed_details import changed_details
from portico.web.dashboard.core.mail_labels import why_not_sent
from portico.web.dashboard.core.sign_in_labels import link_kinds, refusal_words
from portico.web.shared.device_words import device_words

_DOCUMENT_KINDS = frozenset(Kind.values)
_LINKS = frozenset({Event.LINK_GENERATED, Event.LINK_USED, Event.LINK_REVOKED})


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: a sentence, details such as a reason, who did it, and when.

    `origin` says from where a customer did it: with which device, when that is known, and from which network.
    """

    words: str
    details: str
    origin: str
    who: str
    when: str
    iso: str
    url: str


def moments(rows: Iterable[Activity], business: Business, fmt: Formatter) -> list[Moment]:
    """Return activities as they read; subjects that have a page of their own are linked."""
    return [
        Moment(
            words=_words(row, fmt),
            details=_details(row),
            origin=_origin(row),
            who=_who(row),
            when=fmt.moment(row.at, business.time_zone),
            iso=row.at.isoformat(),
            url=_url(row),
        )
        for row in rows
    ]


def _words(row: Activity, fmt: Formatter) -> str:
    if row.verb == Event.LINK_USED and row.data.get("purpose") == "sign_in_mail":
        return _("Signed in by e-mail")
    if row.verb == Event.SESSION_ENDED and row.data.get("from_afar"):
        return _("A visit was ended")
    sentence = _sentences().get(row.verb)
    return sentence % _values(row, fmt) if sentence else row.verb


def _values(row: Activity, fmt: Formatter) -> dict[str, str]:
    amount, currency = row.data.get("amount"), row.data.get("currency")
    money = fmt.money(amount, currency) if isinstance(amount, int) and isinstance(currency, str) else ""
    texts = {name: str(row.data.get(name) or "") for name in ("number", "name", "recipient")}
    document = _document_words(row.subject_kind) % texts if row.subject_kind in _DOCUMENT_KINDS else ""
    return texts | {"amount": money, "document": document.strip()}


def _document_words(kind: str) -> str:
    return {
        "invoice": _("Invoice %(number)s"),
        "estimate": _("Estimate %(number)s"),
        "credit_note": _("Credit note %(number)s"),
        "sales_order": _("Sales order %(number)s"),
    }[kind]


def _sentences() -> dict[str, str]:
    return _document_sentences() | {
        Event.CUSTOMER_CREATED: _("Customer added"),
        Event.CUSTOMER_UPDATED: _("Details changed"),
        Event.CONTACT_ADDED: _("Contact %(name)s added"),
        Event.CONTACT_UPDATED: _("Contact %(name)s changed"),
        Event.CONTACT_REMOVED: _("Contact %(name)s removed"),
        Event.STEP_UP_ASKED: _("Asked for a code to confirm who it is"),
        Event.SESSION_PROVED: _("Confirmed by a code who it is"),
        Event.EMAIL_CHANGE_ASKED: _("Asked for another e-mail address"),
        Event.EMAIL_CHANGED: _("E-mail address changed"),
        Event.EMAIL_CHANGE_UNDONE: _("Change of the e-mail address taken back"),
        Event.LINK_GENERATED: _("Link generated"),
        Event.LINK_REVOKED: _("Link revoked"),
        Event.LINK_USED: _("Opened the portal by link"),
        Event.LINK_RENEWAL_ASKED: _("Asked for a new link in place of an expired one"),
        Event.LINK_MAIL_ASKED: _("Portal link to be e-mailed"),
        Event.MAIL_SENT: _("Mail sent to %(recipient)s"),
        Event.MAIL_FAILED: _("Mail to %(recipient)s not sent"),
        Event.ACCOUNT_SWITCHED: _("Switched to this account"),
        Event.SIGNED_LINK_REFUSED: _("Signed link refused"),
        Event.SETTINGS_CHANGED: _("Settings changed"),
        Event.SESSION_ENDED: _("Signed out of the portal"),
        Event.PAYMENT_RECORDED: _("Payment %(number)s of %(amount)s recorded"),
        Event.PAYMENT_REFUNDED: _("%(amount)s of payment %(number)s refunded"),
        Event.BALANCES_REPAIRED: _("Stored balances corrected from the ledger"),
        Event.PAYMENT_VOIDED: _("Payment %(number)s voided"),
        Event.FILE_ADDED: _("File %(name)s added"),
        Event.FILE_REMOVED: _("File %(name)s removed"),
    }


def _document_sentences() -> dict[str, str]:
    return {
        **dict.fromkeys(DRAFTED.values(), _("%(document)s drafted")),
        **dict.fromkeys(ISSUED.values(), _("%(document)s issued")),
        **dict.fromkeys(VIEWED.values(), _("%(document)s viewed")),
        **dict.fromkeys(VOIDED.values(), _("%(document)s voided")),
        Event.ESTIMATE_APPROVED: _("%(document)s approved"),
        Event.ESTIMATE_DECLINED: _("%(document)s declined"),
        Event.ESTIMATE_INVOICED: _("%(document)s invoiced"),
        Event.SALES_ORDER_INVOICED: _("%(document)s invoiced"),
        Event.INVOICE_WRITTEN_OFF: _("%(document)s written off"),
        Event.CREDIT_NOTE_APPLIED: _("%(document)s applied"),
        Event.DOCUMENT_MAIL_ASKED: _("Link to the document to be e-mailed"),
    }


def _details(row: Activity) -> str:
    if row.subject_kind == "message":
        reason = str(row.data.get("reason") or "")
        return " · ".join(filter(None, [str(row.data.get("subject") or ""), why_not_sent(reason)]))
    if row.verb in _LINKS:
        return link_kinds().get(str(row.data.get("purpose")), "")
    if row.verb == Event.SIGNED_LINK_REFUSED:
        return refusal_words(str(row.data.get("refusal")))
    return changed_details(row.data) or str(row.data.get("reason") or "")


def _origin(row: Activity) -> str:
    if row.actor_kind != "customer":
        return ""
    device = device_words(row.data["user_agent"]) if "user_agent" in row.data else ""
    return " · ".join(apart(text) for text in (device, network(row.ip)) if text)


def _who(row: Activity) -> str:
    names = {"operator": _("Command line"), "system": "Portico"}
    return names.get(row.actor_kind) or row.actor_label


def _url(row: Activity) -> str:
    if row.subject_kind in _DOCUMENT_KINDS:
        return reverse("document", args=[row.subject.public_id])
    return reverse("payment", args=[row.subject.public_id]) if row.subject_kind == "payment" else ""
