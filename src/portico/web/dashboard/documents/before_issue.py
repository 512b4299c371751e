"""What a draft lacks that the law of the seller's country asks for."""

from django.utils.translation import gettext as _

from portico.domain.documents.models import Document, Lifecycle
from portico.domain.documents.warnings import legal_warnings
from portico.lib.l10n import Formatter
from portico.output.wording.business import business_field_label


def warnings_before_issue(document: Document, fmt: Formatter) -> list[str]:
    """Return what staff should know before they issue a draft; it can be issued all the same."""
    if document.lifecycle != Lifecycle.DRAFT:
        return []
    said = []
    for warning in legal_warnings(document):
        if warning.fields:
            country = document.business.country
            names = fmt.list([business_field_label(name, country) for name in warning.fields])
            said.append(_("The law of your country asks for more about your business: %(fields)s.") % {"fields": names})
        else:
            said.append(_("Something is taxed at 0% without a reason, which the law of your country asks for."))
    return said
