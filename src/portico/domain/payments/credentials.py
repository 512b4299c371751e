"""What a gateway needs to act for a business: its settings and its decrypted secrets."""

import json

from portico.domain.access.portal_urls import gateway_webhook_url
from portico.domain.access.secrets import decrypt, encrypt
from portico.domain.payments.gateway import Credentials
from portico.domain.payments.models import GatewayAccount
from portico.lib.errors import Conflict


def credentials_of(account: GatewayAccount) -> Credentials:
    """Return an account's credentials. Raises Conflict when they were encrypted with a key the server has no longer."""
    return Credentials(
        account_id=account.public_id,
        provider_account=account.provider_account,
        settings=account.settings,
        secrets=_secrets(account),
        webhook_url=gateway_webhook_url(account.gateway, account.business),
    )


def encrypted(secrets: dict[str, str]) -> str:
    """Return secrets as an account keeps them."""
    return encrypt(json.dumps(secrets)) if secrets else ""


def _secrets(account: GatewayAccount) -> dict[str, str]:
    if not account.secrets:
        return {}
    readable = decrypt(account.secrets)
    if readable is None:
        raise Conflict(
            f"The keys of {account.gateway} were encrypted with a server key that is gone. Enter them again.",
            code="secrets_unreadable",
        )
    found: dict[str, str] = json.loads(readable)
    return found
