"""How a mail with a business's own words looks: with its newest document of that kind, or with an example."""

import base64
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import override

from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import Viewer
from portico.domain.businesses.models import Business
from portico.domain.documents.kinds import Kind
from portico.domain.documents.queries import documents
from portico.domain.payments.queries import payments
from portico.lib.l10n import Formatter, formatter
from portico.output.mail.composing import LOGO_CID, Composed, composed
from portico.output.mail.document_values import document_values
from portico.output.mail.more_values import filled
from portico.output.mail.template import EmailContent, EmailTemplate
from portico.output.mail.wordings import REMINDER, Wording, wording_of, wording_spec
from portico.output.wording.methods import method_label

_CENTS = 120_400


@dataclass(frozen=True, slots=True)
class PreviewEmail(EmailTemplate):
    """A mail as it would read. `wording` is filled in already; its button leads to the portal."""

    name: ClassVar[str] = "test"

    wording: Wording
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=self.wording.subject,
            heading=self.wording.subject,
            lead=[line for line in self.wording.text.splitlines() if line.strip()],
            button=_("Open the portal"),
            url=self.url,
            why=_("This is a test: customers get it with what it is about, such as the amount and the link."),
        )


def previewed(viewer: Viewer, name: str, language: str, wording: Wording) -> Wording:
    """Return words filled in for a preview. Raises WordingRefused."""
    fmt = formatter(language)
    with override(fmt.language):
        values = _example(viewer.business, fmt) | _newest(viewer, name, fmt)
    return filled(wording, {key: values[key] for key in wording_spec(name).names})


def composed_preview(business: Business, language: str, wording: Wording) -> Composed:
    """Return a mail with filled-in words, as text and as HTML."""
    return composed(lambda: PreviewEmail(wording, portal_base(business)), business, language)


def example_mail(business: Business, language: str) -> Composed:
    """Return the mail with an invoice as a business words it, about an example."""
    fmt = formatter(language)
    with override(fmt.language):
        values = _example(business, fmt)
    name = Kind.INVOICE.value
    wording = filled(wording_of(business, name, language), {key: values[key] for key in wording_spec(name).names})
    return composed_preview(business, language, wording)


def html_of(mail: Composed, logo: bytes) -> str:
    """Return a mail's HTML as a browser can show it: the logo, a PNG, is in it instead of beside it."""
    return mail.html.replace(f"cid:{LOGO_CID}", f"data:image/png;base64,{base64.b64encode(logo).decode()}")


def _newest(viewer: Viewer, name: str, fmt: Formatter) -> dict[str, str]:
    """The values of the newest thing of a kind, where there is one; what it has none of stays the example's."""
    if name == "receipt":
        payment = payments(viewer).select_related("customer").order_by("-id").first()
        if payment is None:
            return {}
        return {
            "customer": payment.customer.name,
            "number": fmt.code(payment.number),
            "amount": fmt.money(payment.amount, payment.currency),
            "date": fmt.long_date(payment.paid_on),
            "method": method_label(payment.method),
        }
    kind = Kind.INVOICE if name.startswith(REMINDER) or name == "statement" else Kind(name)
    rows = documents(viewer).filter(kind=kind).exclude(number="").select_related("customer", "business")
    found = rows.order_by("-id").first()
    if found is None:
        return {}
    return {key: value for key, value in document_values(found, fmt).items() if value and value != fmt.number(0)}


def _example(business: Business, fmt: Formatter) -> dict[str, str]:
    today, amount = fmt.long_date(business.today()), fmt.money(_CENTS, business.currency)
    return {
        "business": business.name,
        "customer": "Acme GmbH",
        "document": "INV-2041",
        "number": "INV-2041",
        "title": "",
        "purchase_order": "PO-7730",
        "issue_date": today,
        "due_date": today,
        "valid_until": today,
        "date": today,
        "days": fmt.number(7),
        "total": amount,
        "amount_due": amount,
        "amount": amount,
        "balance": amount,
        "method": method_label("bank_transfer"),
    }
