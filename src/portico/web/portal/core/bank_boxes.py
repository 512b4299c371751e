"""Where to send a transfer for some invoices: a box for each account that is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.bank_numbers import spaced
from portico.domain.businesses.models import BankAccount, PaymentInstruction
from portico.domain.businesses.queries import Way, bank_accounts, instructions, instructions_for
from portico.domain.documents.how_to_pay import PayTo, accounts_for, ways_to_pay
from portico.domain.documents.models import Document
from portico.domain.payments.disabled import disabled_methods
from portico.domain.payments.models import Method
from portico.lib.l10n import Formatter
from portico.lib.money import to_major
from portico.output.codes.drawing import Code
from portico.output.codes.epc import epc_code
from portico.output.codes.swiss import swiss_bill
from portico.output.codes.transfer import Transfer, transfer_for
from portico.output.wording.methods import method_label
from portico.web.portal.core.customer_details import billing_address
from portico.web.portal.core.existing import existing
from portico.web.portal.core.kinds import quote_numbers, quote_sentence
from portico.web.portal.core.offline_ways import offline_ways
from portico.web.portal.core.payable import can_pay
from portico.web.portal.core.planned import amounts_asked
from portico.web.shared.memo import memoized
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class BankLine:
    """A part of a transfer with its label; `copied` is what its button copies, and empty where there is no button."""

    label: str
    value: str
    copied: str = ""


@dataclass(frozen=True, slots=True)
class BankBox:
    """Payment details, and what to write on the transfer. `code` is what a banking app reads, `code_alt` its words."""

    lines: list[BankLine] = field(default_factory=list)
    text: str = ""
    quote: str = ""
    words: str = ""
    code: Code | None = None
    code_alt: str = ""
    code_help: str = ""
    is_swiss: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """What a business says about paying without a provider, and the country of the customer it says it to."""

    accounts: list[BankAccount]
    instructions: list[PaymentInstruction]
    country: str


# Bank accounts and instructions change the business's revision, an address the customer's.
@memoized
def _said(viewer: CustomerViewer) -> _Said:
    business, address = viewer.business, billing_address(viewer)
    texts = instructions(business) if existing(viewer).instructions else []
    return _Said(bank_accounts(business), texts, (address and address.country) or business.country)


def bank_boxes(
    viewer: CustomerViewer, invoices: Iterable[Document], *, numbered: bool, whole: bool = True
) -> list[BankBox]:
    """Return the boxes for invoices that are owed; those that nobody has said how to pay are left out.

    With `numbered`, and where there are several boxes, each names its invoices. `whole` says that these are all the
    invoices that are to be paid: then the amount, with a payment plan the instalment's, and a code stand there, too.
    """
    rows, fmt = list(invoices), reader_formatter()
    for row in rows:
        # Every invoice here is the viewer's own customer's, which has been read already.
        row.customer = viewer.customer
    accounts = _said(viewer).accounts if any(row.is_owed for row in rows) else []
    ways, asked = ways_to_pay(viewer.business, rows, accounts), amounts_asked(viewer, rows) if whole else {}
    quote = quote_numbers if numbered or len(ways) > 1 else quote_sentence
    boxes: list[BankBox] = []
    for (currency, place), documents in ways.items():
        amount = sum(asked.get(row.pk, row.open_amount) for row in documents) if whole else 0
        if Method.BANK_TRANSFER not in offline_ways(viewer, currency, amount):
            continue
        transfers = [transfer_for(viewer.business, row, documents, amount) for row in place.accounts] if whole else None
        boxes += _boxes(viewer, place, quote([row.number for row in documents]), transfers, fmt)
    return boxes


def deposit_boxes(viewer: CustomerViewer, estimate: Document, amount: int) -> list[BankBox]:
    """Return the boxes for the deposit of an estimate, in minor units."""
    own = _accounts_for_deposits(viewer, estimate.currency, amount)
    transfers = [transfer_for(viewer.business, row, [estimate], amount) for row in own]
    return _boxes(viewer, PayTo(own), "", transfers, reader_formatter())


def takes_deposits(viewer: CustomerViewer, currency: str) -> bool:
    """Tell whether a deposit can be paid: in the portal, or by transfer to an account for the currency."""
    return can_pay(viewer) or bool(_accounts_for_deposits(viewer, currency))


def other_ways(viewer: CustomerViewer, documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Return checks and cash where they are offered for these documents of one currency, with what is to be done."""
    rows, said = list(documents), way_instructions(viewer, reader_formatter())
    if not rows:
        return []
    disabled = disabled_methods(viewer.customer, rows)
    offered = offline_ways(viewer, rows[0].currency, _open(rows))
    return [
        (method_label(method), said[method])
        for method in offered
        if method != Method.BANK_TRANSFER and said.get(method) and method not in disabled
    ]


