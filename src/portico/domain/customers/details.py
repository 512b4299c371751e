"""What a customer may change of its own details, as one flat table: what is compared, recorded and told apart."""

import hashlib
import json
from collections.abc import Mapping

from portico.domain.customers.models import ADDRESS_FIELDS, Address, Contact, Customer

DETAIL_FIELDS = ("phone", "tax_id", "language")
CONTACT_FIELDS = ("name", "email", "phone", "role")


def details_of(customer: Customer) -> dict[str, str]:
    """Return the details by name, an address's as `billing.city`; what is not known is empty."""
    addresses = {address.kind: address for address in customer.addresses.all()}
    details = {name: str(getattr(customer, name)) for name in DETAIL_FIELDS}
    for kind in Address.Kind:
        address = addresses.get(kind)
        details |= {f"{kind}.{name}": str(getattr(address, name)) if address else "" for name in ADDRESS_FIELDS}
    return details


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
