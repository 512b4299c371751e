"""Stripe: cards, SEPA debits and ACH debits by payment intents, saved by setup intents.

What a customer types goes from Stripe's own form to Stripe, which gives a confirmation token for it. A charge is one
request: it makes an intent and confirms it with that token, so an intent that nobody confirmed is never left behind.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import stripe
from django.utils.translation import gettext_lazy

from portico.domain.payments.gateway import (
    AccountField,
    Capabilities,
    ChargeInput,
    Credentials,
    DisputeOutcome,
    Outcome,
    OutcomeState,
    ProviderEvent,
    ProviderRefused,
    ProviderUnreachable,
    RefundOutcome,
    SavedMethodInput,
    SetupOutcome,
)
from portico.gateways.stripe import webhooks
from portico.gateways.stripe.amounts import MINIMUMS, to_stripe, units_per_minor
from portico.gateways.stripe.client import KEY, asking, client_of
from portico.gateways.stripe.find import intent_by_key, refund_by_key, setup_by_key
from portico.gateways.stripe.outcomes import declined, dispute_outcome, outcome, refund_outcome, setup_outcome

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams, SetupIntentCreateParams

# Which of Stripe's methods a way to pay stands for, by currency.
_DEBITS = {"EUR": "sepa_debit", "USD": "us_bank_account"}


class StripeGateway:
    """Charges through a business's own account at Stripe."""

    name = "stripe"
    label = "Stripe"

    def capabilities(self) -> Capabilities:
        """Cards in every currency, bank debits in euros and US dollars; saved, refunded in part or whole."""
        return Capabilities(
            methods=("card", "direct_debit"),
            method_currencies={"direct_debit": frozenset(_DEBITS)},
            saves_methods=True,
            refunds=True,
            partial_refunds=True,
            minimums=MINIMUMS,
        )

    def account_fields(self) -> tuple[AccountField, ...]:
        """The keys of Stripe's dashboard."""
        return (
            AccountField("publishable_key", gettext_lazy("Publishable key"), secret=False, starts_with=("pk_",)),
            AccountField("secret_key", gettext_lazy("Secret key"), secret=True, starts_with=("sk_", "rk_")),
            # Stripe makes it when it is told where to post, so it may follow later.
            AccountField(
                "webhook_secret", gettext_lazy("Webhook secret"), secret=True, required=False, starts_with=("whsec_",)
            ),
        )

    def form_values(self, method: str, currency: str) -> Mapping[str, str]:
        """The method as Stripe calls it, and how many of its units a minor unit of Portico's is."""
        return {"type": _kind(method, currency), "factor": str(units_per_minor(currency))}

    def test_details(self, credentials: Credentials) -> Mapping[str, str]:
        """Stripe's own test card, where the keys are test keys."""
        return {"stripe_token": "pm_card_visa"} if "_test_" in credentials.secrets.get("secret_key", "") else {}

    def identify(self, credentials: Credentials) -> str:
        """Return the account's id at Stripe. Raises ProviderRefused also for keys of which one is a test key."""
        publishable, secret = credentials.settings.get("publishable_key", ""), credentials.secrets.get("secret_key", "")
        if ("_test_" in publishable) != ("_test_" in secret):
            raise ProviderRefused("One of the two keys is a test key, the other is not.", code="keys_do_not_match")
        with asking("identify an account"):
            return client_of(credentials).v1.accounts.retrieve_current().id

    def charge(self, credentials: Credentials, charge: ChargeInput) -> Outcome:
        """Make a charge, or return what became of it when this key was used before."""
        with asking("charge"):
            client = client_of(credentials)
            params = _payment(charge, _customer(client, charge))
            try:
                return outcome(client.v1.payment_intents.create(params, {"idempotency_key": charge.key}))
            except stripe.CardError as error:
                return self._declined(credentials, charge.key, error)
            except stripe.IdempotencyError:
                # The key was used with another token, as when a form is sent again: what counts is the first charge.
                return self.read_charge(credentials, key=charge.key, provider_id="")

    def read_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """Return what became of a charge; `unknown` when Stripe never got it."""
        with asking("read a payment intent"):
            client = client_of(credentials)
            if provider_id:
                return outcome(client.v1.payment_intents.retrieve(provider_id, {"expand": ["payment_method"]}))
            found = intent_by_key(client, key)
            return outcome(found) if found else Outcome(OutcomeState.UNKNOWN)

    def cancel_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """Make sure that an unfinished charge collects nothing any more, and return what became of it."""
        with asking("cancel a payment intent"):
            client = client_of(credentials)
            provider_id = provider_id or _claimed(client, key)
            # It may have come too far to be canceled, or be canceled already: what is so is read.
            with suppress(stripe.InvalidRequestError):
                client.v1.payment_intents.cancel(provider_id)
            return self.read_charge(credentials, key=key, provider_id=provider_id)

    def save_method(self, credentials: Credentials, charge: ChargeInput) -> SetupOutcome:
        """Save a method without charging it, or return what became of it when this key was used before."""
        with asking("save a method"):
            client = client_of(credentials)
            params = _setup(charge, _customer(client, charge))
            try:
                return setup_outcome(client.v1.setup_intents.create(params, {"idempotency_key": charge.key}))
            except stripe.CardError as error:
                code, message = declined(error)
                return SetupOutcome(OutcomeState.FAILED, failure_code=code, failure_message=message)
            except stripe.IdempotencyError:
                return self.read_setup(credentials, key=charge.key, provider_id="")

    def read_setup(self, credentials: Credentials, *, key: str, provider_id: str) -> SetupOutcome:
        """Return what became of saving a method."""
        with asking("read a setup intent"):
            client = client_of(credentials)
            if provider_id:
                return setup_outcome(client.v1.setup_intents.retrieve(provider_id, {"expand": ["payment_method"]}))
            found = setup_by_key(client, key)
            return setup_outcome(found) if found else SetupOutcome(OutcomeState.UNKNOWN)

    def remove_method(self, credentials: Credentials, saved: SavedMethodInput) -> None:
        """Take a saved method from its customer at Stripe. One that is gone already stays so."""
        with asking("remove a method"):
            try:
                client_of(credentials).v1.payment_methods.detach(saved.token)
            except stripe.InvalidRequestError as error:
                if error.code != "resource_missing" and "not attached" not in str(error):
                    raise

    def refund(
        self, credentials: Credentials, *, key: str, provider_id: str, amount: int, currency: str
    ) -> RefundOutcome:
        """Give part or all of a charge back, or return what became of it when this key was used before."""
        with asking("refund"):
            client = client_of(credentials)
            try:
                return refund_outcome(
                    client.v1.refunds.create(
                        {"payment_intent": provider_id, "amount": to_stripe(amount, currency), "metadata": {KEY: key}},
                        {"idempotency_key": key},
                    )
                )
            except stripe.InvalidRequestError as error:
                # More than is left of it, refunded or disputed already.
                return RefundOutcome(OutcomeState.FAILED, failure_message=error.user_message or "Stripe refused.")
            except stripe.IdempotencyError:
                return self.read_refund(credentials, key=key, provider_id="")

    def read_refund(self, credentials: Credentials, *, key: str, provider_id: str) -> RefundOutcome:
        """Return what became of a refund; `unknown` when Stripe never got it."""
        with asking("read a refund"):
            client = client_of(credentials)
            found = client.v1.refunds.retrieve(provider_id) if provider_id else refund_by_key(client, key)
            return refund_outcome(found) if found else RefundOutcome(OutcomeState.UNKNOWN)

    def read_dispute(self, credentials: Credentials, dispute_id: str) -> DisputeOutcome | None:
        """Return how far a dispute has come; None for one that Stripe does not know."""
        with asking("read a dispute"):
            try:
                return dispute_outcome(client_of(credentials).v1.disputes.retrieve(dispute_id))
            except stripe.InvalidRequestError as error:
                if error.code != "resource_missing":
                    raise
                return None

    def parse_webhook(self, credentials: Credentials, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        """Prove that a webhook comes from Stripe: `Stripe-Signature`, at most five minutes old."""
        return webhooks.parse(credentials, headers, body)

    def keep_up(self) -> None:
        """Stripe does everything by itself."""

    def _declined(self, credentials: Credentials, key: str, error: stripe.CardError) -> Outcome:
        """Return the outcome of a declined charge, with the id of the intent that it left at Stripe."""
        code, message = declined(error)
        left = error.error.payment_intent if error.error else None
        identity = left.id if left else self.read_charge(credentials, key=key, provider_id="").provider_id
        return Outcome(OutcomeState.FAILED, identity, failure_code=code, failure_message=message)


def _claimed(client: stripe.StripeClient, key: str) -> str:
    """Return the id of the intent that has this key; when there is none, of one that takes the key for good.

    A charge that is still on its way is refused then, because its key is used: it collects nothing.
    """
    found = intent_by_key(client, key)
    if found is None:
        try:
            # It is never confirmed, so its amount does not matter.
            found = client.v1.payment_intents.create(
                {"amount": 100, "currency": "usd", "metadata": {KEY: key}}, {"idempotency_key": key}
            )
        except (stripe.IdempotencyError, stripe.CardError):
            found = intent_by_key(client, key)
    if found is None:
        raise ProviderUnreachable("Stripe is still busy with this key.")
    return found.id


def _kind(method: str, currency: str) -> str:
    return "card" if method == "card" else _DEBITS[currency]


def _payment(charge: ChargeInput, customer: str) -> "PaymentIntentCreateParams":
    kind = _kind(charge.method, charge.currency)
    params: PaymentIntentCreateParams = {
        "amount": to_stripe(charge.amount, charge.currency),
        "currency": charge.currency.lower(),
        "confirm": True,
        "description": charge.description,
        "metadata": {KEY: charge.key},
        "allowed_payment_method_types": [kind],
        "expand": ["payment_method"],
    }
    if customer:
        params["customer"] = customer
    if charge.saved:
        params["payment_method"] = charge.saved.token
    else:
        _add_typed(params, charge)
        if charge.save:
            params["setup_future_usage"] = "off_session"
    if kind == "us_bank_account":
        # Tiny deposits prove an account too, but take days, and the invoice would be blocked all the while.
        params["payment_method_options"] = {"us_bank_account": {"verification_method": "instant"}}
    if charge.off_session or (charge.saved and kind != "card"):
        # A saved debit has its mandate and knows no challenge, so it needs nobody there either.
        params["off_session"] = True
    else:
        params["return_url"] = charge.return_url
    return params


def _setup(charge: ChargeInput, customer: str) -> "SetupIntentCreateParams":
    kind = _kind(charge.method, charge.currency)
    params: SetupIntentCreateParams = {
        "confirm": True,
        "customer": customer,
        "usage": "off_session",
        "metadata": {KEY: charge.key},
        "allowed_payment_method_types": [kind],
        "return_url": charge.return_url,
        "expand": ["payment_method"],
    }
    _add_typed(params, charge)
    return params


def _add_typed(params: "PaymentIntentCreateParams | SetupIntentCreateParams", charge: ChargeInput) -> None:
    """Add what the customer typed, as Stripe's form names it: by a confirmation token. A program may name a method."""
    token = charge.details.get("stripe_token", "")
    if token.startswith("ctoken_"):
        params["confirmation_token"] = token
    elif token.startswith("pm_"):
        params["payment_method"] = token
    else:
        raise ProviderRefused("Nothing was entered to pay with.", code="no_payment_details")


def _customer(client: stripe.StripeClient, charge: ChargeInput) -> str:
    """Return the customer at Stripe whom a method belongs to; a new one when the first is to be saved."""
    if charge.provider_customer or charge.saved or not charge.save:
        return charge.provider_customer or (charge.saved.provider_customer if charge.saved else "")
    made = client.v1.customers.create(
        {"name": charge.customer_name, "email": charge.customer_email, "metadata": {KEY: charge.key}},
        {"idempotency_key": f"{charge.key}-customer"},
    )
    return made.id
