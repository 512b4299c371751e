"""What is on file about a customer as one flat table of texts: what is compared, recorded and told apart."""

import hashlib
import json
from collections.abc import Mapping

from portico.domain.customers.models import ADDRESS_FIELDS, Address, Contact, Customer
from portico.lib.money import to_major

# What a customer may change itself, beside its addresses.
DETAIL_FIELDS = ("phone", "tax_id", "language")
# What staff may, beside the addresses.
STAFF_FIELDS = (
    "name", "legal_name", "email", "phone", "external_id", "tax_id", "registration_number", "language", "currency",
    "payment_terms_days", "credit_limit", "reminders_stopped", "staff_notes",
)  # fmt: skip
CONTACT_FIELDS = ("name", "email", "phone", "role")


def details_of(customer: Customer) -> dict[str, str]:
    """Return the details by name, an address's as `billing.city`; what is not known is empty."""
    return {name: str(getattr(customer, name)) for name in DETAIL_FIELDS} | _addresses_of(customer)


def staff_details_of(customer: Customer) -> dict[str, str]:
    """Return all that staff may change, by name, as `details_of` does.

    A credit limit is a decimal in major units, a flag is `yes` or empty.
    """
    limit, terms = customer.credit_limit, customer.payment_terms_days
    texts = {name: str(getattr(customer, name)) for name in STAFF_FIELDS} | {
        "payment_terms_days": "" if terms is None else str(terms),
        "credit_limit": "" if limit is None else f"{to_major(limit, customer.credit_limit_currency):f}",
        "reminders_stopped": "yes" if customer.reminders_stopped else "",
    }
    return texts | _addresses_of(customer)


def _addresses_of(customer: Customer) -> dict[str, str]:
    addresses = {address.kind: address for address in customer.addresses.all()} if customer.pk else {}
    found: dict[str, str] = {}
    for kind in Address.Kind:
        address = addresses.get(kind)
        found |= {f"{kind}.{name}": str(getattr(address, name)) if address else "" for name in ADDRESS_FIELDS}
    return found


def contact_details(contact: Contact) -> dict[str, str]:
    """Return what is known of a contact, by name."""
    return {name: str(getattr(contact, name)) for name in CONTACT_FIELDS}


def version_of(details: Mapping[str, str]) -> str:
    """Name what details say: two readers who saw the same have the same name for it."""
    return hashlib.sha256(json.dumps(details, sort_keys=True).encode()).hexdigest()[:32]


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, object]:
    """Return what the history keeps of a change: the names of what changed, and their values before and after."""
    changed = [name for name in after if after[name] != before.get(name, "")]
    return {
        "changed": changed,
        "before": {name: before.get(name, "") for name in changed},
        "after": {name: after[name] for name in changed},
    }
