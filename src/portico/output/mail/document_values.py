"""What the placeholders of a mail about a document stand for."""

from django.utils.translation import override

from portico.domain.documents.models import Document
from portico.lib.l10n import Formatter
from portico.output.mail.more_values import filled
from portico.output.mail.wordings import Wording, wording_of, wording_spec
from portico.output.wording.kinds import document_title


def document_wording(document: Document, name: str, fmt: Formatter) -> Wording:
    """Return what the business says about a document under this name, filled in, in the formatter's language."""
    with override(fmt.language):
        values = document_values(document, fmt)
    known = {key: values[key] for key in wording_spec(name).names}
    chosen = wording_of(document.business, name, fmt.language)
    return filled(chosen, known)


def document_values(document: Document, fmt: Formatter) -> dict[str, str]:
    """Return the values of every placeholder that a mail about a document may have; empty where there is nothing."""
    due_on = document.deadline if document.is_owed else None
    late = abs((document.business.today() - due_on).days) if due_on else 0
    return {
        "business": document.business.name,
        "customer": document.customer.name,
        "document": document_title(document, fmt),
        "number": fmt.code(document.number),
        "title": document.title,
        "purchase_order": fmt.code(document.purchase_order) if document.purchase_order else "",
        "issue_date": fmt.long_date(document.issued_on),
        "total": fmt.money(document.payable, document.currency),
        "amount_due": fmt.money(document.open_amount, document.currency) if document.is_owed else "",
        "due_date": fmt.long_date(due_on) if due_on else "",
        "days": fmt.number(late),
        "valid_until": fmt.long_date(document.expires_on) if document.expires_on else "",
    }
