"""Which customer of a business a buyer is."""

from collections.abc import Iterable

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Address, Customer
from portico.intake.identity import Keys, choose, keys_of_buyer, keys_of_record
from portico.intake.parsed import ParsedAddress, ParsedParty
from portico.lib.folding import sorted_as


def find_buyer(business: Business, buyer: ParsedParty) -> Customer | None:
    """Return the customer of a business that a file's buyer is, or None. `intake.identity` has the rule.

    One that was merged into another is known by what it was, and is the other.
    """
    keys = keys_of_buyer(buyer)
    rows = _candidates(business, buyer, keys)
    found = choose(keys, [(customer, _keys_of(customer)) for customer in rows])
    return found.merged_into or found if found else None


def _candidates(business: Business, buyer: ParsedParty, keys: Keys) -> Iterable[Customer]:
    """Customers that share at least a key or a field with the buyer, oldest first."""
    wanted = Q(sort_name=sorted_as(buyer.name))
    for key in keys:
        # The keys are short ASCII without quotes, so text search in the stored list finds exactly them.
        wanted |= Q(keys_text__contains=f'"{key}"')
    for value in filter(None, (buyer.vat_id, buyer.tax_number)):
        wanted |= Q(tax_id__iexact=value) | Q(tax_id__iexact=value.replace(" ", ""))
    if buyer.legal_id:
        wanted |= Q(registration_number__iexact=buyer.legal_id.value)
    rows = Customer.objects.filter(business=business).annotate(keys_text=Cast("import_keys", TextField()))
    return rows.filter(wanted).select_related("merged_into").prefetch_related("addresses").order_by("id")


def _keys_of(customer: Customer) -> Keys:
    address = next((row for row in customer.addresses.all() if row.kind == Address.Kind.BILLING), None)
    record = keys_of_record(
        name=customer.name,
        email=customer.email,
        tax_id=customer.tax_id,
        registration_number=customer.registration_number,
        address=ParsedAddress(
            line1=address.line1,
            line2=address.line2,
            city=address.city,
            postal_code=address.postal_code,
            country=address.country,
        )
        if address
        else ParsedAddress(),
    )
    return record.union(customer.import_keys)
