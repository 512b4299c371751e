"""The mail that brings a document to its customer."""

from django.utils.translation import get_language

from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.models import Document
from portico.lib.l10n import formatter
from portico.output.mail.actions.send import send
from portico.output.mail.emails import DocumentLink
from portico.output.wording.kinds import document_title


def mail_document(asked: Activity) -> None:
    """Mail the link to a document to its customer's address, as both are now; a document hidden since is not mailed."""
    document = Document.objects.select_related("business", "customer__business").get(pk=asked.subject_id)
    business, customer = document.business, document.customer
    by = Actor(asked.actor_kind, asked.actor_id, asked.actor_label)

    def write() -> DocumentLink:
        _grant, secret = link_to(customer, document.ref, by=by)
        title = document_title(document, formatter(get_language() or "en"))
        owed = document.open_amount if document.is_owed else None
        due_on = document.deadline if owed else None
        return DocumentLink(title, link_url(business, secret), owed, document.currency, due_on)

    if business.portal_enabled and customer.email and may_have_link(document):
        send(DocumentLink, write, about=asked, to=customer.email, business=business, customer=customer)
