"""Making a payment plan for an invoice and changing it; mailing it, and canceling it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.actions.plan import InstalmentInput, ask_plan_mail, cancel_plan, make_plan
from portico.domain.documents.models import Document, Kind, PaymentPlan
from portico.domain.documents.plan_queries import plan_of
from portico.domain.documents.plans import PlanState
from portico.domain.documents.queries import document as document_of
from portico.lib.errors import PorticoError
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message
from portico.web.dashboard.payment_plans.forms import FillForm, PlanForm
from portico.web.shared.page import reader_formatter


@staff_page
def payment_plan(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the form; with `fill` in the address filled in with equal parts. A POST makes the plan."""
    found = document_of(viewer, name, Kind.INVOICE)
    if not found.is_owed:
        messages.error(request, _("Nothing is owed on %(number)s, so there is nothing to plan.") % _values(found))
        return _back(found)
    plan = plan_of(found)
    fill = FillForm(request.GET if "fill" in request.GET else None, initial=_initial(found), auto_id="fill_%s")
    if request.method != "POST":
        filled = fill.rows(found) if fill.is_bound and fill.is_valid() else _rows_of(plan)
        form = PlanForm(found, offers_autopay=viewer.business.allow_autopay, rows=filled, plan=plan)
        return _page(request, viewer, found, plan, fill, form)
    form = PlanForm(found, offers_autopay=viewer.business.allow_autopay, data=request.POST, plan=plan)
    if not form.is_valid():
        return _page(request, viewer, found, plan, fill, form, status=422)
    try:
        make_plan(found, form.plan, by=viewer.actor)
        if form.cleaned_data["sends"] and found.customer.email:
            ask_plan_mail(found, by=viewer.actor)
    except PorticoError as refusal:
        form.add_error(None, error_message(refusal))
        return _page(request, viewer, found, plan, fill, form, status=refusal.status)
    messages.success(request, _("The payment plan of %(number)s is saved.") % _values(found))
    return _back(found)


@require_POST
@staff_page
def send_payment_plan(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Mail the plan to the customer."""
    found = document_of(viewer, name, Kind.INVOICE)
    try:
        ask_plan_mail(found, by=viewer.actor)
    except PorticoError as refusal:
        messages.error(request, error_message(refusal))
    else:
        messages.success(request, _("The payment plan is mailed to %(email)s.") % {"email": found.customer.email})
    return _back(found)


@require_POST
@staff_page
def cancel_payment_plan(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Let the invoice be due as it was before."""
    found = document_of(viewer, name, Kind.INVOICE)
    cancel_plan(found, by=viewer.actor)
    messages.success(request, _("The payment plan of %(number)s is canceled.") % _values(found))
    return _back(found)


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    found: Document,
    plan: PaymentPlan | None,
    fill: FillForm,
    form: PlanForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "fill": fill,
        "number": found.number,
        "here": reverse("payment_plan", args=[found.public_id]),
        "back_url": reverse("document", args=[found.public_id]),
        "open": reader_formatter().money(found.open_amount, found.currency),
        "is_change": plan is not None,
        "was_approved": plan is not None and plan.state == PlanState.ACTIVE and plan.needs_approval,
    }
    template = "dashboard/payment_plans/edit.html"
    return staff_answer(request, viewer, template, context, nav="documents", status=status)


def _initial(found: Document) -> dict[str, object]:
    today = found.business.today()
    return {"number": 3, "first_on": max(found.due_on or today, found.issued_on, today), "interval": "month"}


def _rows_of(plan: PaymentPlan | None) -> list[InstalmentInput]:
    """Return what is left of a plan, as the rows of its change."""
    return [InstalmentInput(part.due_on, part.left) for part in plan.parts if part.left] if plan else []


def _values(found: Document) -> dict[str, str]:
    return {"number": found.number}


def _back(found: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("document", args=[found.public_id]))
