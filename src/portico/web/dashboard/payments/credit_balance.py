"""A customer's credit balance: what it comes to, how it was adjusted, and adjusting it with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.payments.actions.adjust_credit import AdjustmentInput, adjust_credit
from portico.domain.payments.models import CreditAdjustment
from portico.domain.payments.queries import credit_adjustments, credit_balances
from portico.lib.errors import PorticoError
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message, say_at_field
from portico.web.dashboard.core.submission import SubmissionField, new_submission
from portico.web.shared.days import day_input
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter

_INPUT = {"class": "po-input"}
# The newest ones; the customer's timeline has all of them.
_AT_MOST = 50


def _directions() -> list[tuple[str, str]]:
    return [("give", _("Give the customer credit")), ("take", _("Take credit away"))]


class AdjustmentForm(forms.Form):
    """Which way the credit balance goes, how far, when and why. `submission` is made with the empty form."""

    direction = forms.ChoiceField(label=gettext_lazy("What to do"), choices=_directions, widget=forms.Select(_INPUT))
    adjusted_on = forms.DateField(
        label=gettext_lazy("Date"),
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For you and your records: customers do not see it."),
        max_length=255,
        widget=forms.TextInput({**_INPUT, "dir": "auto"}),
    )
    submission = SubmissionField()

    field_order = ("direction", "amount", "adjusted_on", "reason", "submission")

    def __init__(self, currency: str, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, auto_id="adjustment_%s", **options)
        self.currency = currency
        self.fields["amount"] = MoneyField(currency, label=_("Amount (%(currency)s)") % {"currency": currency})
        self.order_fields(self.field_order)

    def to_input(self) -> AdjustmentInput:
        """Return the adjustment as the domain takes it; call it on a valid form."""
        values = self.cleaned_data
        amount = values["amount"] if values["direction"] == "give" else -values["amount"]
        return AdjustmentInput(amount, self.currency, values["reason"], values["adjusted_on"], values["submission"])

    def refuse(self, error: PorticoError) -> None:
        """Say the domain's refusal where it belongs, else above the form."""
        places = {f"/{name}": name for name in ("amount", "adjusted_on", "reason")}
        left = say_at_field(self, error, places)
        if left is not None:
            self.add_error(None, error_message(left))


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An adjustment that was made; `left` is what of it is not used yet."""

    number: str
    date: str
    reason: str
    amount: str
    left: str


@staff_page
def customer_credit(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the credit balance and the form; a POST adjusts it."""
    customer = customer_of(viewer, name)
    balances = credit_balances(customer, viewer.business.today())
    likely = [customer.currency, *balances, viewer.business.currency]
    currencies = list(dict.fromkeys(filter(None, likely)))
    asked = (request.POST if request.method == "POST" else request.GET).get("currency", "")
    currency = asked if asked in currencies else currencies[0]
    if request.method == "POST":
        form = AdjustmentForm(currency, request.POST)
        done = _adjusted(viewer, customer, form) if form.is_valid() else None
        if done is not None:
            messages.success(request, _("The credit balance is adjusted (%(number)s).") % {"number": done.number})
            return HttpResponseRedirect(reverse("customer_credit", args=[customer.public_id]))
    else:
        form = AdjustmentForm(
            currency, initial={"adjusted_on": viewer.business.today(), "submission": new_submission()}
        )
    fmt, here = reader_formatter(), reverse("customer_credit", args=[customer.public_id])
    context = {
        "name": customer.name,
        "customer_url": reverse("customer", args=[customer.public_id]),
        "action": here,
        "form": form,
        "balances": [
            fmt.money(balances.get(code, 0), code) for code in currencies if balances.get(code) or len(currencies) == 1
        ],
        "currencies": [(code, f"{here}?currency={code}", code == currency) for code in currencies],
        "currency": currency,
        "rows": [
            _row(row, fmt) for row in credit_adjustments(viewer, customer).order_by("-adjusted_on", "-id")[:_AT_MOST]
        ],
    }
    status = 422 if form.is_bound else 200
    return staff_answer(
        request, viewer, "dashboard/payments/credit_balance.html", context, nav="customers", status=status
    )


def _adjusted(viewer: StaffViewer, customer: Customer, form: AdjustmentForm) -> CreditAdjustment | None:
    """Return the adjustment of a valid form, also when it was made before; None when the domain refuses it."""
    try:
        return adjust_credit(customer, form.to_input(), by=viewer.actor)
    except PorticoError as error:
        form.refuse(error)
        return None


def _row(row: CreditAdjustment, fmt: Formatter) -> AdjustmentRow:
    left = max(0, -row.item.open)
    return AdjustmentRow(
        number=row.number,
        date=fmt.date(row.adjusted_on),
        reason=row.reason,
        amount=fmt.money(row.amount, row.currency),
        left=fmt.money(left, row.currency) if left else "",
    )
