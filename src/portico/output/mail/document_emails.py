"""Mails that bring a customer a document, with the words that its business chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.domain.documents.kinds import Kind
from portico.lib.l10n import Formatter
from portico.output.mail.emails import personal
from portico.output.mail.template import Attachment, EmailContent, EmailTemplate
from portico.output.mail.wordings import Wording


@dataclass(frozen=True, slots=True)
class DocumentEmail(EmailTemplate):
    """One document: `title` reads `Invoice 2026-0041`; its amount in minor units and its due date, where it has them.

    `wording` is filled in already.
    """

    name: ClassVar[str] = "document"

    title: str
    url: str
    wording: Wording
    amount: int | None = None
    currency: str = ""
    due_on: date | None = None
    attachments: tuple[Attachment, ...] = ()

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        facts = []
        if self.amount is not None:
            facts.append((_("Amount"), fmt.money(self.amount, self.currency)))
        if self.due_on is not None:
            facts.append((_("Due"), fmt.long_date(self.due_on)))
        return EmailContent(
            subject=self.wording.subject,
            heading=self.title,
            lead=[line for line in self.wording.text.splitlines() if line.strip()],
            facts=facts,
            button=_("Show the document"),
            url=self.url,
            after=[personal()],
            why=_("You get this mail because you are a customer of %(business)s.") % {"business": sender},
            attachments=self.attachments,
        )


class InvoiceEmail(DocumentEmail):
    """An invoice."""

    name: ClassVar[str] = "invoice"


class EstimateEmail(DocumentEmail):
    """An estimate."""

    name: ClassVar[str] = "estimate"


class CreditNoteEmail(DocumentEmail):
    """A credit note."""

    name: ClassVar[str] = "credit_note"


class SalesOrderEmail(DocumentEmail):
    """A sales order."""

    name: ClassVar[str] = "sales_order"


class ReminderEmail(DocumentEmail):
    """An invoice that is due soon, or past due."""

    name: ClassVar[str] = "reminder"


DOCUMENT_EMAILS: Mapping[str, type[DocumentEmail]] = {
    Kind.INVOICE: InvoiceEmail,
    Kind.ESTIMATE: EstimateEmail,
    Kind.CREDIT_NOTE: CreditNoteEmail,
    Kind.SALES_ORDER: SalesOrderEmail,
}
