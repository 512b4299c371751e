"""Which statement is asked for: its type, its days, its currency; all of it in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _

BALANCE_FORWARD = "balance_forward"
OPEN_ITEM = "open_item"

YEARS_BACK = 3
_MAX_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Period:
    """A period that people often ask for."""

    label: str
    start: date
    end: date


class StatementForm(forms.Form):
    """A statement's type, period or day, and currency. What is absent gets a sensible value; what is wrong is named.

    `today` is the business's; nothing later and nothing more than three years back can be asked for.
    """

    type = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    start = forms.DateField(required=False)
    end = forms.DateField(required=False)
    as_of = forms.DateField(required=False)
    currency = forms.ChoiceField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=_MAX_PAGE, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, today: date, currencies: Sequence[str]) -> None:
        self.today = today
        self.kind = OPEN_ITEM if data.get("type") == OPEN_ITEM else BALANCE_FORWARD
        defaults = {"type": self.kind, "start": _month_before(today), "end": today, "as_of": today}
        super().__init__({**defaults, **{name: value for name, value in data.items() if value}})
        self.fields["type"].label, self.fields["page"].label = _("Type"), _("Page")
        for name, label in (("start", _("From")), ("end", _("To")), ("as_of", _("As of"))):
            limits = {"min": earliest(today).isoformat(), "max": today.isoformat()}
            attrs = {"class": "po-input", "type": "date", **limits}
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
            self.fields[name].label = label
        kind, currency = self.fields["type"], self.fields["currency"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(currency, forms.ChoiceField)
        kind.choices = [(BALANCE_FORWARD, _("Balance forward")), (OPEN_ITEM, _("Open item"))]
        currency.widget = forms.Select(attrs={"class": "po-input"})
        currency.label = _("Currency")
        currency.choices = [("", _("All")), *((code, code) for code in currencies)]
        for name in ("start", "end") if self.kind == OPEN_ITEM else ("as_of",):
            del self.fields[name]
        if len(currencies) < 2 and not data.get("currency"):
            del self.fields["currency"]

    def clean(self) -> dict[str, Any]:
        """Refuse days in the future, days too long ago, and periods that end before they begin."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("start", "end", "as_of"):
            day = cleaned.get(name)
            if day and day > self.today:
                self.add_error(name, _("This day is in the future."))
            elif day and day < earliest(self.today):
                self.add_error(name, _("Statements go back three years."))
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The period ends before it begins."))
        return cleaned

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return int(self.cleaned_data.get("page") or 1)

    def query(self, **changes: str | int | None) -> str:
        """Return the address's query for this statement, with some of it changed."""
        names = ("type", "as_of", "currency") if self.kind == OPEN_ITEM else ("type", "start", "end", "currency")
        values = {name: self.cleaned_data.get(name) for name in names} | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})


def earliest(today: date) -> date:
    """Return the first day of the month three years before."""
    return date(today.year - YEARS_BACK, today.month, 1)


def usual_periods(today: date) -> list[Period]:
    """Return the periods people often ask for, the nearest first."""
    month = today.replace(day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    year = date(today.year, 1, 1)
    day = timedelta(days=1)
    return [
        Period(_("This month"), month, today),
        Period(_("Last month"), (month - day).replace(day=1), month - day),
        Period(_("This quarter"), quarter, today),
        Period(_("This year"), year, today),
        Period(_("Last year"), date(today.year - 1, 1, 1), year - day),
        Period(str(today.year - 2), date(today.year - 2, 1, 1), date(today.year - 2, 12, 31)),
    ]


def _month_before(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
