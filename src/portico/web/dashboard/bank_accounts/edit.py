"""Adding, changing, ordering and removing a bank account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.bank_accounts import (
    add_bank_account,
    change_bank_account,
    move_bank_account,
    remove_bank_account,
)
from portico.domain.businesses.models import BankAccount
from portico.domain.businesses.queries import bank_account as account_of
from portico.domain.businesses.queries import bank_accounts
from portico.lib.errors import Invalid
from portico.output.wording.bank import account_text
from portico.web.dashboard.bank_accounts.forms import BankAccountForm
from portico.web.dashboard.bank_accounts.list import account_name
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer


@owner_page
def new_bank_account(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show an empty form; a POST adds the account."""
    if request.method != "POST":
        return _page(request, viewer, BankAccountForm(viewer.business))
    form = BankAccountForm(viewer.business, request.POST)
    try:
        if form.is_valid():
            add_bank_account(viewer.business, form.data_of_account, by=viewer.actor)
            return _done(request, _("The bank account is added."))
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(request, viewer, form, status=422)


@owner_page
def bank_account(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show an account in its form; a POST changes it or does what its button says."""
    account = account_of(viewer.business, name)
    action = request.POST.get("action", "save")
    if request.method != "POST":
        return _page(request, viewer, BankAccountForm(viewer.business, account=account), account)
    if action in {"up", "down"}:
        move_bank_account(account, up=action == "up", by=viewer.actor)
        return _done(request, _("The order is saved."))
    if action == "remove":
        return _removed(request, viewer, account)
    form = BankAccountForm(viewer.business, request.POST, account)
    try:
        if form.is_valid():
            change_bank_account(account, form.data_of_account, by=viewer.actor)
            return _done(request, _("The bank account is saved. Open documents ask for it as it is now."))
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(request, viewer, form, account, status=422)


def _removed(request: HttpRequest, viewer: StaffViewer, account: BankAccount) -> HttpResponse:
    if request.POST.get("confirmed") != "yes":
        url = reverse("bank_account", args=[account.public_id])
        asked = {
            "heading": _("Remove this bank account?"),
            "text": _("Open documents no longer show it."),
            "button": _("Remove"),
            "names": [(account_name(account), account_text(account))],
            "hidden": [("action", "remove")],
            "action": url,
            "back": url,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="settings")
    remove_bank_account(account, by=viewer.actor)
    return _done(request, _("The bank account is removed."))


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    form: BankAccountForm,
    account: BankAccount | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    keys = [row.pk for row in bank_accounts(viewer.business)]
    context = {
        "form": form,
        "heading": account_name(account) if account else _("Add a bank account"),
        "known": account is not None,
        "first": account is None or keys[0] == account.pk,
        "last": account is None or keys[-1] == account.pk,
        "action": reverse("bank_account", args=[account.public_id]) if account else reverse("new_bank_account"),
    }
    return staff_answer(request, viewer, "dashboard/bank_accounts/edit.html", context, nav="settings", status=status)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("bank_transfers"))
