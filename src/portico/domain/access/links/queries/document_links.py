"""The link to one thing that is not revoked, and its secret."""

from portico.domain.access.models import PREFIXES, Grant, Purpose
from portico.domain.access.secrets import candidates, derived
from portico.lib.ids import Ref


def current_link(target: Ref) -> Grant | None:
    """Return the link to one thing that nobody has ended, whether its time is over or not."""
    wanted = {"purpose": "document_link", "target_kind": target.kind, "target_id": target.id, "revoked_at": None}
    return Grant.objects.select_related("business", "customer").filter(**wanted).first()


def secret_of(grant: Grant) -> str | None:
    """Return a document link's secret again, or None when the server key it was made under is gone."""
    secret = derived(PREFIXES[Purpose(grant.purpose)], grant.purpose, str(grant.id), grant.key_id)
    return secret if secret and grant.secret_hash in candidates(secret, grant.purpose) else None
