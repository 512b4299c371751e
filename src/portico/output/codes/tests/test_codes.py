"""Codes for banking apps, drawn and read back by a reader of codes as a camera would."""

from uuid import UUID

import pytest
from stdnum import iso11649
from stdnum.ch import esr

from portico.domain.businesses.models import BankAccount, Business
from portico.domain.documents.models import Document, Kind
from portico.lib.ids import uuid7
from portico.output.codes.epc import epc_code
from portico.output.codes.swiss import swiss_bill
from portico.output.codes.transfer import Transfer, transfer_for
from tests.codes import read_code

SWISS, QR_IBAN = "CH93 0076 2011 6238 5295 7", "CH44 3199 9123 0008 8901 2"
BUSINESS = Business(line1="Bahnhofstrasse 1", postal_code="8001", city="Zürich", country="CH")
KEY = UUID("01936f3e-0000-7000-8000-000000002a5b")
BUYER = {"name": "Käse & Co.", "line1": "Gasse 2", "postal_code": "3000", "city": "Bern", "country": "CH"}


def transfer(
    iban: str,
    currency: str = "EUR",
    *,
    open_amount: int = 120450,
    number: str = "INV-2041",
    buyer: dict[str, str] = BUYER,
    holder: str = "Nordlicht Größe GmbH",
    bic: str = "",
    key: UUID = KEY,
) -> Transfer:
    account = BankAccount(holder=holder, iban=iban.replace(" ", ""), bic=bic)
    invoice = Document(
        id=key, kind=Kind.INVOICE, number=number, currency=currency, open_amount=open_amount, buyer=buyer
    )
    return transfer_for(BUSINESS, account, [invoice])


def test_european_code_says_what_the_standard_asks_for() -> None:
    code = epc_code(transfer("DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX"))
    assert code is not None
    assert read_code(code).split("\n") == [
        "BCD", "002", "1", "SCT", "COBADEFFXXX", "Nordlicht Größe GmbH", "DE89370400440532013000", "EUR1204.5",
        "", "", "INV-2041",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        transfer("DE89 3704 0044 0532 0130 00", "USD"),
        transfer("", "EUR"),
        transfer("DE89 3704 0044 0532 0130 00", open_amount=10**12),
        transfer("DE89 3704 0044 0532 0130 00", number="x" * 141),
    ],
)
def test_no_european_code_where_it_could_not_say_it(given: Transfer) -> None:
    assert epc_code(given) is None


def test_swiss_code_of_an_ordinary_iban_has_a_creditor_reference() -> None:
    bill = swiss_bill(transfer(SWISS, "CHF"), "de")
    assert bill is not None
    lines = read_code(bill.code).split("\r\n")
    assert lines == [
        "SPC", "0200", "1", "CH9300762011623852957",
        "S", "Nordlicht Größe GmbH", "Bahnhofstrasse 1", "", "8001", "Zürich", "CH",
        "", "", "", "", "", "", "",
        "1204.50", "CHF",
        "S", "Käse & Co.", "Gasse 2", "", "3000", "Bern", "CH",
        "SCOR", bill.reference.replace(" ", ""), "INV-2041", "EPD",
    ]  # fmt: skip
    assert (bill.amount, bill.language) == ("1 204.50", "de")
    assert iso11649.is_valid(bill.reference)
    assert "INV2041" in bill.reference.replace(" ", "")


def test_swiss_code_of_a_qr_iban_has_a_qr_reference() -> None:
    bill = swiss_bill(transfer(QR_IBAN, "EUR"), "ar")
    assert bill is not None
    lines = read_code(bill.code).split("\r\n")
    assert lines[-4:-1] == ["QRR", bill.reference.replace(" ", ""), "INV-2041"]
    assert lines[-3].startswith("00000000002041")
    assert (len(lines[-3]), esr.is_valid(lines[-3])) == (27, True)
    assert bill.language == "en", "the standard has no wording in Arabic"


@pytest.mark.parametrize("iban", [SWISS, QR_IBAN])
def test_references_of_numbers_that_differ_in_letters_alone_differ(iban: str) -> None:
    numbers = ["INV-2041", "CN-2041", "inv-2041", "INV2041", "INV/2041", "2041", "RECHNUNG-DER-ZENTRALE-2041", "-", "№"]
    bills = [swiss_bill(transfer(iban, "CHF", number=number, key=uuid7()), "en") for number in numbers]
    references = [bill.reference for bill in bills if bill]
    assert len(set(references)) == len(references) >= 8
    again = [swiss_bill(transfer(iban, "CHF", number="A-1"), "en") for _ in range(2)]
    assert again[0] == again[1], "one document keeps its reference"


def test_swiss_code_leaves_out_what_is_not_complete() -> None:
    bill = swiss_bill(transfer(SWISS, "CHF", buyer={"name": "Ada", "city": "Bern", "country": "CH"}), "en")
    assert bill is not None
    assert bill.payer == ()
    many = Document(kind=Kind.INVOICE, number="A-2", currency="CHF", open_amount=1, buyer=BUYER)
    first = Document(kind=Kind.INVOICE, number="A-1", currency="CHF", open_amount=1, buyer=BUYER)
    account = BankAccount(holder="Nordlicht", iban=SWISS.replace(" ", ""))
    together = swiss_bill(transfer_for(BUSINESS, account, [first, many]), "en")
    assert together is not None
    assert "\r\nNON\r\n\r\nA-1, A-2" in read_code(together.code)
    assert swiss_bill(transfer(SWISS, "USD"), "en") is None
    assert swiss_bill(transfer("DE89 3704 0044 0532 0130 00"), "en") is None
    assert swiss_bill(transfer(SWISS, "CHF", holder="شركة الصفاة"), "en") is None
