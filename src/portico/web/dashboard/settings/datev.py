"""What the accountant's DATEV has to be told: consultant and client number, chart of accounts, accounts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.change_datev import CLIENTS, CONSULTANTS, change_datev
from portico.domain.businesses.datev import REVENUE, STANDARD, Chart, DatevSettings, Use, datev_of
from portico.lib.errors import Invalid
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer

_INPUT = {"class": "po-input", "dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
_CHARTS = [(Chart.SKR03.value, "SKR03"), (Chart.SKR04.value, "SKR04")]
_LONGEST = 9


def _labels() -> dict[Use, str]:
    return {
        Use.CUSTOMERS: _("Customers"),
        Use.RATE_19: _("Revenue at 19 %"),
        Use.RATE_7: _("Revenue at 7 %"),
        Use.EXEMPT: _("Revenue without tax"),
        Use.REVERSE_CHARGE: _("Reverse charge"),
        Use.EU_SUPPLY: _("Intra-community supply"),
        Use.EXPORT: _("Exports"),
        Use.MONEY: _("Payments and refunds"),
        Use.WRITE_OFFS: _("Write-offs"),
        Use.OTHER: _("Credit adjustments"),
    }


class DatevForm(forms.Form):
    """The settings; an account that is left empty is the chart's own."""

    consultant = forms.IntegerField(
        label=gettext_lazy("Consultant number"),
        help_text=gettext_lazy("Beraternummer: your tax adviser knows it."),
        min_value=CONSULTANTS[0],
        max_value=CONSULTANTS[1],
        widget=forms.TextInput(_INPUT),
    )
    client = forms.IntegerField(
        label=gettext_lazy("Client number"),
        help_text=gettext_lazy("Mandantennummer: yours at the tax adviser."),
        min_value=CLIENTS[0],
        max_value=CLIENTS[1],
        widget=forms.TextInput(_INPUT),
    )
    chart = forms.ChoiceField(
        label=gettext_lazy("Chart of accounts"), choices=_CHARTS, widget=forms.Select({"class": "po-input"})
    )
    fiscal_month = forms.TypedChoiceField(
        label=gettext_lazy("Fiscal year begins in"),
        choices=list(MONTHS.items()),
        coerce=int,
        widget=forms.Select({"class": "po-input"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="datev_%s")
        for use, label in _labels().items():
            own = " / ".join(dict.fromkeys(STANDARD[use].values()))
            help_text = _("Empty: %(account)s") % {"account": own}
            self.fields[f"account_{use}"] = _digits(label, _LONGEST, help_text)
            if use in REVENUE:
                self.fields[f"key_{use}"] = _digits(_("Tax key (BU)"), 4, "")

    @property
    def revenue(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"account_{use}"], self[f"key_{use}"]) for use in REVENUE]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[f"account_{use}"] for use in Use if use not in REVENUE]

    def to_settings(self) -> DatevSettings:
        values = self.cleaned_data
        return DatevSettings(
            consultant=values["consultant"],
            client=values["client"],
            chart=Chart(values["chart"]),
            fiscal_month=values["fiscal_month"],
            accounts={use: values[f"account_{use}"] for use in Use},
            keys={use: values[f"key_{use}"] for use in REVENUE},
        )

    def refuse(self, error: Invalid) -> None:
        """Show what is wrong at its fields."""
        for wrong in error.fields:
            group, _slash, use = wrong.pointer.removeprefix("/").partition("/")
            name = f"{group.removesuffix('s')}_{use}" if use else group
            self.add_error(name, _wrong_text(wrong.pointer))


def _wrong_text(pointer: str) -> str:
    """Return what to enter instead."""
    if pointer.startswith("/keys/"):
        return _("A tax key has up to 4 digits.")
    if pointer == f"/accounts/{Use.CUSTOMERS}":
        return _("A customer’s account has one digit more than the others.")
    return _("An account has 4 to 8 digits, and all have the same number.")


def _digits(label: str, longest: int, help_text: str) -> forms.CharField:
    widget = forms.TextInput(_INPUT)
    return forms.CharField(label=label, max_length=longest, required=False, help_text=help_text, widget=widget)


@owner_page
def datev_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the settings; a POST keeps them when all are valid."""
    if request.method == "POST":
        form = DatevForm(request.POST)
        if form.is_valid() and _is_kept(form, viewer):
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(reverse("datev_settings"))
        status = 422
    else:
        form, status = DatevForm(initial=_initial(datev_of(viewer.business))), 200
    context = {"form": form, "journal_url": reverse("journal")}
    return staff_answer(request, viewer, "dashboard/settings/datev.html", context, nav="settings", status=status)


def _is_kept(form: DatevForm, viewer: StaffViewer) -> bool:
    try:
        change_datev(viewer.business, form.to_settings(), by=viewer.actor)
    except Invalid as error:
        form.refuse(error)
        return False
    return True


def _initial(settings: DatevSettings) -> dict[str, Any]:
    return (
        {name: getattr(settings, name) for name in ("consultant", "client", "fiscal_month")}
        | {"chart": settings.chart.value}
        | {f"account_{use}": text for use, text in settings.accounts.items()}
        | {f"key_{use}": text for use, text in settings.keys.items()}
    )
