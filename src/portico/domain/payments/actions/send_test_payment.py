from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import ChargeInput, Outcome, OutcomeState
from portico.domain.payments.models import GatewayAccount, Method
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Conflict
from portico.lib.ids import public_id, uuid7

# In minor units, where the provider takes as little.
_AMOUNT = 100


def send_test_payment(account: GatewayAccount) -> Outcome:  # reads: what it changes is at the provider
    """Charge a test card at the provider and give the money back, to see that keys and webhooks work.

    Nothing is booked here. Raises Conflict for an account that moves real money, ProviderRefused, ProviderUnreachable.
    """
    gateway, credentials = gateway_named(account.gateway), credentials_of(account)
    details = gateway.test_details(credentials)
    if not details:
        message = f"{gateway.label} moves real money with these keys, so no test payment is sent."
        raise Conflict(message, code="no_test_account")
    currency = account.business.currency
    charge = ChargeInput(
        key=public_id("payment_attempt", uuid7()),
        amount=max(_AMOUNT, gateway.capabilities().minimums.get(currency, 0)),
        currency=currency,
        method=Method.CARD,
        description=f"Test payment of {account.business}",
        return_url=credentials.webhook_url,
        details=details,
    )
    outcome = gateway.charge(credentials, charge)
    if outcome.state == OutcomeState.SUCCEEDED:
        key = public_id("refund", uuid7())
        gateway.refund(
            credentials, key=key, provider_id=outcome.provider_id, amount=outcome.amount, currency=outcome.currency
        )
    return outcome
