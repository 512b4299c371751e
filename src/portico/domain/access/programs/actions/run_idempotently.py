"""A program's request takes effect once, however often it is sent with the same Idempotency-Key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from portico.domain.access.models import StoredResponse
from portico.domain.access.secrets import decrypt_with, encrypt_with
from portico.domain.access.viewer import ApiViewer
from portico.lib.clock import now
from portico.lib.errors import PorticoError

RESPONSE_LIFE = timedelta(hours=24)


class KeyReused(PorticoError):
    """The idempotency key belongs to another request."""

    code = "idempotency_key_reused"
    status = 422


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """An HTTP status and a body; `replayed` when it is the stored response of an earlier request."""

    status: int
    body: bytes
    replayed: bool = False


@transaction.atomic
def run_idempotently(
    viewer: ApiViewer, key: str, *, fingerprint: str, secret: str, action: Callable[[], ApiResponse]
) -> ApiResponse:
    """Return the response stored for `key` in the last 24 hours, or run `action` and store its response.

    The change and its response are one transaction: a request that was refused or that crashed leaves neither, and of
    two at once the second waits for the first. A response may hold a link's secret, so it is stored encrypted with the
    caller's own API key, `secret`, which is stored nowhere. Raises KeyReused when `fingerprint` is another request's.
    """
    moment = now()
    named = StoredResponse.objects.filter(api_key=viewer.api_key, key=key)
    named.filter(created_at__lte=moment - RESPONSE_LIFE).delete()
    kept, is_new = StoredResponse.objects.get_or_create(
        api_key=viewer.api_key, key=key, defaults={"fingerprint": fingerprint, "created_at": moment}
    )
    if not is_new:
        if kept.fingerprint != fingerprint:
            raise KeyReused("This Idempotency-Key was used for another request. Use a new one for each request.")
        return ApiResponse(kept.status, decrypt_with(kept.body, secret), replayed=True)
    answer = action()
    StoredResponse.objects.filter(pk=kept.pk).update(status=answer.status, body=encrypt_with(answer.body, secret))
    return answer
