"""The kinds of documents and payments in the portal: their place in URLs, and which of them a business shows."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.businesses.models import Business
from portico.domain.documents.kinds import Kind, shown_kinds

PAYMENT = "payment"
_MOST_QUOTED = 12


# What a kind is called in URLs, in the order of the tabs.
SLUGS: dict[str, str] = {
    Kind.INVOICE: "invoices",
    Kind.ESTIMATE: "estimates",
    Kind.CREDIT_NOTE: "credit-notes",
    PAYMENT: "payments",
    Kind.SALES_ORDER: "sales-orders",
}
_BY_SLUG = {slug: kind for kind, slug in SLUGS.items()}


def kind_of_slug(slug: str, business: Business) -> str | None:
    """Return the kind a path names, or None when there is none or the business does not show it."""
    kind = _BY_SLUG.get(slug)
    return kind if kind in kinds_shown(business) else None


def kinds_shown(business: Business) -> list[str]:
    """Return the kinds a business's customers see, in the order of the tabs."""
    shown = {*shown_kinds(business), PAYMENT}
    return [kind for kind in SLUGS if kind in shown]


def credit_label(kind: str, count: int) -> str:
    """Return `2 credit notes`, `1 payment on account`: what an open credit comes from."""
    # kinds: nothing else that customers see is a credit
    words = {
        Kind.CREDIT_NOTE: ngettext("%(count)s credit note", "%(count)s credit notes", count),
        PAYMENT: ngettext("%(count)s payment on account", "%(count)s payments on account", count),
    }
    return words.get(kind, ngettext("%(count)s correction", "%(count)s corrections", count)) % {"count": count}


def quote_sentence(numbers: list[str]) -> str:
    """Return what to write on a transfer for these invoices."""
    if not numbers:
        return ""
    if len(numbers) == 1:
        return _("Please quote the number %(number)s.") % {"number": numbers[0]}
    return _("Please quote the numbers of the invoices you pay.")


def quote_numbers(numbers: list[str]) -> str:
    """Return what to write on a transfer that pays all these invoices, by number unless they are too many."""
    if len(numbers) > _MOST_QUOTED:
        return _("Please quote the numbers of the invoices you pay.")
    return _("Please quote: %(numbers)s") % {"numbers": ", ".join(numbers)}
