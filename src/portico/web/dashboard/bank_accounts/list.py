"""What customers are told about paying by transfer, check and cash: bank accounts in their order, and texts."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.models import BankAccount, PaymentInstruction
from portico.domain.businesses.queries import bank_accounts, instructions
from portico.lib.l10n import LANGUAGES, Formatter
from portico.output.wording.bank import account_text
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class AccountRow:
    name: str
    url: str
    currency: str
    text: str


@dataclass(frozen=True, slots=True)
class InstructionRow:
    way: str
    url: str
    readers: str
    text: str


@staff_page
def bank_transfers(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the accounts and the texts."""
    fmt = reader_formatter()
    context = {
        "accounts": [_account_row(row, fmt) for row in bank_accounts(viewer.business)],
        "instructions": [_instruction_row(row, fmt) for row in instructions(viewer.business)],
    }
    return staff_answer(request, viewer, "dashboard/bank_accounts/list.html", context, nav="settings")


def account_name(row: BankAccount) -> str:
    """Return what staff call an account: its label, else what it is known by."""
    return row.label or row.bank_name or row.holder or _("Bank account")


def readers_of(row: PaymentInstruction, fmt: Formatter) -> str:
    """Return who reads a text: `Deutsch · Switzerland`."""
    language = LANGUAGES.get(row.language, row.language) if row.language else _("Every language")
    return f"{language} · {fmt.country(row.country) if row.country else _('every country')}"


def _account_row(row: BankAccount, fmt: Formatter) -> AccountRow:
    currency = row.currency or _("Any other currency")
    return AccountRow(account_name(row), reverse("bank_account", args=[row.public_id]), currency, account_text(row))


def _instruction_row(row: PaymentInstruction, fmt: Formatter) -> InstructionRow:
    url = reverse("payment_instruction", args=[row.public_id])
    return InstructionRow(str(method_label(row.way)), url, readers_of(row, fmt), row.text)
