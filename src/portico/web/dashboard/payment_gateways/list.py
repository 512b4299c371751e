"""The payment providers a business uses, and those it could use."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.payments.gateway import Gateway
from portico.domain.payments.models import GatewayAccount
from portico.domain.payments.queries import gateway_accounts
from portico.domain.payments.registry import gateways, offline_gateways
from portico.lib.l10n import Formatter
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """A provider in use; `webhook` says when its last webhook came, `webhook_error` why one was refused."""

    label: str
    url: str
    tag: Tag
    methods: str
    webhook: str
    webhook_error: bool


@owner_page
def payment_gateways(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the providers in the order in which customers see them, and the ways to pay without one."""
    fmt = reader_formatter()
    accounts = list(gateway_accounts(viewer.business))
    unused = {
        name: gateway for name, gateway in sorted(gateways().items()) if name not in {a.gateway for a in accounts}
    }
    context = {
        "rows": [
            *(_row(account, fmt) for account in accounts),
            *(_as_it_is(gateway, fmt) for gateway in unused.values() if not gateway.capabilities().collects),
        ],
        "collects": any(row.gateway not in offline_gateways() for row in accounts),
        "others": [
            (gateway.label, reverse("add_payment_gateway", args=[name]))
            for name, gateway in unused.items()
            if gateway.capabilities().collects
        ],
    }
    return staff_answer(request, viewer, "dashboard/payment_gateways/list.html", context, nav="settings")


def gateway_label(account: GatewayAccount) -> str:
    """Return a provider's own name; that of one whose package is gone as it is kept."""
    gateway = gateways().get(account.gateway)
    return _(gateway.label) if gateway else account.gateway


def gateway_tag(account: GatewayAccount) -> Tag:
    """Return whether customers are offered it."""
    return Tag("ok", "check", _("On")) if account.enabled else Tag("mute", "square", _("Off"))


def webhook_label(account: GatewayAccount, fmt: Formatter) -> str:
    """Return when the last webhook came, or that one was refused."""
    if account.webhook_error:
        return _("The last one was refused")
    received = account.webhook_received_at
    return fmt.moment(received, account.business.time_zone) if received else _("None yet")


def _as_it_is(gateway: Gateway, fmt: Formatter) -> GatewayRow:
    """Return the row of ways to pay that the business offers without having said anything of them."""
    return GatewayRow(
        label=_(gateway.label),
        url=reverse("add_payment_gateway", args=[gateway.name]),
        tag=Tag("ok", "check", _("On")),
        methods=fmt.list([str(method_label(name)) for name in gateway.capabilities().methods]),
        webhook="–",
        webhook_error=False,
    )


def _row(account: GatewayAccount, fmt: Formatter) -> GatewayRow:
    return GatewayRow(
        label=gateway_label(account),
        url=reverse("payment_gateway", args=[account.public_id]),
        tag=gateway_tag(account),
        methods=fmt.list([str(method_label(name)) for name in account.methods]),
        webhook="–" if account.gateway in offline_gateways() else webhook_label(account, fmt),
        webhook_error=bool(account.webhook_error),
    )
