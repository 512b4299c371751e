"""A payment provider that a business uses: its methods, keys and webhooks."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.portal_urls import gateway_webhook_url
from portico.domain.access.viewer import StaffViewer
from portico.domain.payments.actions.gateway_accounts import (
    change_gateway,
    change_gateway_keys,
    check_gateway,
    move_gateway,
    remove_gateway,
)
from portico.domain.payments.actions.send_test_payment import send_test_payment
from portico.domain.payments.gateway import OutcomeState
from portico.domain.payments.models import GatewayAccount
from portico.domain.payments.queries import gateway_account_by_id, gateway_accounts
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Invalid, NotFound, PorticoError
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.payment_gateways.forms import KeysForm, MethodsForm
from portico.web.dashboard.payment_gateways.list import gateway_label, gateway_tag, webhook_label
from portico.web.shared.page import reader_formatter


@owner_page
def payment_gateway(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a provider; a POST does what its button says."""
    account = gateway_account_by_id(viewer.business, name)
    if request.method != "POST":
        return _page(request, viewer, account)
    do = _ACTIONS.get(request.POST.get("action", ""))
    if do is None:
        raise NotFound("There is no such button.")
    try:
        return do(request, viewer, account)
    except NotFound:
        raise
    except PorticoError as refusal:
        return _page(request, viewer, account, refusal=refusal)


def _save(request: HttpRequest, viewer: StaffViewer, account: GatewayAccount) -> HttpResponse:
    form = _methods_form(account, request.POST)
    if not form.is_valid():
        return _page(request, viewer, account, methods=form)
    change_gateway(account, {"methods": form.chosen}, by=viewer.actor)
    return _done(request, account, _("The methods are saved."))


def _replace_keys(request: HttpRequest, viewer: StaffViewer, account: GatewayAccount) -> HttpResponse:
    form = KeysForm(gateway_named(account.gateway), request.POST, replacing=True)
    try:
        if form.is_valid():
            change_gateway_keys(account, form.cleaned_data, by=viewer.actor)
            return _done(request, account, _("The keys are saved."))
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(request, viewer, account, keys=form)


def _check(request: HttpRequest, viewer: StaffViewer, account: GatewayAccount) -> HttpResponse:
    check_gateway(account)
    return _done(request, account, _("The keys are right: they open %(account)s.") % {"account": _account_of(account)})


def _test(request: HttpRequest, viewer: StaffViewer, account: GatewayAccount) -> HttpResponse:
    outcome = send_test_payment(account)
    if outcome.state == OutcomeState.SUCCEEDED:
        amount = reader_formatter().money(outcome.amount, outcome.currency)
        text = _("A test payment of %(amount)s was collected and refunded. Nothing is recorded.")
        return _done(request, account, text % {"amount": amount})
    messages.error(request, _("The test payment was not collected: %(why)s") % {"why": outcome.failure_message})
    return HttpResponseRedirect(_url(account))


def _switch(request: HttpRequest, viewer: StaffViewer, account: GatewayAccount) -> HttpResponse:
    enabled = request.POST.get("action") == "enable"
    change_gateway(account, {"enabled": enabled}, by=viewer.actor)
    words = _("Customers are offered it again.") if enabled else _("Customers are no longer offered it.")
    return _done(request, account, words)


def _move(request: HttpRequest, viewer: StaffViewer, account: GatewayAccount) -> HttpResponse:
    move_gateway(account, up=request.POST.get("action") == "up", by=viewer.actor)
    messages.success(request, _("The order is saved."))
    return HttpResponseRedirect(reverse("payment_gateways"))


def _remove(request: HttpRequest, viewer: StaffViewer, account: GatewayAccount) -> HttpResponse:
    if request.POST.get("confirmed") != "yes":
        asked: dict[str, Any] = {
            "heading": _("Remove this provider?"),
            "text": _("Its keys are deleted. Webhooks that still arrive are refused."),
            "button": _("Remove"),
            "names": [(gateway_label(account), account.provider_account)],
            "hidden": [("action", "remove")],
            "action": _url(account),
            "back": _url(account),
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="settings")
    remove_gateway(account, by=viewer.actor)
    messages.success(request, _("%(name)s is removed.") % {"name": gateway_label(account)})
    return HttpResponseRedirect(reverse("payment_gateways"))


_ACTIONS: dict[str, Callable[[HttpRequest, StaffViewer, GatewayAccount], HttpResponse]] = {
    "save": _save,
    "keys": _replace_keys,
    "check": _check,
    "test": _test,
    "enable": _switch,
    "disable": _switch,
    "up": _move,
    "down": _move,
    "remove": _remove,
}


def _done(request: HttpRequest, account: GatewayAccount, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(_url(account))


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    account: GatewayAccount,
    *,
    methods: MethodsForm | None = None,
    keys: KeysForm | None = None,
    refusal: PorticoError | None = None,
) -> HttpResponse:
    gateway = gateway_named(account.gateway)
    keys_in_order = [row.pk for row in gateway_accounts(viewer.business)]
    context = {
        "collects": gateway.capabilities().collects,
        "first": keys_in_order[0] == account.pk,
        "last": keys_in_order[-1] == account.pk,
        "label": gateway_label(account),
        "tag": gateway_tag(account),
        "enabled": account.enabled,
        "account": _account_of(account),
        "action": _url(account),
        "methods": methods or _methods_form(account),
        "keys": (keys or KeysForm(gateway, replacing=True)) if gateway.account_fields() else None,
        "webhook_url": gateway_webhook_url(account.gateway, viewer.business),
        "webhook": webhook_label(account, reader_formatter()),
        "webhook_error": account.webhook_error,
    }
    status = 422 if methods or keys else 200
    template = "dashboard/payment_gateways/detail.html"
    return staff_answer(request, viewer, template, context, nav="settings", status=status, refusal=refusal)


def _methods_form(account: GatewayAccount, typed: Any = None) -> MethodsForm:
    names = gateway_named(account.gateway).capabilities().methods
    return MethodsForm(account, {name: str(method_label(name)) for name in names}, typed)


def _account_of(account: GatewayAccount) -> str:
    return account.provider_account or gateway_label(account)


def _url(account: GatewayAccount) -> str:
    return reverse("payment_gateway", args=[account.public_id])
