"""The form of all that staff may change of a customer."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.forms import BoundField
from django.utils.translation import gettext as _

from portico.domain.businesses.models import Business
from portico.domain.customers.checks import MOST_TERMS_DAYS
from portico.lib.errors import PorticoError
from portico.lib.l10n import LANGUAGES
from portico.lib.money import is_currency, to_major
from portico.web.dashboard.core.refusals import sentence
from portico.web.shared.address_fields import add_address_fields, address_fields, refuse_half_addresses
from portico.web.shared.edit_form import EditForm, choice, email, line, phone
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter
from portico.web.shared.tax_id_field import tax_id_field

_LONGEST_NOTES = 10_000


class CustomerForm(EditForm):
    """The details by their names on file, as `staff_details_of` names them."""

    def __init__(self, business: Business, on_file: Mapping[str, str], typed: Mapping[str, str] | None = None) -> None:
        self.business = business
        currency = (typed or on_file).get("currency", "").strip().upper()
        # What a credit limit is typed in: the currency that is sent along with it.
        self.currency = currency if is_currency(currency) else business.currency
        super().__init__(on_file, typed)
        if typed is None and on_file["credit_limit"]:
            self.initial["credit_limit"] = Decimal(on_file["credit_limit"])

    def add_fields(self) -> None:
        """Add every field."""
        fields = self.fields
        fields["name"] = line(_("Name"), 255, required=True, autocomplete="off")
        fields["legal_name"] = line(_("Legal name, if another"), 255, autocomplete="off")
        fields["legal_name"].help_text = _("Papers show it in place of the name.")
        fields["email"] = email(_("E-mail"))
        fields["email"].widget.attrs["autocomplete"] = "off"
        fields["phone"] = phone()
        fields["phone"].widget.attrs["autocomplete"] = "off"
        fields["external_id"] = line(_("External id"), 255, autocomplete="off")
        fields["external_id"].help_text = _("The customer's number in your own books, for imports and programs.")
        fields["tax_id"] = tax_id_field(self.on_file["tax_id"])
        fields["registration_number"] = line(_("Registration number"), 60, autocomplete="off")
        self._add_business_fields()
        add_address_fields(self, home=self.business.country, language=reader_formatter().language, autocomplete=False)

    def _add_business_fields(self) -> None:
        fields = self.fields
        fields["language"] = choice(_("Language of papers and mail"), [("", _("No preference")), *LANGUAGES.items()])
        fields["currency"] = line(
            _("Currency"), 3, autocomplete="off", dir="ltr", spellcheck="false", placeholder=self.business.currency
        )
        fields["payment_terms_days"] = forms.IntegerField(
            label=_("Payment terms (days)"),
            help_text=_("An invoice without a due date falls due so many days after its date. 0: at once."),
            required=False,
            min_value=0,
            max_value=MOST_TERMS_DAYS,
            widget=forms.NumberInput({"class": "po-input", "inputmode": "numeric"}),
        )
        fields["credit_limit"] = MoneyField(
            self.currency,
            label=_("Credit limit (%(currency)s)") % {"currency": self.currency},
            help_text=_("You are warned when the customer owes more."),
            required=False,
        )
        fields["reminders_stopped"] = choice(_("Reminders"), [("", _("As usual")), ("yes", _("Send none"))])
        fields["staff_notes"] = forms.CharField(
            label=_("Notes for staff"),
            help_text=_("The customer never sees them."),
            required=False,
            max_length=_LONGEST_NOTES,
            widget=forms.Textarea({"class": "po-input", "dir": "auto", "rows": 4}),
            validators=[ProhibitNullCharactersValidator()],
        )

    def clean_currency(self) -> str:
        """Return a currency code in capitals."""
        code: str = self.cleaned_data["currency"].upper()
        if code and not is_currency(code):
            raise ValidationError(_("Enter a currency code such as EUR."))
        return code

    def clean_payment_terms_days(self) -> str:
        """Return the days as they are on file."""
        days = self.cleaned_data["payment_terms_days"]
        return "" if days is None else str(days)

    def clean_credit_limit(self) -> str:
        """Return the limit as it is on file: a decimal in major units."""
        minor = self.cleaned_data["credit_limit"]
        return "" if minor is None else f"{to_major(minor, self.currency):f}"

    def clean_staff_notes(self) -> str:
        """Return the notes with the line breaks that are on file."""
        text: str = self.cleaned_data["staff_notes"]
        return text.replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing in an address that was changed."""
        values = super().clean() or {}
        refuse_half_addresses(self)
        return values

    def address(self, kind: str) -> Iterator[BoundField]:
        """The fields of one of the addresses."""
        return address_fields(self, kind)

    def refuse(self, error: PorticoError) -> None:
        """Show what the domain refuses at the fields it is about."""
        for wrong in error.fields or ():
            name = wrong.pointer.strip("/")
            self.add_error(name if name in self.fields else None, sentence(error.code) or wrong.message)
        if not error.fields:
            self.add_error(None, sentence(error.code) or error.message)
