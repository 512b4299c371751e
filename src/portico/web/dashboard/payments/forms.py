"""The form that records a payment received: how much, when, how, and what it paid."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Document, WriteOffKind
from portico.domain.payments.actions.record_payment import Difference, PaymentInput
from portico.domain.payments.models import Method
from portico.lib.errors import PorticoError
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.refusals import error_message, sentence
from portico.web.dashboard.core.submission import SubmissionField
from portico.web.shared.days import day_input
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter

_INPUT = {"class": "po-input"}


class PaymentForm(forms.Form):
    """Fields of a payment in one currency, and one amount for each open invoice in it.

    `submission` is made with the empty form: the same form sent twice records one payment.
    """

    def __init__(
        self, currency: str, invoices: Sequence[Document], data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, auto_id="payment_%s", **kwargs)
        self.currency = currency
        self.invoices = invoices
        self.asks_about_day = bool(data and data.get("day_is_right"))
        date_input = day_input()
        self.fields["amount"] = MoneyField(currency, label=_("Amount (%(currency)s)") % {"currency": currency})
        self.fields["paid_on"] = forms.DateField(label=_("Paid on"), input_formats=["%Y-%m-%d"], widget=date_input)
        self.fields["method"] = forms.ChoiceField(
            label=_("Method"),
            choices=[(str(method), method_label(method)) for method in Method],
            widget=forms.Select(_INPUT),
        )
        self.fields["reference"] = _text(_("Reference"), 255, forms.TextInput({**_INPUT, "dir": "auto"}))
        self.fields["note"] = _text(_("Note"), 1000, forms.Textarea({**_INPUT, "dir": "auto", "rows": 2}))
        # Asked for when the day is before anything was owed: see `record.py`.
        self.fields["day_is_right"] = forms.BooleanField(
            label=_("The day is right"), required=False, widget=forms.CheckboxInput({"class": "po-check"})
        )
        self.fields["submission"] = SubmissionField()
        self.fields["oldest_first"] = forms.BooleanField(
            label=_("Apply what is left to the oldest invoices first"),
            required=False,
            widget=forms.CheckboxInput({"class": "po-check"}),
        )
        self.fields["short"] = forms.ChoiceField(
            label=_("What is then left of these invoices"),
            required=False,
            choices=[
                ("", _("Stays open")),
                (WriteOffKind.DIFFERENCE.value, _("Is written off as a small difference")),
                (WriteOffKind.BANK_FEE.value, _("Is written off as a bank fee")),
            ],
            widget=forms.Select(_INPUT),
        )
        for invoice in invoices:
            label = _("Amount for %(number)s") % {"number": invoice.number}
            self.fields[_name(invoice)] = MoneyField(currency, label=label, required=False)

    def pairs(self) -> list[tuple[Document, BoundField]]:
        """Return the open invoices, each with its field."""
        return [(invoice, self[_name(invoice)]) for invoice in self.invoices]

    def to_input(self, today: date) -> PaymentInput:
        """Return the payment as the domain takes it; call it on a valid form."""
        values, shares = self.cleaned_data, self._shares(today)
        return PaymentInput(
            amount=values["amount"],
            currency=self.currency,
            paid_on=values["paid_on"],
            method=Method(values["method"]),
            shares=shares,
            reference=values["reference"],
            note=values["note"],
            submission=values["submission"],
            differences=self._differences(shares),
        )

    def _differences(self, shares: Sequence[Share]) -> list[Difference]:
        if not self.cleaned_data["short"]:
            return []
        kind = WriteOffKind(self.cleaned_data["short"])
        rows = [(share.invoice, share.invoice.open_amount - share.amount) for share in shares]
        return [Difference(invoice, left, kind) for invoice, left in rows if left > 0]

    def _shares(self, today: date) -> list[Share]:
        typed = {invoice.pk: self.cleaned_data.get(_name(invoice)) or 0 for invoice in self.invoices}
        left = self.cleaned_data["amount"] - sum(typed.values())
        if self.cleaned_data["oldest_first"]:
            for invoice in self.invoices:
                part = min(max(left, 0), invoice.open_amount)
                if not typed[invoice.pk] and invoice.issued_on <= today:
                    typed[invoice.pk] = part
                    left -= part
        return [Share(invoice, typed[invoice.pk]) for invoice in self.invoices if typed[invoice.pk]]

    def question_day(self, first: date) -> None:
        """Ask whether a day is right that is before `first`, when money was first expected."""
        self.asks_about_day = True
        words = _("This is before %(date)s, when money of this customer was first expected. Is the year right?")
        self.add_error("paid_on", words % {"date": reader_formatter().date(first)})

    def refuse(self, error: PorticoError, shares: Sequence[Share]) -> None:
        """Say the domain's refusal where it belongs: at the amount, the date or an invoice, else above the form."""
        places = {"amount": "amount", "paid_on": "paid_on", "estimate": "amount"}
        places |= {f"allocations/{index}": _name(share.invoice) for index, share in enumerate(shares)}
        said = {
            "/amount": _("Enter an amount more than zero."),
            "/paid_on": _("A payment that was received has no date in the future."),
            "/allocations": _("The amounts for the invoices come to more than the payment."),
        }
        for field in error.fields:
            place = "/".join(field.pointer.split("/")[1:3])
            self.add_error(places.get(place), sentence(error.code) or said.get(field.pointer) or error_message(error))
        if not error.fields:
            self.add_error(None, error_message(error))


def _name(invoice: Document) -> str:
    return f"pay_{invoice.public_id}"


def _text(label: str, longest: int, widget: forms.Widget) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)
