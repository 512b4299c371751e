"""A payment's page for staff: what it paid, what is left of it, its receipt, voiding and refunding it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.queries import timeline_of_subject
from portico.domain.ledger.queries import allocations_of, item_of
from portico.domain.payments.actions.ask_refund import ask_refund
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.start_refund import start_refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.models import Payment, Refund, RefundState, State
from portico.domain.payments.queries import collected_in, refunds_of
from portico.domain.payments.queries import payment as payment_of
from portico.domain.payments.refundable import collected_by
from portico.lib.errors import PorticoError
from portico.lib.l10n import Formatter, current_language
from portico.lib.money import to_major
from portico.output.pdf.pdf_files import receipt_filename, receipt_pdf
from portico.output.wording.payments import payment_facts
from portico.web.dashboard.core.allocations import staff_allocations
from portico.web.dashboard.core.credits import ApplyForm, applied_rows, form_for_credit
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import say_at_field
from portico.web.dashboard.core.submission import SubmissionField, new_submission
from portico.web.dashboard.core.timeline import moments
from portico.web.dashboard.payments.labels import dispute_tag, refund_tag
from portico.web.shared.days import day_input
from portico.web.shared.download import attachment
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, payment_tag

_NEWEST = 30


class VoidForm(forms.Form):
    """Why a payment no longer counts, and from which day on."""

    counts = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy("A slip is undone on the payment’s own day, or on the first day whose books are open."),
        choices=[
            ("slip", gettext_lazy("A slip: a wrong day or customer, or typed twice")),
            ("today", gettext_lazy("The money did not come after all: undo it from today on")),
        ],
        required=False,
        widget=forms.Select({"class": "po-input"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=255, widget=forms.TextInput({"class": "po-input"})
    )


class RefundForm(forms.Form):
    """How much was refunded by hand, when and why. `submission` is made with the empty form."""

    on = forms.DateField(
        label=gettext_lazy("Date"),
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=255, widget=forms.TextInput({"class": "po-input"})
    )
    submission = SubmissionField()

    field_order = ("amount", "how", "on", "reason", "submission")

    def __init__(self, payment: Payment, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="refund_%s", **kwargs)
        self.fields["amount"] = MoneyField(payment.currency, label=_("Amount"))
        ways = [("provider", _("Through the provider"))] if collected_by(payment) else []
        self.fields["how"] = forms.ChoiceField(
            label=_("How"),
            choices=[*ways, ("hand", _("By hand: I have refunded it"))],
            widget=forms.Select({"class": "po-input"}),
        )
        self.order_fields(self.field_order)


@dataclass(frozen=True, slots=True)
class RefundRow:
    date: str
    how: str
    reason: str
    tag: Tag
    amount: str


@dataclass(frozen=True, slots=True)
class DisputeRow:
    date: str
    tag: Tag
    taken: str
    amount: str


@staff_page
def payment(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a payment."""
    return payment_page(request, viewer, payment_of(viewer, name))


