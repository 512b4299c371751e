"""What staff enter of a bank account, and of what customers read about paying by transfer, check or cash."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from portico.domain.businesses.actions.bank_accounts import BankAccountInput
from portico.domain.businesses.actions.instructions import InstructionInput
from portico.domain.businesses.bank_numbers import spaced
from portico.domain.businesses.models import BankAccount, Business, PaymentInstruction
from portico.lib.errors import PorticoError
from portico.lib.l10n import LANGUAGES, countries, current_language
from portico.output.wording.methods import method_label

_INPUT = {"class": "po-input", "dir": "auto"}
_NUMBER = {"class": "po-input", "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


def _line(label: str, longest: int, widget: dict[str, str] | None = None, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=False, help_text=help_text, widget=forms.TextInput(widget or _INPUT)
    )


def _text(label: str, longest: int, rows: int, help_text: str, *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea({**_INPUT, "rows": rows, "data-count": str(longest)})
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=widget,
        validators=[ProhibitNullCharactersValidator()],
        error_messages={"required": _("Write what customers are to do.")},
    )


def _choice(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    widget = forms.Select({"class": "po-input"})
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=help_text, widget=widget)


class _Refusable(forms.Form):
    """A form that shows what the domain refuses at its fields."""

    def refuse(self, error: PorticoError) -> None:
        """Show what the domain said of single fields at these, in the reader's language."""
        for wrong in error.fields:
            self.add_error(wrong.pointer.strip("/"), self._said(wrong.pointer, wrong.message))

    def _said(self, pointer: str, message: str) -> str:
        return message


class BankAccountForm(_Refusable):
    """A bank account."""

    def __init__(self, business: Business, typed: Any = None, account: BankAccount | None = None) -> None:
        super().__init__(typed, auto_id="bank_%s", initial=_initial(account))
        self.fields["holder"] = _line(_("Account holder"), 70)
        self.fields["iban"] = _line(_("IBAN"), 50, _NUMBER)
        self.fields["bic"] = _line(_("BIC"), 20, _NUMBER, _("Needed for transfers from outside Europe."))
        self.fields["bank_name"] = _line(_("Bank"), 100)
        self.fields["currency"] = _line(
            _("Currency"),
            3,
            {**_NUMBER, "placeholder": business.currency},
            _("Documents in it ask for this account. Empty: those in any currency without an account of its own."),
        )
        named = countries(current_language())
        self.fields["country"] = _choice(_("Country of the bank"), [("", _("As the IBAN says")), *named])
        self.fields["details"] = _text(
            _("Further details"),
            1000,
            4,
            _("For a country without IBAN: account and routing numbers, as customers are to read them."),
        )
        self.fields["label"] = _line(_("Your own name for it"), 100, help_text=_("Customers don’t see it."))

    @property
    def data_of_account(self) -> BankAccountInput:
        """What was entered; call it on a valid form."""
        values = {name: value.replace("\r\n", "\n") for name, value in self.cleaned_data.items()}
        return BankAccountInput(**values | {"currency": values["currency"].upper()})

    def _said(self, pointer: str, message: str) -> str:
        empty = not self.cleaned_data.get("iban")
        return {
            "/iban": _("Give the IBAN or, where the country has none, the account’s details.")
            if empty
            else _("This is not an IBAN. Please check it character by character."),
            "/bic": _("This is not a BIC, such as COBADEFFXXX."),
            "/currency": _("There is no such currency. Enter three letters, such as EUR."),
            "/holder": _("Say in whose name the account is."),
        }.get(pointer, message)


class InstructionForm(_Refusable):
    """What customers read about a way to pay."""

    def __init__(self, typed: Any = None, row: PaymentInstruction | None = None) -> None:
        initial = {name: getattr(row, name) for name in ("way", "language", "country", "text")} if row else None
        super().__init__(typed, auto_id="instruction_%s", initial=initial)
        ways = [(str(way), str(method_label(way))) for way in PaymentInstruction.Way]
        self.fields["way"] = _choice(_("Way to pay"), ways)
        self.fields["way"].required = True
        languages = [("", _("Every language without a text of its own")), *LANGUAGES.items()]
        self.fields["language"] = _choice(_("Language of the reader"), languages)
        named = countries(current_language())
        self.fields["country"] = _choice(
            _("Country of the customer"),
            [("", _("Every country without a text of its own")), *named],
            _("By the billing address."),
        )
        self.fields["text"] = _text(
            _("Text"), 500, 5, _("For example where a check is sent. At most 500 characters."), required=True
        )

    @property
    def data_of_instruction(self) -> InstructionInput:
        """What was entered; call it on a valid form."""
        cleaned = self.cleaned_data
        text = cleaned["text"].replace("\r\n", "\n")
        way = PaymentInstruction.Way(cleaned["way"])
        return InstructionInput(way, text, cleaned["language"], cleaned["country"])

    def _said(self, pointer: str, message: str) -> str:
        taken = _("There is a text for this way to pay, language and country already.")
        return {"/language": taken, "/text": _("Write what customers are to do.")}.get(pointer, message)


def _initial(account: BankAccount | None) -> dict[str, Any]:
    if account is None:
        return {}
    names = ("label", "currency", "country", "holder", "bank_name", "bic", "details")
    return {name: getattr(account, name) for name in names} | {"iban": spaced(account.iban)}
