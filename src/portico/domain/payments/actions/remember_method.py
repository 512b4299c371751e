from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM, Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.payments.gateway import MethodDetails
from portico.domain.payments.models import GatewayAccount, MethodState, PaymentMethod


@transaction.atomic
def remember_method(
    customer: Customer, gateway_account: GatewayAccount, details: MethodDetails, *, by: Actor = SYSTEM
) -> PaymentMethod:
    """Keep a method that its provider saved; the customer's first one becomes the default.

    One that is known is brought up to date, and is usable again when it had been removed.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    active = PaymentMethod.objects.filter(customer=customer, state=MethodState.ACTIVE)
    is_known = active.filter(gateway_account=gateway_account, token=details.token).exists()
    method, _ = PaymentMethod.objects.update_or_create(
        gateway_account=gateway_account,
        token=details.token,
        defaults={
            "business_id": customer.business_id,
            "customer": customer,
            "provider_customer": details.provider_customer,
            "kind": details.kind,
            "brand": details.brand,
            "last4": details.last4,
            "holder": details.holder,
            "expires_on": details.expires_on,
            "state": MethodState.ACTIVE,
        },
    )
    if not active.filter(is_default=True).exists():
        method.is_default = True
        method.save(update_fields=["is_default"])
    if not is_known:
        record(
            Event.PAYMENT_METHOD_SAVED, method, by=by, data={"name": str(method), "gateway": gateway_account.gateway}
        )
    return method