@staff_page
def receipt(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Send the receipt as the customer gets it, in the customer's language."""
    found = payment_of(viewer, name)
    language = found.customer.language or found.business.language or current_language()
    return attachment(receipt_pdf(found, language), receipt_filename(found), "application/pdf")


@require_POST
@staff_page
def void(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Take a payment back: what it paid is owed again."""
    found, form = payment_of(viewer, name), VoidForm(request.POST, auto_id="void_%s")
    if not form.is_valid():
        return payment_page(request, viewer, found, void_form=form)
    try:
        is_slip = form.cleaned_data["counts"] == "slip"
        void_payment(found, by=viewer.actor, reason=form.cleaned_data["reason"], is_slip=is_slip)
    except PorticoError as error:
        return payment_page(request, viewer, found, void_form=form, refusal=error)
    messages.success(request, _("%(number)s is voided.") % {"number": found.number})
    return _back(found)


@require_POST
@staff_page
def refund_payment(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Give some of a payment back through its provider, or record that it was paid back by hand."""
    found = payment_of(viewer, name)
    form = RefundForm(found, request.POST)
    if not form.is_valid():
        return payment_page(request, viewer, found, refund_form=form)
    values = form.cleaned_data
    try:
        given = _given_back(viewer, found, values)
    except PorticoError as error:
        left = say_at_field(form, error, {"/amount": "amount", "/refunded_on": "on"})
        return payment_page(request, viewer, found, refund_form=form, refusal=left)
    money = {"amount": reader_formatter().money(values["amount"], found.currency)}
    if given.state == RefundState.FAILED:
        messages.error(request, _("The provider did not refund %(amount)s.") % money)
    elif given.is_active:
        messages.success(request, _("The provider is refunding %(amount)s; this page shows when it is done.") % money)
    elif given.gateway_account is None:
        messages.success(request, _("A refund of %(amount)s is recorded.") % money)
    else:
        messages.success(request, _("%(amount)s is refunded.") % money)
    return _back(found)


def _given_back(viewer: StaffViewer, found: Payment, values: dict[str, Any]) -> Refund:
    amount, reason, submission = values["amount"], values["reason"], values["submission"]
    if values["how"] == "provider":
        started = start_refund(found, amount, by=viewer.actor, reason=reason, submission=submission)
        return ask_refund(started, by=viewer.actor)
    return refund(found, amount, by=viewer.actor, on=values["on"], reason=reason, submission=submission)


def payment_page(
    request: HttpRequest,
    viewer: StaffViewer,
    found: Payment,
    *,
    void_form: VoidForm | None = None,
    refund_form: RefundForm | None = None,
    apply_form: ApplyForm | None = None,
    refusal: PorticoError | None = None,
) -> HttpResponse:
    """Show a payment's page, with what is wrong with a form that was sent."""
    fmt, succeeded = reader_formatter(), found.state == State.SUCCEEDED
    first = {"on": viewer.business.today(), "amount": to_major(found.kept, found.currency)}
    wrong = any(form is not None and not form.is_valid() for form in (void_form, refund_form, apply_form))
    context: dict[str, Any] = {
        "payment": found,
        "payment_id": found.public_id,
        "customer_url": reverse("customer", args=[found.customer.public_id]),
        "tag": payment_tag(found),
        "amount": fmt.money(found.amount, found.currency),
        "unapplied": fmt.money(found.unapplied, found.currency) if found.unapplied else "",
        "facts": [*payment_facts(found, fmt), *([(_("Note"), found.note)] if found.note else [])],
        "refunds": _refunds(found, fmt),
        **_elsewhere(viewer, found, fmt, apply_form),
        "moments": moments(timeline_of_subject(found.pk)[:_NEWEST], viewer.business, fmt),
        "can_void": succeeded and found.kept == found.amount,
        "can_refund": succeeded and found.kept > 0,
        "void_form": void_form or VoidForm(auto_id="void_%s"),
        "refund_form": refund_form or RefundForm(found, initial=first | {"submission": new_submission()}),
    }
    return staff_answer(
        request,
        viewer,
        "dashboard/payments/detail.html",
        context,
        nav="payments",
        status=422 if wrong else 200,
        refusal=refusal,
    )


def _elsewhere(viewer: StaffViewer, found: Payment, fmt: Formatter, form: ApplyForm | None) -> dict[str, Any]:
    """What a provider and its bank did, and what the payment stands against or can be applied to."""
    allocations = allocations_of(found.item_id)
    return {
        "applied": staff_allocations(found.item_id, allocations, found.currency, fmt, given=True),
        "applied_rows": applied_rows(found.item_id, allocations, found.currency, fmt),
        "disputes": _disputes(found, fmt),
        "attempt": attempt_facts(found, fmt),
        "apply_form": form or form_for_credit(viewer, found.customer, item_of(found.item_id), fmt),
    }


def _refunds(found: Payment, fmt: Formatter) -> list[RefundRow]:
    return [
        RefundRow(
            date=fmt.date(row.refunded_on),
            how=_("Through the provider") if row.gateway_account_id else _("By hand"),
            reason=row.failure_message or row.reason,
            tag=refund_tag(row.state),
            amount=fmt.money(row.amount, found.currency),
        )
        for row in refunds_of(found)
    ]


def _disputes(found: Payment, fmt: Formatter) -> list[DisputeRow]:
    return [
        DisputeRow(
            date=fmt.date(row.opened_on),
            tag=dispute_tag(row.state),
            taken=fmt.money(row.taken, found.currency) if row.taken else "",
            amount=fmt.money(row.amount, found.currency),
        )
        for row in found.disputes.order_by("id")
    ]


def attempt_facts(found: Payment, fmt: Formatter) -> list[tuple[str, str]]:
    """Return what is to be known of how a provider collected a payment; empty for one received by hand."""
    attempt = collected_in(found)
    if attempt is None:
        return []
    facts = [
        (_("Collected through"), attempt.gateway_account.gateway),
        (_("Provider's id"), attempt.provider_id),
        (_("Saved method"), str(attempt.saved_method) if attempt.saved_method else ""),
        (_("Fee on top"), fmt.money(attempt.fee, attempt.currency) if attempt.fee else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _back(found: Payment) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("payment", args=[found.public_id]))
