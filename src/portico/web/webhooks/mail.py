"""Notices of mail providers, read by django-anymail: deliveries, bounces and complaints, and answers by mail."""

import logging
import re
from collections.abc import Callable
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType, inbound, tracking
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView, MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView, PostmarkTrackingWebhookView
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portico.lib.errors import NotFound
from portico.output.mail.actions.note_complaint import note_complaint
from portico.output.mail.actions.note_delivery import note_bounce, note_delivery
from portico.web.webhooks.incoming_mail import Outcome, take_in

_logger = logging.getLogger(__name__)

_VIEWS: dict[tuple[str, str], Any] = {
    ("postmark", "tracking"): PostmarkTrackingWebhookView,
    ("postmark", "inbound"): PostmarkInboundWebhookView,
    ("mailgun", "tracking"): MailgunTrackingWebhookView,
    ("mailgun", "inbound"): MailgunInboundWebhookView,
    ("brevo", "tracking"): BrevoTrackingWebhookView,
}
_CAME_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_UNWANTED = {EventType.COMPLAINED, EventType.UNSUBSCRIBED}
_ANSWER = re.compile(r"(\d{3}[ -])|(\d\.\d{1,3}\.\d{1,3})")


class _Later(Exception):
    """Not now: the provider is to try again."""


@csrf_exempt
@require_POST
def mail_webhook(request: HttpRequest, provider: str, kind: str) -> HttpResponseBase:
    """Take a provider's notice, which proves itself by the secret in the address that the operator gave it.

    401 without the secret, 404 for what is not set up. One about nothing that is known here is answered with 200.
    """
    view = _view(provider, kind)
    if view is None:
        return _refused("There is no such webhook.", "not_found", 404)
    try:
        return view(request)
    except AnymailWebhookValidationFailure:
        _logger.warning("A webhook of %s was refused: the secret is missing or wrong.", provider)
        return _refused("The secret is missing or wrong.", "unauthorized", 401)
    except RequestDataTooBig:
        return _refused("A notice this long is not taken.", "too_large", 413)
    except _Later:
        return _refused("Please try again later.", "too_many_requests", 429)
    except (AnymailError, AnymailConfigurationError, KeyError, ValueError, TypeError, AttributeError, LookupError):
        _logger.warning("A webhook of %s can't be read as one of %s.", provider, kind, exc_info=True)
        return _refused("The notice can't be read.", "unreadable", 400)


def _view(provider: str, kind: str) -> Callable[[HttpRequest], HttpResponseBase] | None:
    """Return what reads the notices of a provider, where the operator has set up what they prove themselves with."""
    found, proofs = _VIEWS.get((provider, kind)), settings.ANYMAIL
    is_set_up = proofs["WEBHOOK_SECRET"] and (provider != "mailgun" or proofs["MAILGUN_WEBHOOK_SIGNING_KEY"])
    if found is None or not is_set_up:
        return None
    view: Callable[[HttpRequest], HttpResponseBase] = found.as_view()
    return view


def _refused(message: str, code: str, status: int) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def note_event(event: AnymailTrackingEvent, **_from: object) -> None:
    """Note what a provider says of a mail; nothing of one that is not ours, or that says nothing about its arrival."""
    name = str((event.metadata or {}).get("message") or event.message_id or "")
    try:
        if event.event_type in _CAME_BACK:
            note_bounce(name, _reason(event))
        elif event.event_type == EventType.DELIVERED:
            note_delivery(name)
        elif event.event_type in _UNWANTED:
            note_complaint(name)
    except NotFound:
        _logger.info("A mail provider's notice is about no mail of ours.")


def keep_answer(event: AnymailInboundEvent, **_from: object) -> None:
    """Make a message of an answer; one that never can become one is not asked for again."""
    message = event.message
    if message.envelope_recipient:
        message["X-Original-To"] = " ".join(str(message.envelope_recipient).split())[:500]
    handled = take_in(message.as_bytes())
    if handled.outcome == Outcome.LATER:
        raise _Later
    if handled.outcome != Outcome.DONE:
        _logger.info("A mail was not kept: %s", handled.message)


def _reason(event: AnymailTrackingEvent) -> str:
    """Return why a mail came back as the log has it: a server's answer, three digits first."""
    said = " ".join(str(event.mta_response or event.description or event.reject_reason or "").split())
    found = _ANSWER.match(said)
    if found is None:
        return f"{'550' if event.event_type == EventType.BOUNCED else '554'} {said}".strip()
    return said if found[1] else f"{said[0]}50 {said}"


tracking.connect(note_event, dispatch_uid="portico")
inbound.connect(keep_answer, dispatch_uid="portico")
