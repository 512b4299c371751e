from collections.abc import Mapping

from portico.domain.payments.actions.ask_provider import read_outcome
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import EventKind, NotFromProvider, ProviderEvent
from portico.domain.payments.models import GatewayAccount, PaymentAttempt
from portico.domain.payments.registry import gateway_named
from portico.lib.clock import now
from portico.lib.ids import parse_public_id


def receive_webhook(account: GatewayAccount, headers: Mapping[str, str], body: bytes) -> PaymentAttempt | None:
    """Take a provider's notice about one of this account's charges, and ask the provider what is so.

    Returns the attempt it was about, or None for one that is nobody's here, which changes nothing. Nothing is believed
    of the notice itself but which charge it names, so that late, doubled and reordered ones do no harm. Raises
    NotFromProvider for a forged one, ProviderUnreachable when the provider can't be asked: it sends the notice again.
    """
    try:
        event = gateway_named(account.gateway).parse_webhook(credentials_of(account), headers, body)
    except NotFromProvider as refusal:
        GatewayAccount.objects.filter(pk=account.pk).update(webhook_error=refusal.message[:255])
        raise
    GatewayAccount.objects.filter(pk=account.pk).update(webhook_received_at=now(), webhook_error="")
    attempt = _attempt_of(account, event) if event.kind == EventKind.CHARGE else None
    return read_outcome(attempt) if attempt is not None else None


def _attempt_of(account: GatewayAccount, event: ProviderEvent) -> PaymentAttempt | None:
    rows = PaymentAttempt.objects.filter(gateway_account=account).select_related("gateway_account__business")
    key = parse_public_id(event.key, "payment_attempt")
    found = rows.filter(pk=key).first() if key else None
    if found is None and event.provider_id:
        found = rows.filter(provider_account=account.provider_account, provider_id=event.provider_id).first()
    return found
