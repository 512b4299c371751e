"""What the business knows of a customer, as lines: the postal address, and what an invoice still needs."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.customers.models import Address, Customer
from portico.lib.l10n import Formatter
from portico.web.shared.customer_details import address_lines


def billing_address(viewer: CustomerViewer) -> Address | None:
    """Return the customer's billing address."""
    prefetch_related_objects([viewer.customer], "addresses")
    return next((row for row in viewer.customer.addresses.all() if row.kind == Address.Kind.BILLING), None)


def letter_lines(customer: Customer, address: Address | None, fmt: Formatter) -> list[str]:
    """Return the name, the postal address and the e-mail address, one line each, without empty ones."""
    return [customer.name, *address_lines(address, fmt), *filled(customer.email)]


def missing_fields(customer: Customer, address: Address | None) -> list[str]:
    """Return what an invoice needs and nobody has told the business yet, as words."""
    missing = []
    if not customer.email:
        missing.append(_("e-mail address"))
    if address is None or not (address.line1 and address.city and address.country):
        missing.append(_("billing address"))
    return missing


def filled(text: str) -> list[str]:
    """Return a text as lines: none where it is empty."""
    return [text] if text else []
