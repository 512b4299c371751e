"""What a draft lacks that the law of the seller's country asks for."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portico.domain.businesses.legal import missing_for_invoices
from portico.domain.businesses.models import Business
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.documents.warnings import legal_warnings
from portico.lib.l10n import Formatter
from portico.output.wording.business import business_field_label


def warnings_before_issue(document: Document, fmt: Formatter) -> list[str]:
    """Return what staff should know before they issue a draft; it can be issued all the same."""
    if document.lifecycle != Lifecycle.DRAFT:
        return []
    return [
        _missing(warning.fields, document.business, fmt)
        if warning.fields
        else _("Something is taxed at 0% without a reason, which the law of your country asks for.")
        for warning in legal_warnings(document)
    ]


def warnings_before_writing(business: Business, kind: str, fmt: Formatter) -> list[str]:
    """Return what staff should know before they write a document of a kind, whatever will stand in it."""
    missing = missing_for_invoices(business) if SPECS[kind].sign else ()
    return [_missing(missing, business, fmt)] if missing else []


def _missing(fields: Sequence[str], business: Business, fmt: Formatter) -> str:
    names = fmt.list([business_field_label(name, business.country) for name in fields])
    return _("The law of your country asks for more about your business: %(fields)s.") % {"fields": names}
