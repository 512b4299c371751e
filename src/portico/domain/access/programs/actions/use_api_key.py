from datetime import timedelta

from portico.domain.access.models import ApiKey
from portico.domain.access.programs.queries import KEY_PREFIX, KEY_PURPOSE
from portico.domain.access.secrets import candidates
from portico.domain.access.viewer import ApiViewer
from portico.lib.clock import now
from portico.lib.errors import PorticoError
from portico.lib.ids import well_formed

_SEEN_EVERY = timedelta(minutes=5)


class BadKey(PorticoError):
    """No key, or one that is unknown, expired or revoked."""

    code = "unauthorized"
    status = 401


def viewer_of_key(secret: str, *, ip: str | None = None) -> ApiViewer:
    """Return who a key belongs to. Raises BadKey."""
    api_key = None
    if well_formed(secret, KEY_PREFIX):
        hashes = candidates(secret, KEY_PURPOSE)
        api_key = ApiKey.objects.select_related("business").filter(secret_hash__in=hashes, revoked_at=None).first()
    moment = now()
    if api_key is None or (api_key.expires_at is not None and moment >= api_key.expires_at):
        raise BadKey("The API key is missing, unknown or no longer valid.")
    if api_key.last_used_at is None or moment >= api_key.last_used_at + _SEEN_EVERY:
        ApiKey.objects.filter(pk=api_key.pk).update(last_used_at=moment)
    return ApiViewer(api_key.business, api_key, ip)
