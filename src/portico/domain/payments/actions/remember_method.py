from django.db import transaction

from portico.domain.customers.models import Customer
from portico.domain.payments.gateway import MethodDetails
from portico.domain.payments.models import GatewayAccount, MethodState, PaymentMethod


@transaction.atomic
def remember_method(customer: Customer, gateway_account: GatewayAccount, details: MethodDetails) -> PaymentMethod:
    """Keep a method that its provider saved; the customer's first one becomes the default.

    One that is known is brought up to date, and is usable again when it had been removed.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    others = PaymentMethod.objects.filter(customer=customer, state=MethodState.ACTIVE, is_default=True)
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
    if not others.exists():
        method.is_default = True
        method.save(update_fields=["is_default"])
    return method
