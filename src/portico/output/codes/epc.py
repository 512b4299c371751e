"""The code that European banking apps read (EPC069-12): a transfer in euros."""

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
        qr = make_epc_qr(
            name=account.holder,
            iban=account.iban,
            amount=transfer.major,
            text=text,
            bic=account.bic or None,
            encoding=_UTF_8,
        )
    except ValueError:
        # Less than a cent or more than the code can say.
        return None
    return code_of(qr)
