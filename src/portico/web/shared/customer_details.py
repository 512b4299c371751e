"""What is on file about a customer: the labels of its details, its addresses as lines."""

from django.utils.translation import gettext as _

from portico.domain.customers.models import ADDRESS_FIELDS, Address
from portico.lib.l10n import Formatter
from portico.output.wording.addresses import postal_lines


def detail_labels() -> dict[str, str]:
    """Return the labels of the details of customers, contacts and addresses, by the names of their columns."""
    return {
        "name": _("Name"),
        "legal_name": _("Legal name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "role": _("Role"),
        "tax_id": _("Tax ID"),
        "registration_number": _("Registration number"),
        "language": _("Language"),
        "currency": _("Currency"),
        "external_id": _("External id"),
        "payment_terms_days": _("Payment terms"),
        "credit_limit": _("Credit limit"),
        "reminders_stopped": _("Reminders"),
        "staff_notes": _("Notes for staff"),
        "line1": _("Street and number"),
        "line2": _("Further line"),
        "postal_code": _("Postal code"),
        "city": _("Town"),
        "region": _("State or region"),
        "country": _("Country"),
    }


def address_label(kind: str) -> str:
    """Return what a kind of address is called."""
    return _("Shipping address") if kind == Address.Kind.SHIPPING else _("Billing address")


def address_lines(address: Address | None, fmt: Formatter) -> list[str]:
    """Return an address as written in its country, the country in the reader's language."""
    return postal_lines({name: getattr(address, name) for name in ADDRESS_FIELDS}, fmt) if address else []
