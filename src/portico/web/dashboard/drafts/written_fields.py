"""The fields of a document's head that every kind has."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portico.web.shared.days import day_input

# In the order in which the form shows them.
DETAILS = (
    "title", "purchase_order", "buyer_reference", "contract_reference", "project_reference", "delivered_on",
    "period_start", "period_end", "terms", "notes",
)  # fmt: skip


def text_field(label: Any, length: int, *, required: bool = False, help_text: Any = "", **more: Any) -> forms.CharField:
    """Return a field of one line."""
    widget = forms.TextInput({"class": "po-input", **more})
    return forms.CharField(label=label, max_length=length, required=required, help_text=help_text, widget=widget)


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """Return a field of a day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=day_input(),
    )


def field_of(name: str) -> forms.Field:
    """Return one of the `DETAILS`."""
    texts = {
        "title": (_("Title"), 200),
        "purchase_order": (_("The customer's order"), 255),
        "buyer_reference": (_("The customer's reference"), 255),
        "contract_reference": (_("Contract"), 255),
        "project_reference": (_("Project"), 255),
    }
    days = {
        "delivered_on": _("Delivered on"),
        "period_start": _("Service period from"),
        "period_end": _("Service period to"),
    }
    if name in texts:
        return text_field(*texts[name])
    if name in days:
        return day_field(days[name])
    label = _("Terms") if name == "terms" else _("Notes")
    area = forms.Textarea({"class": "po-input", "rows": 3})
    return forms.CharField(label=label, max_length=10_000, required=False, widget=area)
