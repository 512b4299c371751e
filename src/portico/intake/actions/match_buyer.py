from django.core.exceptions import ValidationError

from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.checks import refuse_archived
from portico.domain.customers.models import Address, Customer
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.models import Account
from portico.intake.buyers import find_buyer
from portico.intake.identity import Keys, keys_of_buyer
from portico.intake.parsed import ParsedAddress, ParsedParty
from portico.lib.l10n import is_country
from portico.lib.one_line import validate_email

_EMAIL_SCHEME = "EM"


def match_buyer(business: Business, buyer: ParsedParty, *, currency: str, by: Actor) -> tuple[Account, Customer]:
    """Return the customer that a buyer is, made from what the file says when there is none yet, and its locked account.

    A customer that is there keeps its record; only the keys by which it is known again grow. Raises CustomerArchived.
    """
    keys = keys_of_buyer(buyer)
    customer = find_buyer(business, buyer)
    if customer is None:
        customer, _ = upsert_customer(business, _new_customer(buyer, keys, currency), by=by)
    refuse_archived(customer)
    # The account before the row of the customer, as in every change of money.
    account = lock_account(business.pk, customer.pk, currency)
    known = sorted(keys.union(customer.import_keys))
    if known != customer.import_keys:
        Customer.objects.filter(pk=customer.pk).update(import_keys=known)
    return account, customer


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
