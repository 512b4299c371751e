"""What staff enter of their business."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from portico.domain.businesses.actions.change_profile import MOST_DUE_DAYS, PROFILE_FIELDS, TEXTS
from portico.domain.businesses.models import Business, DiscountTax
from portico.domain.documents.actions.number_series import LAST_NUMBER, LONGEST_PREFIX, MOST_DIGITS
from portico.domain.documents.numbering import Series
from portico.lib.errors import PorticoError
from portico.lib.l10n import LANGUAGES, countries, current_language
from portico.output.wording.business import business_field_label
from portico.web.shared.days import day_input

_INPUT = {"class": "po-input", "dir": "auto"}
_CODE = {"class": "po-input", "dir": "ltr", "spellcheck": "false", "autocomplete": "off"}
_CODES = ("tax_id", "tax_number", "registration_number", "postal_code", "phone", "website", "terms_url", "privacy_url")
_NUMBER = {"class": "po-input", "inputmode": "numeric"}
_SERIES_PARTS = ("prefix", "next_number", "padding", "yearly")
_EDGE_SEPARATORS = re.compile(r"[\s,;/·،؛]+")


class BusinessForm(forms.Form):
    """A business's profile, lock date and number series. `series` are those that count now."""

    def __init__(self, business: Business, series: Iterable[Series], typed: Mapping[str, Any] | None = None) -> None:
        self.business, self.series = business, list(series)
        super().__init__(typed, auto_id="business_%s", initial=_initial(business, self.series))
        self._add_texts()
        self._add_choices()
        self._add_numbers()
        for series_of in self.series:
            self._add_series(series_of)

    def _add_texts(self) -> None:
        helps = {
            "legal_name": _("As it stands in the register, with the legal form. Empty: the name above."),
            "tax_number": _("Of your tax office, where you have no VAT number or show both."),
            "registration_court": _("The court or register that knows you, such as Amtsgericht Hamburg."),
            "directors": _("Who leads the company, separated by commas, where its law asks for it."),
            "legal_note": _("Share capital, supervisory board, insurance: what else your law asks for."),
            "default_terms": _("Printed on invoices that say nothing else."),
        }
        longest = {name: Business._meta.get_field(name).max_length for name in TEXTS}  # type: ignore[union-attr]  # texts are columns
        for name in TEXTS:
            widget: forms.Widget = forms.TextInput(_CODE if name in _CODES else _INPUT)
            if name == "email":
                widget = forms.EmailInput(_CODE)
            elif name in {"default_terms", "legal_note"}:
                widget = forms.Textarea({**_INPUT, "rows": 3})
            self.fields[name] = forms.CharField(
                label=self._label(name),
                help_text=helps.get(name, ""),
                max_length=longest[name],
                required=name == "name",
                widget=widget,
                validators=[ProhibitNullCharactersValidator()],
            )

    def _add_choices(self) -> None:
        language = current_language()
        self._choose("country", list(countries(language)))
        self._choose("language", [("", _("That of each reader’s browser")), *LANGUAGES.items()])
        by_law = _("lowers the tax") if _by_country(self.business) else _("does not lower the tax")
        self._choose(
            "discount_tax",
            [
                ("", _("As usual in your country: %(how)s") % {"how": by_law}),
                (DiscountTax.BEFORE, _("Lowers the tax of every rate in proportion")),
                (DiscountTax.AFTER, _("Is taken off after the tax of the lines")),
            ],
        )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        widget = forms.Select({"class": "po-input"})
        self.fields[name] = forms.ChoiceField(
            label=self._label(name), choices=choices, required=name == "country", widget=widget
        )

    def _add_numbers(self) -> None:
        self.fields["default_due_days"] = forms.IntegerField(
            label=self._label("default_due_days"),
            help_text=_("Of the invoice’s date. Empty: an invoice that names no due date has none."),
            required=False,
            min_value=0,
            max_value=MOST_DUE_DAYS,
            widget=forms.NumberInput(_NUMBER),
        )
        self.fields["default_prices_include_tax"] = forms.BooleanField(
            label=self._label("default_prices_include_tax"),
            help_text=_("The prices of a document’s lines are with tax, unless it says otherwise."),
            required=False,
            widget=forms.CheckboxInput({"class": "po-check"}),
        )
        self.fields["ageing_edges"] = forms.CharField(
            label=self._label("ageing_edges"),
            help_text=_("The last day of each column of the ageing, such as 30, 60, 90."),
            required=False,
            max_length=60,
            widget=forms.TextInput(_CODE),
        )
        self.fields["lock_date"] = forms.DateField(
            label=self._label("lock_date"),
            help_text=_(
                "On this day and before nothing can be issued, paid or changed; corrections count from the day after."
                " Empty: all books are open."
            ),
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=day_input(),
        )

    def _add_series(self, series: Series) -> None:
        start = f"series_{series.kind}"
        self.fields[f"{start}_prefix"] = forms.CharField(
            label=_("Prefix"), required=False, max_length=LONGEST_PREFIX, widget=forms.TextInput(_CODE)
        )
        self.fields[f"{start}_next_number"] = forms.IntegerField(
            label=_("Next number"),
            min_value=1,
            max_value=LAST_NUMBER,
            widget=forms.NumberInput(_NUMBER),
            # A number that is taken while the page is open is no change of the series.
            show_hidden_initial=True,
        )
        self.fields[f"{start}_padding"] = forms.IntegerField(
            label=_("Digits"), min_value=1, max_value=MOST_DIGITS, widget=forms.NumberInput(_NUMBER)
        )
        self.fields[f"{start}_yearly"] = forms.BooleanField(
            label=_("From 1 each year"), required=False, widget=forms.CheckboxInput({"class": "po-check"})
        )

    def clean_ageing_edges(self) -> list[int]:
        """Return the edges as numbers; the domain checks their order."""
        parts = [part for part in _EDGE_SEPARATORS.split(self.cleaned_data["ageing_edges"]) if part]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise forms.ValidationError(_edges_message())
        return [int(part) for part in parts]

    @property
    def changes(self) -> dict[str, Any]:
        """What was entered of the profile and the lock date; call it on a valid form."""
        return {name: self.cleaned_data[name] for name in (*PROFILE_FIELDS, "lock_date")}

    @property
    def wanted_series(self) -> list[Series]:
        """The number series that were changed on the page."""
        found = []
        for shown in self.series:
            names = {part: f"series_{shown.kind}_{part}" for part in _SERIES_PARTS}
            if {*names.values()} & {*self.changed_data}:
                found.append(Series(shown.kind, **{part: self.cleaned_data[name] for part, name in names.items()}))
        return found

    def refuse(self, error: PorticoError) -> None:
        """Show what the domain said of single fields at these, in the reader's language."""
        for wrong in error.fields:
            name = wrong.pointer.strip("/").replace("number_series/", "series_").replace("/", "_")
            self.add_error(name if name in self.fields else None, _said(name, wrong.message))

    def _label(self, name: str) -> str:
        return business_field_label(name, self.business.country)


def _said(name: str, message: str) -> str:
    if name.endswith("_prefix"):
        return _("A prefix may hold the year as {year} or {yy}, and has to where the numbers begin anew each year.")
    return {
        "email": _("This is not an e-mail address."),
        "website": _("Give a whole address such as https://www.example.com."),
        "terms_url": _("Give a whole address such as https://www.example.com."),
        "privacy_url": _("Give a whole address such as https://www.example.com."),
        "ageing_edges": _edges_message(),
        "lock_date": _("Books are closed up to a day that is over."),
    }.get(name, message)


def _edges_message() -> str:
    return _("Give up to six numbers of days, each larger than the one before, such as 30, 60, 90.")


def _by_country(business: Business) -> bool:
    return Business(country=business.country).discounts_lower_tax


def _initial(business: Business, series: Iterable[Series]) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(business, name) for name in (*PROFILE_FIELDS, "lock_date")}
    values["ageing_edges"] = ", ".join(str(edge) for edge in business.ageing_edges)
    lock_date: date | None = business.lock_date
    values["lock_date"] = lock_date
    for row in series:
        for part in _SERIES_PARTS:
            values[f"series_{row.kind}_{part}"] = getattr(row, part)
    return values
