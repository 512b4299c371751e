"""Seller and buyer as they stood when a document was written: a later change of address rewrites no invoice."""

from typing import Any

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Address, Customer

PARTY_FIELDS = (
    "name", "legal_name", "line1", "line2", "postal_code", "city", "region", "country",
    "tax_id", "tax_number", "registration_number", "registration_court", "directors", "legal_note", "email", "phone",
    "website", "contact",
)  # fmt: skip


def seller_snapshot(business: Business, language: str) -> dict[str, Any]:
    """Return the business as a party, to a reader of a language: the keys of `PARTY_FIELDS` that have a value."""
    note = business.text("legal_note", language)
    return _filled(business) | ({"legal_note": note} if note else {})


def buyer_snapshot(customer: Customer) -> dict[str, Any]:
    """Return the customer, with the billing address, as a party: the keys of `PARTY_FIELDS` that have a value."""
    address = next((address for address in customer.addresses.all() if address.kind == Address.Kind.BILLING), None)
    return _filled(customer) | (_filled(address) if address else {})


def _filled(source: Business | Customer | Address) -> dict[str, Any]:
    values = {name: getattr(source, name, "") for name in PARTY_FIELDS}
    return {name: value for name, value in values.items() if value}
