"""What payment methods are called."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_METHODS = {
    "bank_transfer": gettext_noop("Bank transfer"),
    "card": gettext_noop("Card"),
    "direct_debit": gettext_noop("Direct debit"),
    "check": gettext_noop("Check"),
    "cash": gettext_noop("Cash"),
}
_OTHER = gettext_noop("Other")


def method_label(method: str) -> str:
    """Return how money came in: `Bank transfer`."""
    return _(_METHODS.get(method, _OTHER))
