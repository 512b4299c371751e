"""What follows once a method was saved, and where that is said: in the list of methods."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from portico.domain.access.viewer import CustomerViewer
from portico.domain.activity.actor import Actor
from portico.domain.payments.actions.collect import retry_failed
from portico.domain.payments.actions.keep_methods import make_default
from portico.domain.payments.models import PaymentAttempt, PaymentMethod
from portico.web.portal.core.urls import page_url


def saved(viewer: CustomerViewer, method: PaymentMethod, *, default: bool) -> HttpResponse:
    """Go on to the list of methods with one that was saved just now."""
    return go_to_list("added", put_to_use(method, default=default, by=viewer.actor))


def put_to_use(method: PaymentMethod, *, default: bool, by: Actor) -> list[PaymentAttempt]:
    """Charge a new method from now on, where it is to be the default; returns what has failed and was tried again."""
    if not default:
        return []
    make_default(method, by=by)
    return retry_failed(method.customer, by=by)


def retried_url(viewer: CustomerViewer, what: str) -> str:
    """Try again what AutoPay has failed to collect; returns where the list of methods says how it went."""
    return list_url(what, retry_failed(viewer.customer, by=viewer.actor))


def go_to_list(what: str = "", tried: Sequence[PaymentAttempt] = ()) -> HttpResponse:
    """Go on to the list of methods, which says what happened."""
    return HttpResponseRedirect(list_url(what, tried), status=303)


def list_url(what: str, tried: Sequence[PaymentAttempt] = ()) -> str:
    """Return the address of the list of methods that says what happened, and what became of what was tried again."""
    named = [("saved", what), *(("retried", attempt.public_id) for attempt in tried)] if what else []
    return f"{page_url('payment_methods')}{'?' if named else ''}{urlencode(named)}"
