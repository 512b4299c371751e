"""What the domain refuses of a document, in the reader's language."""

from django.utils.translation import gettext as _

from portico.lib.errors import FieldError, PorticoError
from portico.web.dashboard.core.refusals import error_message, sentence


def refusal_message(error: PorticoError) -> str:
    """Return a refusal's sentence."""
    return _messages().get(error.message) or error_message(error)


def field_message(field: FieldError, error: PorticoError) -> str:
    """Return the sentence of what is wrong in one field."""
    return _messages().get(field.message) or sentence(error.code) or field.message


def _messages() -> dict[str, str]:
    """The domain's sentences, which are also those of the API, by themselves."""
    return {
        "The due date is before the issue date.": _("The due date is before the issue date."),
        "The expiry is before the issue date.": _("The expiry is before the issue date."),
        "The period ends before it starts.": _("The period ends before it starts."),
        "Dates lie between 1900 and 2199.": _("Dates lie between 1900 and 2199."),
        "A line is not taxed: give each line its own rate.": _("A line is not taxed: give each line its own rate."),
        "The standard rate is more than zero; what is zero rated is Z.": _(
            "The standard rate is more than zero; what is zero rated is Z."
        ),
        "Say why it is exempt.": _("Say why it is exempt."),
        "Give a code such as VATEX-EU-AE.": _("Give a code such as VATEX-EU-AE."),
        "The discount is more than what it is taken from.": _("The discount is more than what it is taken from."),
        "The draft was changed in the meantime.": _(
            "Somebody changed this draft in the meantime. What you typed is kept here: open the draft to see theirs, or"
            " save again to replace it."
        ),
        "The document comes to more than an amount can be.": _("The amount is too large."),
    }
