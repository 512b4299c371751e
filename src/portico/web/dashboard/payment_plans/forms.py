"""The forms by which staff make a payment plan: the instalments, and the helper that fills them in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.documents.actions.plan import LONGEST, MOST_INSTALMENTS, InstalmentInput, PlanInput
from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.documents.plans import Interval, days_from, equal_parts
from portico.lib.money import to_major
from portico.web.shared.days import day_input
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter

_INPUT = {"class": "po-input"}
_EMPTY_ROWS = 2
_CHECK = {"class": "po-check"}


def _day(**options: Any) -> forms.DateField:
    widget = day_input()
    return forms.DateField(input_formats=["%Y-%m-%d"], widget=widget, **options)


class FillForm(forms.Form):
    """Into how many equal parts what is open is cut, from which day on, and how far they are apart."""

    number = forms.IntegerField(
        label=gettext_lazy("Instalments"),
        min_value=1,
        max_value=MOST_INSTALMENTS,
        widget=forms.NumberInput({**_INPUT, "inputmode": "numeric"}),
    )
    first_on = _day(label=gettext_lazy("First one on"))
    interval = forms.ChoiceField(
        label=gettext_lazy("Then"),
        choices=[
            (Interval.WEEK.value, gettext_lazy("every week")),
            (Interval.TWO_WEEKS.value, gettext_lazy("every two weeks")),
            (Interval.MONTH.value, gettext_lazy("every month")),
        ],
        widget=forms.Select(_INPUT),
    )

    def rows(self, invoice: Document) -> list[InstalmentInput]:
        """Return the instalments; call it on a valid form."""
        number, values = min(self.cleaned_data["number"], invoice.open_amount), self.cleaned_data
        days = days_from(values["first_on"], number, Interval(values["interval"]))
        parts = equal_parts(invoice.open_amount, number)
        return [InstalmentInput(day, part) for day, part in zip(days, parts, strict=True)]


class PlanForm(forms.Form):
    """The instalments of a plan for an invoice: rows left empty are none."""

    def __init__(
        self,
        invoice: Document,
        *,
        offers_autopay: bool,
        data: Mapping[str, Any] | None = None,
        rows: Sequence[InstalmentInput] = (),
        plan: PaymentPlan | None = None,
    ) -> None:
        super().__init__(data, auto_id="plan_%s")
        self.invoice = invoice
        self.count = _count(data) if data is not None else min(len(rows) + _EMPTY_ROWS, MOST_INSTALMENTS)
        for index in range(self.count):
            place = {"n": index + 1}
            self.fields[f"due_{index}"] = _day(label=_("Day of instalment %(n)s") % place, required=False)
            self.fields[f"amount_{index}"] = MoneyField(
                invoice.currency, label=_("Amount of instalment %(n)s") % place, required=False
            )
        for index, row in enumerate(rows):
            self.initial.update({f"due_{index}": row.due_on, f"amount_{index}": to_major(row.amount, invoice.currency)})
        self.fields["needs_approval"] = _switch(
            _("The customer has to approve it"),
            _("Until then the invoice is due as before. Without it, the plan counts at once."),
        )
        if offers_autopay:
            self.fields["collects"] = _switch(
                _("Collect each instalment by AutoPay on its day"),
                _("By the customer's default payment method, once they have approved it or use AutoPay already."),
            )
        self.fields["sends"] = _switch(_("E-mail it to the customer"), invoice.customer.email)
        self.initial["needs_approval"] = plan.needs_approval if plan else invoice.business.plans_need_approval
        self.initial["collects"] = plan is not None and plan.collects
        self.initial["sends"] = bool(invoice.customer.email)

    def pairs(self) -> list[tuple[BoundField, BoundField]]:
        """Return the two fields of each row."""
        return [(self[f"due_{index}"], self[f"amount_{index}"]) for index in range(self.count)]

    @property
    def switches(self) -> list[BoundField]:
        """The fields below the rows."""
        return [self[name] for name in ("needs_approval", "collects", "sends") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Check each row and their sum, as the domain does, in the reader's language."""
        cleaned = super().clean() or {}
        today, before = self.invoice.business.today(), None
        for index in range(self.count):
            due, amount = cleaned.get(f"due_{index}"), cleaned.get(f"amount_{index}")
            if due is None and amount is not None and f"due_{index}" not in self.errors:
                self.add_error(f"due_{index}", _("Enter the day."))
            if amount is None and due is not None and f"amount_{index}" not in self.errors:
                self.add_error(f"amount_{index}", _("Enter the amount."))
            if due is None:
                continue
            self._check_day(index, due, today, before)
            before = due
        if not self.errors:
            self._check_total()
        return cleaned

    def _check_day(self, index: int, due: date, today: date, before: date | None) -> None:
        if due < today:
            self.add_error(f"due_{index}", _("The day has passed."))
        elif due < self.invoice.issued_on:
            self.add_error(f"due_{index}", _("The day is before the invoice's own."))
        elif due > today + LONGEST:
            self.add_error(f"due_{index}", _("The day is more than five years ahead."))
        elif before is not None and due <= before:
            self.add_error(f"due_{index}", _("Each instalment comes after the one before."))

    def _check_total(self) -> None:
        rows, fmt = self.rows, reader_formatter()
        total, open_amount, currency = sum(row.amount for row in rows), self.invoice.open_amount, self.invoice.currency
        if not rows:
            self.add_error("due_0", _("Enter one instalment at least."))
        elif total != open_amount:
            values = {
                "total": fmt.money(total, currency),
                "open": fmt.money(open_amount, currency),
                "difference": fmt.money(abs(open_amount - total), currency),
            }
            less = _("The instalments come to %(total)s. %(open)s is open: %(difference)s is missing.")
            more = _("The instalments come to %(total)s. %(open)s is open: that is %(difference)s too much.")
            self.add_error(f"amount_{self._last}", (less if total < open_amount else more) % values)

    @property
    def _last(self) -> int:
        return max(index for index in range(self.count) if self.cleaned_data.get(f"amount_{index}"))

    @property
    def rows(self) -> list[InstalmentInput]:
        """The rows that were filled in."""
        pairs = [
            (self.cleaned_data.get(f"due_{index}"), self.cleaned_data.get(f"amount_{index}"))
            for index in range(self.count)
        ]
        return [InstalmentInput(due, amount) for due, amount in pairs if due and amount]

    @property
    def plan(self) -> PlanInput:
        """The plan as the domain takes it; call it on a valid form."""
        values = self.cleaned_data
        return PlanInput(self.rows, values["needs_approval"], values.get("collects", False))


def _switch(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False, widget=forms.CheckboxInput(_CHECK))


def _count(data: Mapping[str, Any]) -> int:
    numbers = [name.removeprefix("amount_") for name in data if name.startswith("amount_")]
    known = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 3]
    return min(max(known, default=0) + 1, MOST_INSTALMENTS)
