"""The warning that a customer owes more than its credit limit, once something was issued."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.limits import is_over_limit
from portico.domain.customers.models import Customer
from portico.domain.documents.customer_balances import balances_of
from portico.lib.l10n import Formatter


def warn_of_credit_limit(request: HttpRequest, viewer: StaffViewer, customer: Customer, fmt: Formatter) -> None:
    """Say on the next page that the customer is over its credit limit, if it is."""
    currency = customer.credit_limit_currency
    if not currency:
        return
    owed = dict(balances_of(viewer, [customer.pk]).get(customer.pk, [])).get(currency, 0)
    if is_over_limit(customer, currency, owed):
        words = {"balance": fmt.money(owed, currency), "limit": fmt.money(customer.credit_limit or 0, currency)}
        messages.error(
            request, _("The customer now owes %(balance)s, more than the credit limit of %(limit)s.") % words
        )
