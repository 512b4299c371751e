"""A program's request done once, however often it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from portico.domain.access.models import IdempotentAnswer
from portico.domain.access.secrets import seal, unseal
from portico.domain.access.viewer import ApiViewer
from portico.lib.clock import now
from portico.lib.errors import PorticoError

ANSWER_LIFE = timedelta(hours=24)


class KeyReused(PorticoError):
    """The idempotency key belongs to another request."""

    code = "idempotency_key_reused"
    status = 422


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered: an HTTP status and a body. `replayed` when it had been answered before."""

    status: int
    body: bytes
    replayed: bool = False


@transaction.atomic
def once(viewer: ApiViewer, key: str, *, fingerprint: str, secret: str, act: Callable[[], Answer]) -> Answer:
    """Return the answer that `key` was given in the last 24 hours, or `act` and keep what it answers.

    The change and its answer are one transaction: a request that was refused or that crashed leaves neither, and of
    two at once the second waits for the first. The answer may hold a link's secret, so it is kept sealed with the
    caller's own API key, `secret`, which is stored nowhere. Raises KeyReused when `fingerprint` is another request's.
    """
    moment = now()
    named = IdempotentAnswer.objects.filter(api_key=viewer.api_key, key=key)
    named.filter(created_at__lte=moment - ANSWER_LIFE).delete()
    kept, is_new = IdempotentAnswer.objects.get_or_create(
        api_key=viewer.api_key, key=key, defaults={"fingerprint": fingerprint, "created_at": moment}
    )
    if not is_new:
        if kept.fingerprint != fingerprint:
            raise KeyReused("This Idempotency-Key was used for another request. Use a new one for each request.")
        return Answer(kept.status, unseal(kept.body, secret), replayed=True)
    answer = act()
    IdempotentAnswer.objects.filter(pk=kept.pk).update(status=answer.status, body=seal(answer.body, secret))
    return answer
