"""What notes of a document are headed with."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# The subjects of UNTDID 4451 that invoices use; every other note is just a note.
_SUBJECTS = {
    "AAK": gettext_noop("Price conditions"),
    "ABL": gettext_noop("Legal information"),
    "ACB": gettext_noop("Additional information"),
    "CUS": gettext_noop("Customs"),
    "DEL": gettext_noop("Delivery"),
    "PMD": gettext_noop("Payment"),
    "PMT": gettext_noop("Payment"),
    "REG": gettext_noop("Legal information"),
    "SUR": gettext_noop("From the supplier"),
    "TXD": gettext_noop("Tax"),
    "WHI": gettext_noop("Warehouse"),
}
_OTHER = gettext_noop("Notes")


def note_heading(subject: str) -> str:
    """Return the heading of a note about a subject, or of one that names none."""
    return _(_SUBJECTS.get(subject, _OTHER))
