from portico.domain.access.models.links import LASTING, PREFIXES, RECOVERY, Grant, MagicKey, Purpose, Scope
from portico.domain.access.models.programs import ApiKey, ApiScope, RateLimitCounter, StoredResponse
from portico.domain.access.models.server_keys import ServerKey
from portico.domain.access.models.sessions import PortalSession
from portico.domain.access.models.sign_in import MOST_TRIES, EmailVerification
from portico.domain.access.models.staff import StaffLink

__all__ = [
    "LASTING",
    "MOST_TRIES",
    "PREFIXES",
    "RECOVERY",
    "ApiKey",
    "ApiScope",
    "EmailVerification",
    "Grant",
    "MagicKey",
    "PortalSession",
    "Purpose",
    "RateLimitCounter",
    "Scope",
    "ServerKey",
    "StaffLink",
    "StoredResponse",
]
