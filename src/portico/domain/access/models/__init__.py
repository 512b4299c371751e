from portico.domain.access.models.links import LASTING, PREFIXES, RECOVERY, Grant, MagicKey, Purpose, Scope
from portico.domain.access.models.programs import ApiKey, RateLimitCounter, StoredResponse
from portico.domain.access.models.server_keys import ServerKey
from portico.domain.access.models.sessions import PortalSession
from portico.domain.access.models.sign_in import MOST_TRIES, EmailVerification

__all__ = [
    "LASTING",
    "MOST_TRIES",
    "PREFIXES",
    "RECOVERY",
    "ApiKey",
    "EmailVerification",
    "Grant",
    "MagicKey",
    "PortalSession",
    "Purpose",
    "RateLimitCounter",
    "Scope",
    "ServerKey",
    "StoredResponse",
]
