"""Coming back from a provider's page, also when the session has ended meanwhile: the URL itself names the attempt."""

from django.core import signing
from django.http import HttpRequest

from portico.domain.access.portal_urls import payment_return_url
from portico.domain.payments.models import PaymentAttempt
from portico.lib.errors import NotFound
from portico.web.portal.core.gate import base_visited
from portico.web.shared.frames import in_frame

_SALT = "portico.payment_return"
# A bank's page may lie open for a while; afterwards nothing is learned from the address any more.
_SECONDS = 24 * 60 * 60


def return_url(request: HttpRequest, attempt: PaymentAttempt) -> str:
    """Return where the provider sends the customer back to after a challenge."""
    token = signing.dumps(attempt.public_id, salt=_SALT, compress=False)
    return payment_return_url(base_visited(request, attempt.business), token, in_frame=in_frame(request))


def attempt_in(token: str) -> str:
    """Return the public id of the attempt that a return address names. Raises NotFound."""
    try:
        name: str = signing.loads(token, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature as error:
        raise NotFound("There is no such payment attempt.") from error
    return name
