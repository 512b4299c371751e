"""What a business enters of a gateway: its keys, and for each method whether it is offered, its limits and its fee."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portico.domain.payments.gateway import AccountField, Gateway
from portico.domain.payments.models import GatewayAccount
from portico.lib.errors import PorticoError
from portico.lib.money import to_major
from portico.web.shared.money_field import MoneyField
from portico.web.shared.percent_field import PercentField

_INPUT = {"class": "po-input", "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
_HIGHEST_FEE = 20


class KeysForm(forms.Form):
    """A gateway's account fields. Secrets are never written into a page; when `replacing`, what is empty stays."""

    def __init__(self, gateway: Gateway, typed: Mapping[str, Any] | None = None, *, replacing: bool = False) -> None:
        super().__init__(typed, auto_id="keys_%s")
        for account_field in gateway.account_fields():
            self.fields[account_field.name] = self._field(account_field, replacing=replacing)
        self._beginnings = {field.name: field.starts_with for field in gateway.account_fields()}

    def clean(self) -> dict[str, Any]:
        """Notice a key that was put into the wrong field."""
        cleaned = super().clean() or {}
        for name, beginnings in self._beginnings.items():
            value = cleaned.get(name, "")
            if value and beginnings and not value.startswith(beginnings):
                shown = _(" or ").join(beginnings)
                self.add_error(name, _("This begins with %(beginning)s.") % {"beginning": shown})
        return cleaned

    def refuse(self, error: PorticoError) -> None:
        """Show what the domain said of single fields at these."""
        for wrong in error.fields:
            name = wrong.pointer.strip("/")
            self.add_error(name if name in self.fields else None, wrong.message)

    @staticmethod
    def _field(field: AccountField, *, replacing: bool) -> forms.CharField:
        widget = forms.PasswordInput if field.secret else forms.TextInput
        attributes = {**_INPUT, "autocomplete": "new-password"} if field.secret else _INPUT
        return forms.CharField(
            label=field.label,
            max_length=500,
            required=field.required and not replacing,
            widget=widget(attributes),
            help_text="" if field.required or replacing else _("May follow later."),
            error_messages={"required": _("Please fill this in.")},
        )


class MethodsForm(forms.Form):
    """For each method of a gateway: whether it is offered, from and up to which amount, and what it costs on top."""

    def __init__(self, account: GatewayAccount, methods: Mapping[str, str], typed: Any = None) -> None:
        super().__init__(typed, auto_id="method_%s")
        self.account, self.methods = account, methods
        currency = account.business.currency
        for name, label in methods.items():
            limits = account.methods.get(name)
            box = forms.CheckboxInput({"class": "po-check"})
            self.fields[f"{name}_on"] = forms.BooleanField(label=label, required=False, widget=box)
            self.initial[f"{name}_on"] = limits is not None
            for part, text in {
                "minimum": _("From (%(currency)s)"),
                "maximum": _("Up to (%(currency)s)"),
                "fee_fixed": _("Fixed fee (%(currency)s)"),
            }.items():
                field = MoneyField(currency, label=text % {"currency": currency}, required=False)
                self.fields[f"{name}_{part}"] = field
                if (limits or {}).get(part):
                    self.initial[f"{name}_{part}"] = to_major(limits[part], currency)
            self.fields[f"{name}_fee_percent"] = PercentField(
                label=_("Fee in percent"),
                required=False,
                min_value=Decimal(0),
                max_value=Decimal(_HIGHEST_FEE),
                max_digits=5,
                decimal_places=3,
                widget=forms.TextInput({**_INPUT, "inputmode": "decimal"}),
                error_messages={"invalid": _("Enter a number such as 1.5.")},
            )
            if (limits or {}).get("fee_percent"):
                self.initial[f"{name}_fee_percent"] = limits["fee_percent"]

    def clean(self) -> dict[str, Any]:
        """A maximum is not below its minimum."""
        cleaned = super().clean() or {}
        for name in self.methods:
            least, most = cleaned.get(f"{name}_minimum"), cleaned.get(f"{name}_maximum")
            if least and most and most < least:
                self.add_error(f"{name}_maximum", _("This is less than the amount it begins at."))
        return cleaned

    @property
    def chosen(self) -> dict[str, dict[str, Any]]:
        """The methods that are offered, as an account keeps them; call it on a valid form."""
        chosen: dict[str, dict[str, Any]] = {}
        for name in self.methods:
            if self.cleaned_data[f"{name}_on"]:
                parts = ("minimum", "maximum", "fee_fixed", "fee_percent")
                values = {part: self.cleaned_data.get(f"{name}_{part}") for part in parts}
                values["fee_percent"] = _plain(values["fee_percent"])
                chosen[name] = {part: value for part, value in values.items() if value}
        return chosen


def _plain(percent: Decimal | None) -> str:
    return f"{percent.normalize():f}" if percent else ""
