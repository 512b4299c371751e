"""A document as staff write it: its head, and as many lines as they add."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.customers.models import Customer
from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.kinds import SPECS, Kind
from portico.domain.documents.totals import LineInput
from portico.lib.errors import FieldError, Invalid, PorticoError
from portico.lib.money import exponent
from portico.web.dashboard.drafts.line_form import PLACES, LineForm, initial_of, typed_of
from portico.web.dashboard.drafts.number_field import DiscountField, RateField
from portico.web.dashboard.drafts.refusals import field_message, refusal_message
from portico.web.dashboard.drafts.written_fields import DETAILS, day_field, field_of, text_field

MOST_LINES = 200
_TEXTS = ("title", "purchase_order", "buyer_reference", "contract_reference", "project_reference", "terms", "notes")
_DAYS = ("due_on", "expires_on", "delivered_on", "period_start", "period_end")


class DocumentForm(forms.Form):
    """The head of a document. Which fields there are depends on its kind."""

    currency = text_field(gettext_lazy("Currency"), 3, required=True, size=4, dir="ltr")
    issued_on = day_field(gettext_lazy("Date"), required=True)
    number = text_field(gettext_lazy("Number"), 100, help_text=gettext_lazy("The next one when left empty"))
    prices_include_tax = forms.BooleanField(
        label=gettext_lazy("Prices include their tax"),
        required=False,
        widget=forms.CheckboxInput({"class": "po-check"}),
    )

    def __init__(self, base: DocumentInput, lines: int, **options: Any) -> None:
        super().__init__(auto_id="%s", **options)
        self.base = base
        kind = SPECS[base.kind]
        if kind.sign > 0:
            self.fields["due_on"] = day_field(_("Due date"), help_text=_("By the agreed terms when left empty"))
        if kind.can_expire:
            self.fields["expires_on"] = day_field(_("Valid until"))
        self.fields |= {name: field_of(name) for name in DETAILS}
        self.fields["discount"] = DiscountField(
            self._currency, label=_("Discount"), help_text=_("An amount, or a share with its sign")
        )
        self.fields["tax_rate"] = RateField(
            label=_("Tax on the whole, %"), required=False, help_text=_("Besides the tax of the lines")
        )
        self.lines = [self._line(index) for index in range(min(max(lines, 1), MOST_LINES))]

    @property
    def _currency(self) -> str:
        typed = str(self.data.get("currency") or self.initial.get("currency") or self.base.currency)
        try:
            exponent(typed.upper())
        except Invalid:
            return self.base.currency
        return typed.upper()

    def _line(self, index: int) -> LineForm:
        if self.is_bound:
            return LineForm(self._currency, index, data=self.data)
        lines = self.initial.get("lines", [])
        return LineForm(self._currency, index, initial=lines[index] if index < len(lines) else None)

    @classmethod
    def of(cls, base: DocumentInput) -> "DocumentForm":
        """Return the form of a document as it was written."""
        initial = {name: getattr(base, name) for name in (*_TEXTS, *_DAYS, "currency", "issued_on", "number")}
        initial |= {name: getattr(base, name) for name in ("discount", "tax_rate", "prices_include_tax")}
        if base.note_list:
            initial["notes"] = "\n\n".join(note.text for note in base.note_list)
        lines = [initial_of(line) for line in base.lines]
        return cls(base, len(lines), initial=initial | {"lines": lines})

    @classmethod
    def again(cls, base: DocumentInput, data: Mapping[str, Any], kept: list[int]) -> "DocumentForm":
        """Return the form as it was typed, with these of its lines and one more for each -1; nothing is checked."""
        head = {name: data[name] for name in data if not name.startswith("line-")}
        last = typed_of(data, max(kept, default=0))
        # Another line is mostly taxed as the one before.
        fresh = {"tax_rate": last.get("tax_rate", ""), "tax_category": last.get("tax_category", ""), "quantity": "1"}
        lines = [typed_of(data, index) if index >= 0 else fresh for index in kept]
        return cls(base, len(lines), initial=head | {"lines": lines})

    def clean_currency(self) -> str:
        """Refuse what is no currency."""
        code = str(self.cleaned_data["currency"]).upper()
        try:
            exponent(code)
        except Invalid as error:
            raise ValidationError(_("There is no such currency.")) from error
        return code

    def clean(self) -> dict[str, Any]:
        """Check the lines: empty ones are none, but one there has to be."""
        values = super().clean() or self.cleaned_data
        written = [line for line in self.lines if not line.is_empty]
        if not written:
            self.lines[0].is_valid()
            self.add_error(None, _("A document needs at least one line."))
        elif sum(not line.is_valid() for line in written):
            self.add_error(None, _("Look at the lines: something is missing or can't be read there."))
        return values

    @property
    def written_lines(self) -> list[LineForm]:
        """The lines in which something is said."""
        return [line for line in self.lines if not line.is_empty]

    def to_input(self, customer: Customer, *, draft: bool) -> DocumentInput:
        """Return the document of a valid form; what it does not ask for stays as it was."""
        values = self.cleaned_data
        names = (*_TEXTS, *_DAYS, "currency", "issued_on", "number", "discount", "tax_rate", "prices_include_tax")
        said = {name: values[name] for name in names if name in values}
        before = "\n\n".join(note.text for note in self.base.note_list)
        if values["notes"].replace("\r\n", "\n") == before and before:
            said["notes"] = ""
        else:
            said["note_list"] = ()
        if "due_on" in self.fields and said["due_on"] is None:
            said["due_on"] = due_by_terms(customer, said["issued_on"])
        return replace(self.base, lines=self._lines(), draft=draft, **said)

    def _lines(self) -> list[LineInput]:
        return [line.to_input() for line in self.written_lines]

    def refuse(self, error: PorticoError) -> None:
        """Say the domain's refusal at the fields it is about, or on top."""
        placed = [self._say(field, error) for field in error.fields]
        if not any(placed):
            self.add_error(None, refusal_message(error))

    def _say(self, field: FieldError, error: PorticoError) -> bool:
        parts = field.pointer.strip("/").split("/")
        if parts[0] == "lines" and len(parts) > 1 and int(parts[1]) < len(self.written_lines):
            name = PLACES.get(parts[2], "description") if len(parts) > 2 else "unit_price"
            self.written_lines[int(parts[1])].add_error(name, field_message(field, error))
            if not self.non_field_errors():
                self.add_error(None, _("Look at the lines: something is missing or can't be read there."))
            return True
        if parts[0] in self.fields:
            self.add_error(parts[0], field_message(field, error))
            return True
        return False


def due_by_terms(customer: Customer, issued_on: date) -> date | None:
    """Return when an invoice of a customer is due that does not say it, or None where nothing is agreed."""
    agreed, usual = customer.payment_terms_days, customer.business.default_due_days
    days = usual if agreed is None else agreed
    return None if days is None else issued_on + timedelta(days=days)


def empty_input(kind: Kind, customer: Customer, today: date) -> DocumentInput:
    """Return a document in which nothing is written yet."""
    return DocumentInput(
        kind=kind,
        currency=customer.currency or customer.business.currency,
        issued_on=today,
        lines=[],
        terms=customer.business.text("default_terms", customer.language) if SPECS[kind].has_deadline else "",
        prices_include_tax=customer.business.default_prices_include_tax,
        draft=True,
        source="dashboard",
    )
