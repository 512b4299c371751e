"""Who a business is, as its documents and its customers' pages say it, and what its documents begin with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business, DiscountTax
from portico.domain.businesses.texts import text_mistake
from portico.lib.errors import FieldError, Invalid
from portico.lib.l10n import LANGUAGES, is_country
from portico.lib.one_line import is_blank, validate_email

TEXTS = (
    "name", "legal_name", "line1", "line2", "postal_code", "city", "region", "country", "tax_id", "tax_number",
    "registration_number", "registration_court", "directors", "legal_note", "email", "phone", "website", "terms_url",
    "privacy_url", "language", "default_terms", "discount_tax",
)  # fmt: skip
PROFILE_FIELDS = (*TEXTS, "default_due_days", "default_prices_include_tax", "ageing_edges")

MOST_DUE_DAYS = 365
MOST_EDGES = 6
LAST_EDGE = 3650

_url = URLValidator(schemes=["https", "http"])


@transaction.atomic
def change_profile(business: Business, changes: Mapping[str, Any], *, by: Actor) -> Business:
    """Set some of `PROFILE_FIELDS`; what is unchanged is not recorded. Raises Invalid with every field that is wrong.

    Documents that were written before keep who the business was then.
    """
    after = _checked({name: changes[name] for name in PROFILE_FIELDS if name in changes})
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, after, Event.PROFILE_CHANGED, by)


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept: texts without blanks around them, edges in their order."""
    wrong: list[FieldError] = []
    for name in TEXTS:
        if name in changes:
            changes[name] = str(changes[name]).replace("\r\n", "\n").strip()
            wrong += [FieldError(f"/{name}", message) for message in [_text_mistake(name, changes[name])] if message]
    days = changes.get("default_due_days")
    if days is not None and not 0 <= days <= MOST_DUE_DAYS:
        wrong.append(FieldError("/default_due_days", f"Give a number of days from 0 to {MOST_DUE_DAYS}."))
    if "ageing_edges" in changes and not _are_edges(changes["ageing_edges"]):
        message = f"Give up to {MOST_EDGES} numbers of days, each larger than the one before, such as 30, 60, 90."
        wrong.append(FieldError("/ageing_edges", message))
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    if "ageing_edges" in changes:
        changes["ageing_edges"] = list(changes["ageing_edges"])
    return changes


def _text_mistake(name: str, value: str) -> str:
    rule = _RULES.get(name)
    return text_mistake(name, value) or (rule(value) if rule else "")


def _named(value: str) -> str:
    return "A business needs a name." if is_blank(value) else ""


def _country(value: str) -> str:
    return "" if is_country(value) else f"{value!r} is not an ISO 3166 country code."


def _language(value: str) -> str:
    return "" if not value or value in LANGUAGES else f"Portico speaks {', '.join(LANGUAGES)}."


def _discount_tax(value: str) -> str:
    known = ", ".join(DiscountTax.values)
    return "" if not value or value in DiscountTax.values else f"Give one of {known}."


def _passes(check: Callable[[str], None], message: str) -> Callable[[str], str]:
    def rule(value: str) -> str:
        try:
            check(value)
        except ValidationError:
            return message if value else ""
        return ""

    return rule


_WEB_ADDRESS = _passes(_url, "Give a whole address such as https://www.example.com.")
_RULES: dict[str, Callable[[str], str]] = {
    "name": _named,
    "country": _country,
    "language": _language,
    "discount_tax": _discount_tax,
    "email": _passes(validate_email, "This is not an e-mail address."),
    "website": _WEB_ADDRESS,
    "terms_url": _WEB_ADDRESS,
    "privacy_url": _WEB_ADDRESS,
}


def _are_edges(edges: Sequence[int]) -> bool:
    pairs = zip([0, *edges], edges, strict=False)
    return len(edges) <= MOST_EDGES and all(before < after <= LAST_EDGE for before, after in pairs)
