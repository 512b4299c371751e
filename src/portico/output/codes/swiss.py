"""The Swiss QR-bill (Implementation Guidelines 2.3): the payment part that banks in Switzerland read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import segno
from qrbill import QRBill
from qrbill.bill import LABELS
from stdnum import iso11649
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

from portico.domain.businesses.bank_numbers import is_qr_iban
from portico.output.codes.drawing import Code, code_of
from portico.output.codes.transfer import Transfer

_CURRENCIES: dict[str, Literal["CHF", "EUR"]] = {"CHF": "CHF", "EUR": "EUR"}
_COUNTRIES = {"CH", "LI"}
_LANGUAGES = {"de", "fr", "it", "en"}
_LONGEST_MESSAGE, _LONGEST_NAME = 140, 70
# How much of a reference is the document's number, for people, and how much its serial: numbers may differ in what a
# reference can't say, as `A-1` and `B-1` do in one of digits.
_QRR_DIGITS, _QRR_SERIAL = 14, 12
_SCOR_LETTERS, _SCOR_SERIAL = 13, 8
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The code may hold Latin letters alone: up to here in Unicode.
_LAST_LETTER = "\u017f"


@dataclass(frozen=True, slots=True)
class SwissBill:
    """A payment part: what its code says and what stands beside it.

    `payer` is empty where the payer fills it in by hand.
    """

    payload: str
    account: str
    payee: tuple[str, ...]
    payer: tuple[str, ...]
    reference: str
    message: str
    currency: str
    amount: str
    language: str

    @property
    def code(self) -> Code:
        """The code, drawn when it is asked for: who wants the reference alone does not wait for it."""
        return _code(self.payload)


def swiss_bill(transfer: Transfer, language: str) -> SwissBill | None:
    """Return the payment part of a transfer; None where the account is not Swiss, or something it needs is missing."""
    account, message = transfer.account, ", ".join(transfer.numbers)
    if account.iban[:2] not in _COUNTRIES or transfer.currency not in _CURRENCIES or len(message) > _LONGEST_MESSAGE:
        return None
    if not _is_latin(message):
        return None
    reference = _reference(transfer)
    payee = _address(account.holder, transfer.payee)
    if payee is None or (is_qr_iban(account.iban) and not reference):
        return None
    payer = _address(str(transfer.payer.get("name") or ""), transfer.payer)
    try:
        bill = QRBill(
            account=account.iban,
            creditor=payee,
            debtor=payer,
            amount=transfer.major,
            currency=_CURRENCIES[transfer.currency],
            reference_number=reference or None,
            additional_information=message,
        )
    except ValueError:
        # An amount or an address that the standard does not take.
        return None
    return SwissBill(
        payload=bill.qr_data(),
        account=transfer.iban,
        payee=tuple(bill.creditor.as_paragraph()),
        payer=tuple(bill.debtor.as_paragraph()) if bill.debtor else (),
        reference=_readable(reference),
        message=message,
        currency=transfer.currency,
        amount=f"{transfer.major:,.2f}".replace(",", " "),
        language=language if language in _LANGUAGES else "en",
    )


# Drawing one takes longer than the rest of an invoice's page, and pages are looked at again.
@lru_cache(maxsize=1_000)
def _code(payload: str) -> Code:
    return code_of(segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8"))


def swiss_label(key: str, language: str) -> str:
    """Return a heading of the payment part as the standard words it, in one of its languages."""
    return key if language == "en" else str(LABELS[key][language])


def _reference(transfer: Transfer) -> str:
    """Return a QR reference for a QR-IBAN, a creditor reference (ISO 11649) for another; "" where none can be made."""
    if len(transfer.numbers) != 1:
        return ""
    number = transfer.numbers[0]
    if is_qr_iban(transfer.account.iban):
        digits = "".join(letter for letter in number if letter.isdecimal() and letter.isascii())
        digits = digits[-_QRR_DIGITS:].zfill(_QRR_DIGITS) + _serial(transfer.serial, 10, _QRR_SERIAL)
        return digits + str(esr.calc_check_digit(digits))
    letters = "".join(letter for letter in number.upper() if letter.isalnum() and letter.isascii())
    letters = letters[-_SCOR_LETTERS:] + _serial(transfer.serial, len(_ALPHABET), _SCOR_SERIAL)
    return f"RF{mod_97_10.calc_check_digits(f'{letters}RF')}{letters}"


def _serial(serial: int, base: int, length: int) -> str:
    """Return the last places of a serial, as random as it is."""
    places = []
    for _ in range(length):
        serial, place = divmod(serial, base)
        places.append(_ALPHABET[place])
    return "".join(reversed(places))


def _readable(reference: str) -> str:
    if not reference:
        return ""
    return str(iso11649.format(reference) if reference.startswith("RF") else esr.format(reference))


def _address(name: str, parts: Mapping[str, Any]) -> dict[str, str] | None:
    """Return a structured address; None where it is not complete, or has letters that the code can't say."""
    street, code, city, country = (str(parts.get(key) or "") for key in ("line1", "postal_code", "city", "country"))
    if not (name and code and city and country) or not _is_latin(name + street + code + city):
        return None
    return {
        "name": name[:_LONGEST_NAME],
        "street": street[:70],
        "pcode": code[:16],
        "city": city[:35],
        "country": country,
    }


def _is_latin(text: str) -> bool:
    return all(letter <= _LAST_LETTER for letter in text)