def _open(documents: Iterable[Document]) -> int:
    return sum(row.open_amount for row in documents)


def _accounts_for_deposits(viewer: CustomerViewer, currency: str, amount: int = 0) -> tuple[BankAccount, ...]:
    disabled = Way.BANK_TRANSFER in viewer.customer.disabled_methods
    disabled = disabled or Method.BANK_TRANSFER not in offline_ways(viewer, currency, amount)
    return () if disabled else accounts_for(currency, _said(viewer).accounts)


def transfer_words(viewer: CustomerViewer, fmt: Formatter) -> str:
    """Return what the business tells this reader about transfers; "" for nothing."""
    return way_instructions(viewer, fmt).get(Way.BANK_TRANSFER, "")


def way_instructions(viewer: CustomerViewer, fmt: Formatter) -> dict[str, str]:
    """Return what the business tells this reader about each way to pay, by the country of the customer."""
    said = _said(viewer)
    return instructions_for(viewer.business, fmt.language, said.country, said.instructions)


def _boxes(
    viewer: CustomerViewer, place: PayTo, quote: str, transfers: list[Transfer] | None, fmt: Formatter
) -> list[BankBox]:
    """Return the box of each account; without `transfers` they say neither an amount nor what it is for."""
    words = transfer_words(viewer, fmt)
    if place.words:
        return [BankBox(text=place.words, quote=quote, words=words)]
    if transfers is None:
        boxes = [BankBox(_account_lines(row), row.details, quote) for row in place.accounts]
    else:
        boxes = [_box(transfer, quote, fmt) for transfer in transfers]
    return [replace(box, words=words if box is boxes[0] else "") for box in boxes]


def _account_lines(account: BankAccount) -> list[BankLine]:
    lines = [
        BankLine(_("Account holder"), account.holder),
        BankLine(_("Bank"), account.bank_name),
        BankLine(_("IBAN"), spaced(account.iban), account.iban),
        BankLine(_("BIC"), account.bic, account.bic),
    ]
    return [line for line in lines if line.value]


def _box(transfer: Transfer, quote: str, fmt: Formatter) -> BankBox:
    bill, amount = swiss_bill(transfer, fmt.language), fmt.money(transfer.amount, transfer.currency)
    code = bill.code if bill else epc_code(transfer)
    alt = _("QR code for a transfer of %(amount)s to %(holder)s")
    lines = [
        *_account_lines(transfer.account),
        BankLine(_("Amount"), amount, _typed(transfer, fmt)),
        *_reference(transfer, bill.reference if bill else ""),
    ]
    return BankBox(
        lines=lines,
        text=transfer.account.details,
        quote="" if len(transfer.numbers) == 1 else quote,
        code=code,
        code_alt=alt % {"amount": amount, "holder": transfer.account.holder} if code else "",
        code_help=_("Scan it with your banking app.") if code else "",
        is_swiss=bill is not None,
    )


def _reference(transfer: Transfer, structured: str) -> list[BankLine]:
    if structured:
        return [BankLine(_("Reference"), structured, "".join(structured.split()))]
    number = transfer.numbers[0]
    return [BankLine(_("Reference"), number, number)] if len(transfer.numbers) == 1 else []


def _typed(transfer: Transfer, fmt: Formatter) -> str:
    """Return the amount as a bank's form takes it, with the reader's decimal sign and no others."""
    plain = f"{to_major(transfer.amount, transfer.currency):f}"
    return plain.replace(".", ",") if fmt.language == "de" else plain
