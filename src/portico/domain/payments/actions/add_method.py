from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.domain.payments.actions.remember_method import remember_method
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import ChargeInput, OutcomeState, SavedMethodInput
from portico.domain.payments.models import GatewayAccount, Method, PaymentMethod
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Conflict, FieldError, Invalid, NotFound
from portico.lib.ids import public_id, uuid7


def add_method(
    customer: Customer, gateway_account: GatewayAccount, saved: SavedMethodInput, kind: Method, *, by: Actor
) -> PaymentMethod:
    """Keep a method that a program has saved at a provider: the provider is asked for it, outside of transactions.

    Adding it again changes nothing. Raises NotFound for a gateway that is switched off, Invalid for a token that the
    provider can't charge without the customer, Conflict for one of another customer, ProviderUnreachable.
    """
    gateway = gateway_named(gateway_account.gateway)
    if not gateway_account.enabled or not gateway.capabilities().saves_methods:
        raise NotFound("Methods are not saved at this gateway.", code="unknown_gateway")
    taken = PaymentMethod.objects.filter(gateway_account=gateway_account, token=saved.token)
    if taken.exclude(customer=customer).exists():
        message = "This token is another customer's."
        raise Conflict(message, code="token_taken", fields=[FieldError("/token", message)])
    asked = ChargeInput(
        key=public_id("payment_method", uuid7()),
        amount=0,
        currency=customer.currency or customer.business.currency,
        method=kind,
        description=customer.business.name,
        return_url="",
        saved=saved,
        save=True,
        off_session=True,
        customer_name=customer.name,
        customer_email=customer.email,
        provider_customer=saved.provider_customer,
    )
    outcome = gateway.save_method(credentials_of(gateway_account), asked)
    if outcome.state != OutcomeState.SUCCEEDED or outcome.method is None:
        message = "The provider has no such method, or it can't be charged without the customer."
        raise Invalid(message, code=outcome.failure_code or "unknown_token", fields=[FieldError("/token", message)])
    return remember_method(customer, gateway_account, outcome.method, by=by)
