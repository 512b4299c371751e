from collections.abc import Mapping

from portico.domain.payments.actions.ask_provider import read_outcome
from portico.domain.payments.actions.ask_refund import read_refund
from portico.domain.payments.actions.record_dispute import record_dispute
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import EventKind, NotFromProvider, ProviderEvent
from portico.domain.payments.models import GatewayAccount, Payment, PaymentAttempt, Refund
from portico.domain.payments.registry import gateway_named
from portico.lib.clock import now
from portico.lib.ids import parse_public_id
from portico.lib.prepared import Prepared, given_key

_ATTEMPT = Prepared(
    lambda: PaymentAttempt.objects.filter(gateway_account=given_key("account"), pk=given_key("key")).select_related(
        "payment"
    )
)


def receive_webhook(account: GatewayAccount, headers: Mapping[str, str], body: bytes) -> PaymentAttempt | None:
    """Take a provider's notice about one of this account's charges, and ask the provider what is so.

    Returns the attempt it was about, or None for one that is nobody's here, which changes nothing. Nothing is believed
    of the notice itself but which charge, refund or dispute it names, so that late, doubled and reordered ones do no
    harm. Raises NotFromProvider for a forged one, ProviderUnreachable when the provider can't be asked: it sends the
    notice again.
    """
    try:
        event = gateway_named(account.gateway).parse_webhook(credentials_of(account), headers, body)
    except NotFromProvider as refusal:
        GatewayAccount.objects.filter(pk=account.pk).update(webhook_error=refusal.message[:255])
        raise
    GatewayAccount.objects.filter(pk=account.pk).update(webhook_received_at=now(), webhook_error="")
    attempt = _attempt_of(account, event) if event.kind != EventKind.IGNORED else None
    if attempt is None:
        return None
    if event.kind == EventKind.CHARGE or attempt.payment is None:
        attempt = read_outcome(attempt)
    if attempt.payment is not None and event.kind == EventKind.REFUND:
        for refund in _refunds_of(attempt.payment, event):
            read_refund(refund)
    elif attempt.payment is not None and event.kind == EventKind.DISPUTE:
        found = gateway_named(account.gateway).read_dispute(credentials_of(account), event.dispute_id)
        if found is not None and found.provider_id == attempt.provider_id:
            record_dispute(attempt.payment, account.provider_account, found)
    return attempt


def _refunds_of(payment: Payment, event: ProviderEvent) -> list[Refund]:
    """Return the refund that a notice names or, when it names none, all of the payment's that the provider makes."""
    rows = payment.refunds.exclude(gateway_account=None).select_related("gateway_account__business", "payment")
    key = parse_public_id(event.key, "refund")
    return list(rows.filter(pk=key) if key else rows)


def _attempt_of(account: GatewayAccount, event: ProviderEvent) -> PaymentAttempt | None:
    key = parse_public_id(event.key, "payment_attempt")
    found = next(iter(_ATTEMPT(account=account.pk, key=key)), None) if key else None
    if found is None and event.provider_id:
        rows = PaymentAttempt.objects.filter(gateway_account=account).select_related("payment")
        found = rows.filter(provider_account=account.provider_account, provider_id=event.provider_id).first()
    if found is not None:
        found.gateway_account = account
    return found
