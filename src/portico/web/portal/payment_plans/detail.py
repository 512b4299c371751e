"""The page of a payment plan: its instalments, and where the customer approves it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.errors import EditedMeanwhile
from portico.domain.documents.models import Document, Kind, PaymentPlan
from portico.domain.documents.plan_queries import plan_of
from portico.domain.documents.plans import PlanState
from portico.domain.documents.queries import document
from portico.domain.payments.autopay import default_method
from portico.lib.clock import local_date
from portico.output.wording.payment_methods import saved_label
from portico.web.portal.core.evidence import evidence_of
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.payable import can_pay, pay_url, payments_under_way
from portico.web.portal.core.planned import planned_invoice
from portico.web.portal.core.refusals import StepUpNeeded
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.page import reader_formatter


class ApprovalForm(forms.Form):
    """Who approves which plan: `plan` is the one that the page showed."""

    plan = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput({"class": "po-input", "autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Type your name as your signature.")},
    )
    accepted = forms.BooleanField(
        label=gettext_lazy("I agree to pay by this plan"),
        widget=forms.CheckboxInput({"class": "po-check"}),
        error_messages={"required": gettext_lazy("Tick this to agree to the plan.")},
    )


@portal_page(methods=FORM, opens={Kind.INVOICE})
def payment_plan(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Show the plan of an invoice; a POST approves it as the page showed it."""
    invoice = document(viewer, name, Kind.INVOICE)
    plan = plan_of(invoice)
    if plan is None:
        return _back(invoice)
    if request.method != "POST":
        return _page(request, viewer, plan, ApprovalForm(auto_id="plan_%s"))
    if plan.collects and plan.state == PlanState.AWAITING_APPROVAL and not viewer.is_fresh:
        # A person who agrees to be charged later proves who they are, as for AutoPay.
        raise StepUpNeeded(viewer, form_waits=True)
    form = ApprovalForm(request.POST, auto_id="plan_%s")
    if not form.is_valid():
        return _page(request, viewer, plan, form, status=422)
    if form.cleaned_data["plan"] != plan.public_id:
        return _changed(request, viewer, invoice)
    try:
        approve_plan(plan, evidence_of(request, viewer, name=form.cleaned_data["name"]), by=viewer.actor)
    except EditedMeanwhile:
        return _changed(request, viewer, invoice)
    return HttpResponseRedirect(f"{item_url('payment_plan', invoice.public_id)}?approved=1", status=303)


def _changed(request: HttpRequest, viewer: CustomerViewer, invoice: Document) -> HttpResponse:
    """Show the plan as it is now: another one than the page did that was sent."""
    plan = plan_of(invoice)
    if plan is None:
        return _back(invoice)
    alert = _("The plan was changed since you opened this page. Please look at it again.")
    return _page(request, viewer, plan, ApprovalForm(auto_id="plan_%s"), alert=alert, status=409)


def _page(
    request: HttpRequest,
    viewer: CustomerViewer,
    plan: PaymentPlan,
    form: ApprovalForm,
    *,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    fmt, invoice = reader_formatter(), plan.document
    awaits = plan.state == PlanState.AWAITING_APPROVAL
    runs = awaits or plan.state == PlanState.ACTIVE
    payable = runs and can_pay(viewer) and invoice.pk not in payments_under_way(viewer)
    method = default_method(viewer.customer) if plan.collects and viewer.has_account else None
    context: dict[str, Any] = {
        "form": form,
        "alert": alert,
        "plan": planned_invoice(viewer, plan, fmt),
        "plan_id": plan.public_id,
        "total": fmt.money(plan.total, invoice.currency),
        "approved": _approved(plan) if not awaits else "",
        "just_approved": "approved" in request.GET and not awaits,
        "collects": plan.collects and viewer.business.allow_autopay,
        "method": saved_label(method) if method else "",
        "add_url": page_url("add_payment_method") if plan.collects and viewer.has_account and not method else "",
        "pay_url": pay_url([invoice.public_id], **({"whole": "1"} if awaits else {})) if payable else "",
        "back_url": item_url("invoice", invoice.public_id),
    }
    template = "portal/payment_plans/detail.html"
    return customer_page(request, viewer, template, context, nav="activity", status=status)


def _approved(plan: PaymentPlan) -> str:
    given = plan.given_approval
    if given is None:
        return ""
    day = reader_formatter().date(local_date(given.at, plan.business.time_zone))
    return _("Approved on %(date)s by %(name)s.") % {"date": day, "name": given.name}


def _back(invoice: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(item_url("invoice", invoice.public_id), status=303)
