from django.db import transaction

from portico.domain.access.errors import SignedLinkRefused
from portico.domain.access.links.queries.signed_links import SignedLink, used_grant
from portico.domain.access.models import RECOVERY, Grant, MagicKey, PortalSession, Purpose
from portico.domain.access.secrets import reencrypted, stored_form
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.lib.clock import now


@transaction.atomic
def open_signed_link(link: SignedLink, client: ClientInfo) -> tuple[PortalSession, str]:
    """Open a session with a signed link; returns it and the token for the cookie.

    Raises LinkClosed when it was used up in the meantime, SignedLinkRefused when its key was revoked.
    """
    key = MagicKey.objects.select_for_update().get(pk=link.key.pk)
    if key.revoked_at is not None:
        raise SignedLinkRefused("unknown_signature", link.customer)
    MagicKey.objects.filter(pk=key.pk).update(last_used_at=now(), sealed=reencrypted(key.sealed))
    return open_session(used_grant(link) or _first_use(link), client)


def _first_use(link: SignedLink) -> Grant:
    """Make the row of a link that is used for the first time; of two at once, both get the same."""
    secret_hash, key_id = stored_form(link.name, Purpose.SIGNED_LINK)
    grant, _ = Grant.objects.get_or_create(
        secret_hash=secret_hash,
        defaults={
            "business_id": link.customer.business_id,
            "customer": link.customer,
            "purpose": Purpose.SIGNED_LINK,
            "page": link.page,
            "return_url": link.return_url,
            "magic_key": link.key,
            "prefix": "jwt",
            "key_id": key_id,
            "created_by": str(link.key),
            "expires_at": link.expires_at,
            "recover_until": link.expires_at + RECOVERY,
            "max_uses": 1 if link.single_use else None,
        },
    )
    return grant
