"""The keys of a business's programs."""

from django.db.models import Q, QuerySet

from portico.domain.access.models import ApiKey
from portico.domain.access.viewer import Viewer
from portico.lib.errors import Conflict, NotFound
from portico.lib.ids import parse_public_id

KEY_PREFIX = "ptk"
KEY_PURPOSE = "api_key"


def api_keys(viewer: Viewer) -> QuerySet[ApiKey]:
    """The keys of a business's programs, the newest first; ended ones too."""
    return ApiKey.objects.filter(business=viewer.business).order_by("-id")


def api_key(viewer: Viewer, name: str) -> ApiKey:
    """Return the key with this public id, name or visible beginning. Raises NotFound, or Conflict for several."""
    rows = api_keys(viewer)
    key = parse_public_id(name, "api_key")
    found = list(
        rows.filter(pk=key)
        if key
        else rows.filter(Q(name=name, replaced_at=None) | Q(prefix=name), revoked_at=None)[:2]
    )
    if not found:
        raise NotFound(f"There is no key {name} in force. `portico apikey list` shows them.")
    if len(found) > 1:
        raise Conflict(f"Several keys are called {name}: name one by its id.", code="ambiguous")
    return found[0]
