"""The forms of what staff do with an estimate."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Document
from portico.lib.money import to_major
from portico.web.shared.days import day_input
from portico.web.shared.money_field import MoneyField
from portico.web.shared.percent_field import PercentField


class DecisionForm(forms.Form):
    """Who decided for the customer, and how staff know of it."""

    name = forms.CharField(
        label=gettext_lazy("Who decided"),
        max_length=200,
        widget=forms.TextInput({"class": "po-input"}),
        error_messages={"required": gettext_lazy("Name the person who decided for the customer.")},
    )
    note = forms.CharField(
        label=gettext_lazy("How you know"),
        max_length=1000,
        widget=forms.Textarea({"class": "po-input", "rows": 2}),
        error_messages={"required": gettext_lazy("Say how you know, such as: by phone on 3 December.")},
    )


class DepositForm(forms.Form):
    """What an estimate asks for in advance: an amount or a share of it, or nothing."""

    percent = PercentField(
        label=gettext_lazy("Or percent of the total"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=15,
        widget=forms.TextInput({"class": "po-input po-num", "inputmode": "decimal", "dir": "ltr"}),
    )

    def __init__(self, estimate: Document, typed: Any = None) -> None:
        amount, currency = estimate.deposit_amount, estimate.currency
        initial = {
            "amount": None if amount is None else to_major(amount, currency),
            "percent": estimate.deposit_percent,
        }
        super().__init__(typed, initial=initial, auto_id="deposit_%s")
        self.fields["amount"] = MoneyField(currency, label=_("Amount"), required=False)
        self.estimate = estimate

    @property
    def deposit(self) -> Deposit | None:
        """What is to be asked for; None for nothing. Call it on a valid form."""
        amount, percent = self.cleaned_data["amount"], self.cleaned_data["percent"]
        return Deposit(percent=percent or None, amount=amount) if amount or percent else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        amount: int | None = cleaned.get("amount")
        if amount and cleaned.get("percent"):
            self.add_error("percent", _("Give an amount or a percentage, not both."))
        elif amount and amount > self.estimate.payable:
            self.add_error("amount", _("A deposit is no more than the total."))
        return cleaned


class ConvertForm(forms.Form):
    """When the invoice is due."""

    due_on = forms.DateField(
        label=gettext_lazy("Due date"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )
