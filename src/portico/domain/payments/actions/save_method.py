"""A customer saves a payment method without paying: the provider is asked, outside of transactions, and it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.domain.payments.actions.remember_method import remember_method
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import ChargeInput, OutcomeState, ProviderRefused, SetupOutcome
from portico.domain.payments.models import GatewayAccount, Method, MethodState, PaymentMethod
from portico.domain.payments.queries import provider_customer
from portico.domain.payments.registry import gateway_named


@dataclass(frozen=True, slots=True)
class Setup:
    """What became of saving a method: it is kept here once the provider has it, and `is_new` if it was not before."""

    outcome: SetupOutcome
    method: PaymentMethod | None
    is_new: bool = False


def save_method(
    customer: Customer,
    account: GatewayAccount,
    kind: Method,
    details: Mapping[str, str],
    *,
    key: str,
    return_url: str,
    by: Actor,
) -> Setup:
    """Let a provider save what a customer typed; `return_url` is where a challenge leads back to.

    Raises ProviderUnreachable without an answer: the same key may be sent again.
    """
    asked = ChargeInput(
        key=key,
        amount=0,
        currency=customer.currency or customer.business.currency,
        method=kind,
        description=customer.business.name,
        return_url=return_url,
        details=details,
        save=True,
        customer_name=customer.name,
        customer_email=customer.email,
        provider_customer=provider_customer(customer, account),
    )
    try:
        outcome = gateway_named(account.gateway).save_method(credentials_of(account), asked)
    except ProviderRefused as refusal:
        outcome = SetupOutcome(OutcomeState.FAILED, failure_code=refusal.code, failure_message=refusal.message)
    return _kept(customer, account, outcome, by)


def finish_setup(customer: Customer, account: GatewayAccount, *, key: str, by: Actor) -> Setup:
    """Ask the provider what became of saving a method, after its own page. Raises ProviderUnreachable."""
    outcome = gateway_named(account.gateway).read_setup(credentials_of(account), key=key, provider_id="")
    return _kept(customer, account, outcome, by)


def _kept(customer: Customer, account: GatewayAccount, outcome: SetupOutcome, by: Actor) -> Setup:
    if outcome.state != OutcomeState.SUCCEEDED or outcome.method is None:
        return Setup(outcome, None)
    kept = PaymentMethod.objects.filter(gateway_account=account, token=outcome.method.token, state=MethodState.ACTIVE)
    is_new = not kept.exists()
    return Setup(outcome, remember_method(customer, account, outcome.method, by=by), is_new)
