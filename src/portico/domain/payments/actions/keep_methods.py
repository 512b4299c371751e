"""Which of a customer's saved methods is charged by default, and which are kept no longer."""

import logging

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.errors import WrongState
from portico.domain.ledger.actions.lock import lock_accounts_of
from portico.domain.payments.actions.autopay import leave
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import ProviderRefused, ProviderUnreachable, SavedMethodInput
from portico.domain.payments.models import ACTIVE_STATES, MethodState, PaymentAttempt, PaymentMethod
from portico.domain.payments.registry import gateway_named

logger = logging.getLogger(__name__)


@transaction.atomic
def make_default(method: PaymentMethod, *, by: Actor) -> PaymentMethod:
    """Charge this method where no other is named. Raises WrongState for one that was removed."""
    method = _locked(method)
    if method.state != MethodState.ACTIVE:
        raise WrongState("This payment method was removed.")
    if not method.is_default:
        PaymentMethod.objects.filter(customer=method.customer_id, is_default=True).update(is_default=False)
        method.is_default = True
        method.save(update_fields=["is_default"])
        record(Event.PAYMENT_METHOD_DEFAULT, method, by=by, data={"name": str(method)})
    return method


def remove_method(method: PaymentMethod, *, by: Actor) -> PaymentMethod:
    """Keep a method no longer, here and then at its provider; the newest of the others becomes the default.
    Without another one, the customer leaves AutoPay, and no plan collects any more.

    Removing it again changes nothing. Raises WrongState while a payment with it is under way. A provider that gives no
    answer still has the method; it is charged no more.
    """
    method, was_active = _remove(method, by)
    if was_active:
        account = method.gateway_account
        try:
            saved = SavedMethodInput(method.token, method.provider_customer)
            gateway_named(account.gateway).remove_method(credentials_of(account), saved)
        except (ProviderUnreachable, ProviderRefused) as failure:
            logger.warning("Method %s is still kept at its provider (%s).", method.public_id, failure.code)
    return method


@transaction.atomic
def _remove(method: PaymentMethod, by: Actor) -> tuple[PaymentMethod, bool]:
    # Leaving AutoPay changes plans: their accounts come before the customer.
    lock_accounts_of(method.customer_id)
    method = _locked(method)
    if method.state != MethodState.ACTIVE:
        return method, False
    if PaymentAttempt.objects.filter(saved_method=method, state__in=ACTIVE_STATES).exists():
        raise WrongState("A payment with this method is under way.")
    was_default, method.is_default, method.state = method.is_default, False, MethodState.REMOVED
    method.save(update_fields=["is_default", "state"])
    if was_default:
        others = PaymentMethod.objects.filter(customer=method.customer_id, state=MethodState.ACTIVE)
        newest = others.order_by("-id").first()
        if newest is None:
            leave(method.customer, by=by)
        else:
            newest.is_default = True
            newest.save(update_fields=["is_default"])
    record(Event.PAYMENT_METHOD_REMOVED, method, by=by, data={"name": str(method)})
    return method, True


def _locked(method: PaymentMethod) -> PaymentMethod:
    Customer.objects.select_for_update(no_key=True).get(pk=method.customer_id)
    return PaymentMethod.objects.select_related("customer", "gateway_account__business").get(pk=method.pk)
