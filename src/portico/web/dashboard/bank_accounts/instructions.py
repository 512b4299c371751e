"""Adding, changing and removing what customers read about paying by transfer, check or cash."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.instructions import add_instruction, change_instruction, remove_instruction
from portico.domain.businesses.models import PaymentInstruction
from portico.domain.businesses.queries import instruction as instruction_of
from portico.lib.errors import Conflict, Invalid
from portico.web.dashboard.bank_accounts.forms import InstructionForm
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer


@staff_page
def new_payment_instruction(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show an empty form; a POST adds the text."""
    if request.method != "POST":
        return _page(request, viewer, InstructionForm())
    form = InstructionForm(request.POST)
    try:
        if form.is_valid():
            add_instruction(viewer.business, form.data_of_instruction, by=viewer.actor)
            return _done(request, _("The text is added."))
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal)
    return _page(request, viewer, form, status=422)


@staff_page
def payment_instruction(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a text in its form; a POST changes it, or removes it with `remove`."""
    row = instruction_of(viewer.business, name)
    if request.method != "POST":
        return _page(request, viewer, InstructionForm(row=row), row)
    if request.POST.get("action") == "remove":
        remove_instruction(row, by=viewer.actor)
        return _done(request, _("The text is removed."))
    form = InstructionForm(request.POST, row)
    try:
        if form.is_valid():
            change_instruction(row, form.data_of_instruction, by=viewer.actor)
            return _done(request, _("The text is saved."))
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal)
    return _page(request, viewer, form, row, status=422)


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    form: InstructionForm,
    row: PaymentInstruction | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "heading": _("Change a payment text") if row else _("Add a payment text"),
        "known": row is not None,
        "action": reverse("payment_instruction", args=[row.public_id]) if row else reverse("new_payment_instruction"),
    }
    template = "dashboard/bank_accounts/instruction.html"
    return staff_answer(request, viewer, template, context, nav="settings", status=status)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("bank_transfers"))
