from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Address, Customer
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.models import Account
from portico.intake.identity import Keys, choose, keys_of_buyer, keys_of_record
from portico.intake.parsed import ParsedAddress, ParsedParty
from portico.lib.l10n import is_country

_EMAIL_SCHEME = "EM"


def find_buyer(business: Business, buyer: ParsedParty) -> Customer | None:
    """Return the customer of a business that a file's buyer is, or None. `intake.identity` has the rule."""
    keys = keys_of_buyer(buyer)
    rows = _candidates(business, buyer, keys)
    return choose(keys, [(customer, _keys_of(customer)) for customer in rows])


def match_buyer(business: Business, buyer: ParsedParty, *, currency: str, by: Actor) -> tuple[Account, Customer]:
    """Return the customer that a buyer is, made from what the file says when there is none yet, and its locked account.

    A customer that is there keeps its record; only the keys by which it is known again grow.
    """
    keys = keys_of_buyer(buyer)
    customer = find_buyer(business, buyer)
    if customer is None:
        customer, _ = upsert_customer(business, _new_customer(buyer, keys, currency), by=by)
    # The account before the row of the customer, as in every change of money.
    account = lock_account(business.pk, customer.pk, currency)
    known = sorted(keys.union(customer.import_keys))
    if known != customer.import_keys:
        Customer.objects.filter(pk=customer.pk).update(import_keys=known)
    return account, customer


def _candidates(business: Business, buyer: ParsedParty, keys: Keys) -> Iterable[Customer]:
    """Customers that share at least a key or a field with the buyer, oldest first."""
    wanted = Q(name__iexact=buyer.name)
    for key in keys:
        # The keys are short ASCII without quotes, so text search in the stored list finds exactly them.
        wanted |= Q(keys_text__contains=f'"{key}"')
    for value in filter(None, (buyer.vat_id, buyer.tax_number)):
        wanted |= Q(tax_id__iexact=value) | Q(tax_id__iexact=value.replace(" ", ""))
    if buyer.legal_id:
        wanted |= Q(registration_number__iexact=buyer.legal_id.value)
    rows = Customer.objects.filter(business=business).annotate(keys_text=Cast("import_keys", TextField()))
    return rows.filter(wanted).prefetch_related("addresses").order_by("id")


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


def _new_customer(buyer: ParsedParty, keys: Keys, currency: str) -> CustomerInput:
    contact, email = buyer.contact, _email(buyer)
    person = contact.name or contact.email
    return CustomerInput(
        name=buyer.name[:255],
        email=email,
        phone=contact.phone[:60],
        currency=currency,
        tax_id=(buyer.vat_id or buyer.tax_number)[:60],
        registration_number=buyer.legal_id.value[:60] if buyer.legal_id else "",
        addresses=_addresses(buyer.address),
        contacts=[ContactInput(person[:200], _valid_email(contact.email), contact.phone[:60])] if person else [],
        import_keys=sorted(keys),
    )


def _addresses(address: ParsedAddress) -> dict[str, dict[str, str]]:
    fields = {
        "line1": address.line1[:200],
        "line2": ", ".join(filter(None, (address.line2, address.line3)))[:200],
        "postal_code": address.postal_code[:30],
        "city": address.city[:120],
        "region": address.region[:120],
        "country": address.country if is_country(address.country) else "",
    }
    return {Address.Kind.BILLING: fields} if any(fields.values()) else {}


def _email(buyer: ParsedParty) -> str:
    """Where to write to: the contact's address, else the mailbox that invoices go to."""
    endpoint = buyer.endpoint
    mailbox = endpoint.value if endpoint and endpoint.scheme.upper() == _EMAIL_SCHEME else ""
    return _valid_email(buyer.contact.email) or _valid_email(mailbox)


def _valid_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= 254 else ""
