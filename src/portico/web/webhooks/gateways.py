"""Notices of payment providers."""

import logging

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portico.domain.payments.actions.receive_webhook import receive_webhook
from portico.domain.payments.queries import gateway_account_at
from portico.lib.errors import PorticoError

logger = logging.getLogger(__name__)

# No provider's notice is longer, in bytes.
_LONGEST = 1024 * 1024


@csrf_exempt
@require_POST
def gateway_webhook(request: HttpRequest, gateway: str, business: str) -> JsonResponse:
    """Take a provider's notice: 200 when it was proved and dealt with, an error that lets the provider try again else.

    One about nothing that is known here is answered with 200 too: sending it again would change nothing.
    """
    if len(request.body) > _LONGEST:
        return _refused("A notice this long is not taken.", "too_large", 413)
    try:
        receive_webhook(gateway_account_at(business, gateway), request.headers, request.body)
    except PorticoError as refusal:
        logger.warning("A webhook for %s of %s was refused: %s", gateway, business, refusal.code)
        return _refused(refusal.message, refusal.code, refusal.status)
    return JsonResponse({"received": True})


def _refused(message: str, code: str, status: int) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)
