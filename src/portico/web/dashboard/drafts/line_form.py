"""One line of a document as staff write it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.documents.tax_categories import TAX_CATEGORIES
from portico.domain.documents.totals import LineInput
from portico.output.wording.tax import tax_category
from portico.web.dashboard.drafts.number_field import DiscountField, NumberField, RateField
from portico.web.shared.days import day_input

# Fields of a line by the places of the domain's refusals.
PLACES = {
    "description": "description", "quantity": "quantity", "unit_price": "unit_price", "discount": "discount",
    "tax_rate": "tax_rate", "tax_category": "tax_category", "tax_exemption_reason": "exemption_reason",
    "tax_exemption_code": "exemption_code", "period_end": "period_end",
}  # fmt: skip


def _text(label: Any, length: int, *, required: bool = False, **attributes: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        widget=forms.TextInput({"class": "po-input", **attributes}),
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )


def _categories() -> list[tuple[str, str]]:
    names = {"S": _("Standard rate"), "L": "IGIC", "M": "IPSI"}
    return [("", "–"), *((code, f"{code} · {names.get(code) or tax_category(code)}") for code in TAX_CATEGORIES)]


class LineForm(forms.Form):
    """A line. One in which nothing but the tax is said is no line."""

    description = _text(gettext_lazy("Item"), 5000, required=True)
    quantity = NumberField(label=gettext_lazy("Quantity"))
    unit = _text(gettext_lazy("Unit"), 20, list="units")
    unit_price = NumberField(label=gettext_lazy("Price"))
    tax_rate = RateField(label=gettext_lazy("Tax %"), required=False)
    details = forms.CharField(
        label=gettext_lazy("Details"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea({"class": "po-input", "rows": 2}),
    )
    item_number = _text(gettext_lazy("Item no."), 120)
    tax_category = forms.ChoiceField(
        label=gettext_lazy("Tax category"),
        required=False,
        choices=_categories,
        widget=forms.Select({"class": "po-input"}),
    )
    exemption_reason = _text(gettext_lazy("Why nothing is taxed"), 1000)
    exemption_code = _text(gettext_lazy("The same as a code"), 30, placeholder="VATEX-EU-AE", dir="ltr")
    period_start = _day(gettext_lazy("Period from"))
    period_end = _day(gettext_lazy("Period to"))

    def __init__(self, currency: str, index: int, **options: Any) -> None:
        super().__init__(prefix=f"line-{index}", auto_id="%s", **options)
        self.index = index
        self.fields["discount"] = DiscountField(currency, label=_("Discount"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that makes a line."""
        return not any(self.text(name) for name in ("description", "unit_price", "details", "item_number"))

    def text(self, name: str) -> str:
        """What was typed in a field."""
        return str(self.data.get(self.add_prefix(name), "")).strip()

    @property
    def has_more(self) -> bool:
        """Whether something is said in the fields that are folded away."""
        names = ("details", "item_number", "tax_category", "exemption_reason", "exemption_code", "period_start")
        return any(self[name].value() or self[name].errors for name in names)

    def to_input(self) -> LineInput:
        """Return the line of a valid form."""
        values = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return LineInput(**values)


def initial_of(line: LineInput) -> dict[str, Any]:
    """Return what the fields of a line show that was written before."""
    values = asdict(line)
    return values | {"discount": line.discount}


def typed_of(data: Mapping[str, Any], index: int) -> dict[str, Any]:
    """Return what was typed for a line, as it was typed."""
    start = f"line-{index}-"
    return {name.removeprefix(start): data[name] for name in data if name.startswith(start)}
