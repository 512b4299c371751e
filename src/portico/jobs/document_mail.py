"""The mail that brings a document to its customer."""

from collections.abc import Iterator, Sequence
from functools import partial

from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.mailing import recipients_of
from portico.domain.documents.models import Document
from portico.domain.documents.queries import attachments_named
from portico.jobs.send_all import send_all
from portico.lib.l10n import Formatter, current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.document_emails import DOCUMENT_EMAILS, DocumentEmail
from portico.output.mail.document_values import document_wording
from portico.output.mail.template import Attachment
from portico.output.pdf.pdf_files import document_filename, document_pdf
from portico.output.wording.kinds import document_title


def mail_document(asked: Activity) -> None:
    """Mail a document to whom it was asked for, as it is now; one that is hidden by now is not mailed."""
    document = Document.objects.select_related("business", "customer__business").get(pk=asked.subject_id)
    # What was asked before there was a choice went to the customer's main address.
    addresses = recipients_of(asked) or [document.customer.email]
    mail_document_to(addresses, document, asked, DOCUMENT_EMAILS[document.kind], document.kind)


def mail_document_to(
    addresses: Sequence[str], document: Document, about: Activity, kind: type[DocumentEmail], wording: str
) -> None:
    """Mail a document to some addresses, with the business's words of this name, or those that the activity has."""
    business, customer = document.business, document.customer
    by = Actor(about.actor_kind, about.actor_id, about.actor_label)

    def write() -> DocumentEmail:
        fmt = formatter(current_language())
        _grant, secret = link_to(customer, document.ref, by=by)
        owed = document.open_amount if document.is_owed else None
        return kind(
            title=document_title(document, fmt),
            url=link_url(business, secret),
            wording=document_wording(document, wording, fmt).changed_by(about.data),
            amount=owed,
            currency=document.currency,
            due_on=document.deadline if owed else None,
            attachments=(*_pdf(document, about, fmt), *_files(document, about)),
        )

    if not business.portal_enabled or not may_have_link(document):
        return
    send_all(
        partial(send, kind, write, about=about, to=address, business=business, customer=customer, document=document)
        for address in addresses
        if address
    )


def _pdf(document: Document, about: Activity, fmt: Formatter) -> tuple[Attachment, ...]:
    wanted = about.data.get("pdf")
    if not (document.business.mail_attaches_pdf if wanted is None else wanted):
        return ()
    return (Attachment(document_filename(document), document_pdf(document, fmt.language), "application/pdf"),)


def _files(document: Document, about: Activity) -> Iterator[Attachment]:
    """Yield the files that were to go along; what was removed or hidden since stays here."""
    for file in attachments_named(document, about.data.get("files", ())):
        yield Attachment(file.name, file.read(), file.media_type)
