"""How to pay a document, as its PDF says it: the accounts, the codes for banking apps, the Swiss payment part."""

from django.utils.translation import gettext as _

from portico.domain.businesses.models import BankAccount
from portico.domain.businesses.queries import Way, instructions_for
from portico.domain.documents.how_to_pay import PayTo
from portico.domain.documents.models import Document
from portico.lib.l10n import Formatter
from portico.output.codes.drawing import Code
from portico.output.codes.epc import epc_code
from portico.output.codes.swiss import SwissBill, swiss_bill, swiss_label
from portico.output.codes.transfer import Transfer, transfer_for
from portico.output.pdf.sheets import Drawn, PaymentSlip, PaymentSlipLabels, PayNote
from portico.output.wording.bank import account_text


def pay_notes(document: Document, place: PayTo, fmt: Formatter, *, with_codes: bool) -> tuple[PayNote, ...]:
    """Return how to pay what is open on a document, an account below the other."""
    country = str(document.buyer.get("country") or document.business.country)
    said = instructions_for(document.business, fmt.language, country).get(Way.BANK_TRANSFER, "")
    if place.words:
        return (PayNote(_("How to pay"), "\n\n".join(filter(None, [said, place.words]))),)
    notes = []
    for index, account in enumerate(place.accounts):
        heading, before = (_("How to pay"), said) if index == 0 else (_("Or to this account"), "")
        to = "\n".join(filter(None, [account_text(account), _reference(document, account, fmt)]))
        text = "\n\n".join(filter(None, [before, to]))
        notes.append(PayNote(heading, text, _epc(document, account, fmt) if with_codes else None))
    return tuple(notes)


def payment_slip(document: Document, place: PayTo, fmt: Formatter) -> PaymentSlip | None:
    """Return the Swiss payment part of what is open on a document; None where no account is Swiss."""
    for account in place.accounts:
        transfer = transfer_for(document.business, account, [document])
        bill = swiss_bill(transfer, fmt.language)
        if bill is not None:
            return _slip(bill, _drawn(bill.code, transfer, fmt))
    return None


def _reference(document: Document, account: BankAccount, fmt: Formatter) -> str:
    """Return what a transfer is to name, so that its receiver knows what is paid: what the codes have too."""
    bill = swiss_bill(transfer_for(document.business, account, [document]), fmt.language)
    reference = bill.reference if bill else document.number
    return f"{_('Reference')} {reference}" if reference else ""


def _epc(document: Document, account: BankAccount, fmt: Formatter) -> Drawn | None:
    """Return the European code; a Swiss account has the Swiss one on its payment part."""
    transfer = transfer_for(document.business, account, [document])
    code = epc_code(transfer)
    if code is None or swiss_bill(transfer, fmt.language) is not None:
        return None
    return _drawn(code, transfer, fmt)


def _drawn(code: Code, transfer: Transfer, fmt: Formatter) -> Drawn:
    alt = _("QR code for a transfer of %(amount)s to %(holder)s") % {
        "amount": fmt.money(transfer.amount, transfer.currency),
        "holder": transfer.account.holder,
    }
    return Drawn(code.path, code.size, alt, _("Scan it with your banking app."))


def _slip(bill: SwissBill, code: Drawn) -> PaymentSlip:
    language = bill.language
    labels = PaymentSlipLabels(
        language=language,
        receipt=swiss_label("Receipt", language),
        payment_part=swiss_label("Payment part", language),
        account=swiss_label("Account / Payable to", language),
        reference=swiss_label("Reference", language),
        message=swiss_label("Additional information", language),
        payer=swiss_label("Payable by", language),
        payer_by_hand=swiss_label("Payable by (name/address)", language),
        currency=swiss_label("Currency", language),
        amount=swiss_label("Amount", language),
        acceptance=swiss_label("Acceptance point", language),
    )
    return PaymentSlip(
        code, bill.account, bill.payee, bill.payer, bill.reference, bill.message, bill.currency, bill.amount, labels
    )
