"""Asking the provider about an attempt that is committed. Never inside a transaction: an answer may take its time."""

import logging
from collections.abc import Mapping

from portico.domain.activity.actor import SYSTEM, Actor
from portico.domain.payments.actions.record_outcome import record_outcome
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import (
    ChargeInput,
    Outcome,
    OutcomeState,
    ProviderRefused,
    ProviderUnreachable,
    SavedMethodInput,
)
from portico.domain.payments.models import AttemptState, PaymentAttempt
from portico.domain.payments.queries import provider_customer
from portico.domain.payments.registry import gateway_named
from portico.lib.clock import now

logger = logging.getLogger(__name__)


def ask_provider(
    attempt: PaymentAttempt, *, by: Actor, return_url: str, details: Mapping[str, str] | None = None
) -> PaymentAttempt:
    """Let the provider collect what an attempt is for, and record what it says.

    `details` is what the customer typed, `return_url` where a challenge leads back to. Without an answer the attempt
    stays as it is, and `read_outcome` asks later. May be called again: the provider knows the attempt by its id.
    """
    if attempt.state != AttemptState.CREATED:
        return attempt
    PaymentAttempt.objects.filter(pk=attempt.pk, asked_at__isnull=True).update(asked_at=now())
    gateway, credentials = gateway_named(attempt.gateway_account.gateway), credentials_of(attempt.gateway_account)
    try:
        outcome = gateway.charge(credentials, _charge(attempt, return_url, details or {}))
    except ProviderUnreachable:
        logger.warning("Attempt %s: the provider gave no answer; it will be asked again.", attempt.public_id)
        return attempt
    except ProviderRefused as refusal:
        logger.error("Attempt %s: the provider refused the request (%s).", attempt.public_id, refusal.code)
        outcome = Outcome(OutcomeState.FAILED, failure_code=refusal.code, failure_message=refusal.message)
    return record_outcome(attempt, outcome, by=by)


def read_outcome(attempt: PaymentAttempt, *, by: Actor = SYSTEM) -> PaymentAttempt:
    """Ask the provider what became of an attempt, and record it. Raises ProviderUnreachable."""
    gateway, credentials = gateway_named(attempt.gateway_account.gateway), credentials_of(attempt.gateway_account)
    outcome = gateway.read_charge(credentials, key=attempt.public_id, provider_id=attempt.provider_id)
    return record_outcome(attempt, outcome, by=by)


def cancel_attempt(attempt: PaymentAttempt, *, by: Actor) -> PaymentAttempt:
    """See to it that an unfinished attempt collects nothing any more, and record what became of it.

    It may have collected already: then that is what is recorded. Raises ProviderUnreachable.
    """
    gateway, credentials = gateway_named(attempt.gateway_account.gateway), credentials_of(attempt.gateway_account)
    outcome = gateway.cancel_charge(credentials, key=attempt.public_id, provider_id=attempt.provider_id)
    return record_outcome(attempt, outcome, by=by)


def _charge(attempt: PaymentAttempt, return_url: str, details: Mapping[str, str]) -> ChargeInput:
    saved = attempt.saved_method
    customer = attempt.customer
    numbers = [share.document.number for share in attempt.shares.select_related("document").order_by("id")]
    return ChargeInput(
        key=attempt.public_id,
        amount=attempt.charged,
        currency=attempt.currency,
        method=attempt.method,
        description=", ".join(dict.fromkeys(numbers))[:200] or attempt.business.name,
        return_url=return_url,
        saved=SavedMethodInput(saved.token, saved.provider_customer) if saved else None,
        details=details,
        save=attempt.saves_method or attempt.enrols_autopay,
        off_session=attempt.off_session,
        customer_name=customer.name,
        customer_email=attempt.receipt_email or customer.email,
        provider_customer=saved.provider_customer if saved else provider_customer(customer, attempt.gateway_account),
    )
