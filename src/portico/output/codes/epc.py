"""The code that European banking apps read (EPC069-12): a transfer in euros."""

from decimal import Decimal
from functools import lru_cache

from segno.helpers import make_epc_qr

from portico.output.codes.drawing import Code, code_of
from portico.output.codes.transfer import Transfer

_LONGEST_TEXT = 140
_UTF_8 = 1


def epc_code(transfer: Transfer) -> Code | None:
    """Return the code of a transfer; None where it is not in euros, or can't say what it pays."""
    account, text = transfer.account, ", ".join(transfer.numbers)
    if transfer.currency != "EUR" or not account.iban or len(text) > _LONGEST_TEXT:
        return None
    try:
        return _code(account.holder, account.iban, account.bic, transfer.major, text)
    except ValueError:
        # Less than a cent or more than the code can say.
        return None


# Drawing one takes longer than the rest of an invoice's page, and pages are looked at again.
@lru_cache(maxsize=1_000)
def _code(holder: str, iban: str, bic: str, amount: Decimal, text: str) -> Code:
    qr = make_epc_qr(name=holder, iban=iban, amount=amount, text=text, bic=bic or None, encoding=_UTF_8)
    return code_of(qr)
