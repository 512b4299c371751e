"""Beginning to use a payment provider."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.portal_urls import gateway_webhook_url
from portico.domain.access.viewer import StaffViewer
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.gateway import Gateway
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Invalid, NotFound, PorticoError
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.payment_gateways.forms import KeysForm


@owner_page
def add_payment_gateway(request: HttpRequest, viewer: StaffViewer, gateway: str) -> HttpResponse:
    """Ask for a provider's keys; a POST has the provider confirm them and keeps them."""
    found = gateway_named(gateway)
    if request.method != "POST":
        return _page(request, viewer, found, KeysForm(found))
    form = KeysForm(found, request.POST)
    if not form.is_valid():
        return _page(request, viewer, found, form, status=422)
    try:
        account = add_gateway(viewer.business, gateway, by=viewer.actor, entered=form.cleaned_data)
    except NotFound:
        raise
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(request, viewer, found, form, status=422)
    except PorticoError as refusal:
        return _page(request, viewer, found, form, refusal=refusal)
    messages.success(request, _("%(name)s can be used now.") % {"name": found.label})
    return HttpResponseRedirect(reverse("payment_gateway", args=[account.public_id]))


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    gateway: Gateway,
    form: KeysForm,
    *,
    status: int = 200,
    refusal: PorticoError | None = None,
) -> HttpResponse:
    context = {
        "label": _(gateway.label),
        "collects": gateway.capabilities().collects,
        "form": form,
        "action": reverse("add_payment_gateway", args=[gateway.name]),
        "webhook_url": gateway_webhook_url(gateway.name, viewer.business) if form.fields else "",
    }
    template = "dashboard/payment_gateways/add.html"
    return staff_answer(request, viewer, template, context, nav="settings", status=status, refusal=refusal)
