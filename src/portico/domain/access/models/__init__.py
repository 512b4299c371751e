from portico.domain.access.models.links import LASTING, PREFIXES, RECOVERY, Grant, MagicKey, Purpose, Scope
from portico.domain.access.models.programs import ApiKey, IdempotentAnswer, Tally
from portico.domain.access.models.server_keys import ServerKey
from portico.domain.access.models.sessions import PortalSession
from portico.domain.access.models.sign_in import MOST_TRIES, Challenge

__all__ = [
    "LASTING",
    "MOST_TRIES",
    "PREFIXES",
    "RECOVERY",
    "ApiKey",
    "Challenge",
    "Grant",
    "IdempotentAnswer",
    "MagicKey",
    "PortalSession",
    "Purpose",
    "Scope",
    "ServerKey",
    "Tally",
]
