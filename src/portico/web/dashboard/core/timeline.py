"""What happened, in words: who did what and when, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Kind
from portico.lib.l10n import Formatter, apart
from portico.lib.visitors import network
from portico.web.dashboard.core.changed_details import changed_details
from portico.web.dashboard.core.mail_labels import why_not_sent
from portico.web.dashboard.core.sign_in_labels import link_kinds, refusal_words
from portico.web.shared.device_words import device_words

_DOCUMENT_KINDS = frozenset(Kind.values)


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
    noun, _dot, happened = row.verb.partition(".")
    if noun in _DOCUMENT_KINDS:
        name = _document_words(noun) % {"number": row.data.get("number") or ""}
        return (_document_happenings().get(happened) or "%(document)s") % {"document": name.strip()}
    if row.verb == "link.used" and row.data.get("purpose") == "sign_in_mail":
        return _("Signed in by e-mail")
    if row.verb == "session.ended" and row.data.get("from_afar"):
        return _("A visit was ended")
    sentence = _sentences().get(row.verb)
    return sentence % _values(row.data, fmt) if sentence else row.verb


def _values(data: dict[str, Any], fmt: Formatter) -> dict[str, str]:
    amount, currency = data.get("amount"), data.get("currency")
    money = fmt.money(amount, currency) if isinstance(amount, int) and isinstance(currency, str) else ""
    texts = {name: str(data.get(name) or "") for name in ("number", "name", "recipient")}
    return texts | {"amount": money}


def _document_words(kind: str) -> str:
    return {
        "invoice": _("Invoice %(number)s"),
        "estimate": _("Estimate %(number)s"),
        "credit_note": _("Credit note %(number)s"),
        "sales_order": _("Sales order %(number)s"),
    }[kind]


def _document_happenings() -> dict[str, str]:
    return {
        "drafted": _("%(document)s drafted"),
        "issued": _("%(document)s issued"),
        "viewed": _("%(document)s viewed"),
        "approved": _("%(document)s approved"),
        "declined": _("%(document)s declined"),
        "invoiced": _("%(document)s invoiced"),
        "voided": _("%(document)s voided"),
        "written_off": _("%(document)s written off"),
        "applied": _("%(document)s applied"),
    }


def _sentences() -> dict[str, str]:
    return {
        "customer.created": _("Customer added"),
        "customer.updated": _("Details changed"),
        "contact.added": _("Contact %(name)s added"),
        "contact.updated": _("Contact %(name)s changed"),
        "contact.removed": _("Contact %(name)s removed"),
        "step_up.asked": _("Asked for a code to confirm who it is"),
        "session.proved": _("Confirmed by a code who it is"),
        "email_change.asked": _("Asked for another e-mail address"),
        "email.changed": _("E-mail address changed"),
        "email.change_undone": _("Change of the e-mail address taken back"),
        "link.generated": _("Link generated"),
        "link.revoked": _("Link revoked"),
        "link.used": _("Opened the portal by link"),
        "link.renewal_asked": _("Asked for a new link in place of an expired one"),
        "document.mail_asked": _("Link to the document to be e-mailed"),
        "link.mail_asked": _("Portal link to be e-mailed"),
        "mail.sent": _("Mail sent to %(recipient)s"),
        "mail.failed": _("Mail to %(recipient)s not sent"),
        "account.switched": _("Switched to this account"),
        "signed_link.refused": _("Signed link refused"),
        "settings.changed": _("Settings changed"),
        "session.ended": _("Signed out of the portal"),
        "payment.recorded": _("Payment %(number)s of %(amount)s recorded"),
        "payment.refunded": _("%(amount)s of payment %(number)s refunded"),
        "balances.repaired": _("Stored balances corrected from the ledger"),
        "payment.voided": _("Payment %(number)s voided"),
        "file.added": _("File %(name)s added"),
        "file.removed": _("File %(name)s removed"),
    }


def _details(row: Activity) -> str:
    if row.subject_kind == "message":
        reason = str(row.data.get("reason") or "")
        return " · ".join(filter(None, [str(row.data.get("subject") or ""), why_not_sent(reason)]))
    if row.verb in {"link.generated", "link.used", "link.revoked"}:
        return link_kinds().get(str(row.data.get("purpose")), "")
    if row.verb == "signed_link.refused":
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
