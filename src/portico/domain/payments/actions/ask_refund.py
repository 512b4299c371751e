"""Asking the provider to give money back, and what became of it. Never inside a transaction."""

import logging

from portico.domain.activity.actor import SYSTEM, Actor
from portico.domain.payments.actions.record_refund import record_refund
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import OutcomeState, ProviderRefused, ProviderUnreachable, RefundOutcome
from portico.domain.payments.models import GatewayAccount, Refund, RefundState
from portico.domain.payments.registry import gateway_named
from portico.lib.clock import now

logger = logging.getLogger(__name__)


def ask_refund(refund: Refund, *, by: Actor) -> Refund:
    """Let the provider give money back, and record what it says.

    Without an answer the refund stays as it is, and the sweep asks later. May be called again: the provider knows the
    refund by its id.
    """
    if refund.state != RefundState.CREATED or refund.gateway_account is None:
        return refund
    Refund.objects.filter(pk=refund.pk, asked_at__isnull=True).update(asked_at=now())
    account = refund.gateway_account
    try:
        outcome = gateway_named(account.gateway).refund(
            credentials_of(account),
            key=refund.public_id,
            provider_id=refund.payment.attempt.provider_id,
            amount=refund.amount,
            currency=refund.payment.currency,
        )
    except ProviderUnreachable:
        logger.warning("Refund %s: the provider gave no answer; it will be asked again.", refund.public_id)
        return refund
    except ProviderRefused as refusal:
        logger.error("Refund %s: the provider refused the request (%s).", refund.public_id, refusal.code)
        outcome = RefundOutcome(OutcomeState.FAILED, failure_message=refusal.message)
    return record_refund(refund, outcome, by=by)


def read_refund(refund: Refund, *, by: Actor = SYSTEM) -> Refund:
    """Ask the provider what became of a refund, and record it. Raises ProviderUnreachable."""
    account = refund.gateway_account
    assert isinstance(account, GatewayAccount), "a refund by hand is nobody's to be asked about"
    outcome = gateway_named(account.gateway).read_refund(
        credentials_of(account), key=refund.public_id, provider_id=refund.provider_id
    )
    return record_refund(refund, outcome, by=by)
