"""What a customer and a demonstration's staff see of the sandbox bank: its challenge, and its controls.

These pages are the bank's and not the portal's: they are in English, and nobody is signed in on them. A charge's id
is a secret of 96 random bits. The controls exist in a demonstration only.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.http import require_http_methods, require_POST

from portico.gateways.sandbox.connection import bank
from portico.lib.money import exponent, to_major

_MOVES = {"settle": ("succeeded", ""), "fail": ("failed", "debit_returned")}
_DISPUTES = ("open", "withdrawn", "won", "lost")


@require_http_methods(["GET", "POST"])
def challenge(request: HttpRequest, charge: str) -> HttpResponse:
    """Ask the customer to confirm a charge, and lead back to where they came from."""
    found = bank().read(identity=charge)
    if found is None:
        raise Http404
    if request.method == "POST":
        confirmed = request.POST.get("answer") == "confirm"
        found = bank().move(charge, "succeeded" if confirmed else "failed", "" if confirmed else "challenge_refused")
        return HttpResponseRedirect(found["return_url"] if found else "/")
    if found["state"] != "requires_action":
        return HttpResponseRedirect(found["return_url"])
    amount = f"{found['currency']} {to_major(found['amount'], found['currency']):,.{exponent(found['currency'])}f}"
    response = _page(request, "sandbox/challenge.html", {"amount": amount})
    # The answer leads back to the business's portal, which may be on a host of its own.
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(found["return_url"]))
    response._csp_config = {**settings.SECURE_CSP, "form-action": [CSP.SELF, origin]}  # type: ignore[attr-defined]  # what Django's own decorator sets
    return response


@require_http_methods(["GET"])
def control(request: HttpRequest) -> HttpResponse:
    """List what the bank was asked, with a button for each thing that can still become of it."""
    _only_in_a_demonstration()
    return _page(request, "sandbox/control.html", {"charges": bank().charges()})


@require_POST
def control_charge(request: HttpRequest, charge: str) -> HttpResponse:
    """Make an unfinished charge settle or fail now, or a finished one disputed; the worker posts its webhook."""
    _only_in_a_demonstration()
    wanted = request.POST.get("move", "")
    move = _MOVES.get(wanted)
    moved = bank().move(charge, *move) if move else None
    if wanted in _DISPUTES:
        moved = bank().dispute(charge, wanted)
    if moved is None:
        raise Http404
    return HttpResponseRedirect(reverse("sandbox:control"))


def _only_in_a_demonstration() -> None:
    if not settings.PORTICO_DEMO:
        raise Http404


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context, using="jinja2")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
