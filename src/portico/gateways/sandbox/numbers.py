"""The test numbers of the sandbox, and what each of them does."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Behaviour(StrEnum):
    """What happens when a number is charged."""

    SUCCEED = "succeed"
    DECLINE = "card_declined"
    NO_FUNDS = "insufficient_funds"
    CHALLENGE = "challenge"
    SAVE_THEN_FAIL = "save_then_fail"
    SETTLE = "settle"
    SETTLE_THEN_FAIL = "settle_then_fail"
    UNKNOWN = "unknown_number"


@dataclass(frozen=True, slots=True)
class TestNumber:
    """A card or account number that means something here."""

    number: str
    method: str
    brand: str
    behaviour: Behaviour


_NUMBERS = (
    TestNumber("4242424242424242", "card", "Visa", Behaviour.SUCCEED),
    TestNumber("5555555555554444", "card", "Mastercard", Behaviour.SUCCEED),
    TestNumber("4000000000000002", "card", "Visa", Behaviour.DECLINE),
    TestNumber("4000000000009995", "card", "Visa", Behaviour.NO_FUNDS),
    TestNumber("4000000000003220", "card", "Visa", Behaviour.CHALLENGE),
    TestNumber("4000000000000341", "card", "Visa", Behaviour.SAVE_THEN_FAIL),
    TestNumber("DE89370400440532013000", "direct_debit", "SEPA", Behaviour.SETTLE),
    TestNumber("DE62370400440532013001", "direct_debit", "SEPA", Behaviour.SETTLE_THEN_FAIL),
)
_BY_NUMBER = {known.number: known for known in _NUMBERS}


def normalized(typed: str) -> str:
    """Return a typed card number or IBAN without spaces and hyphens, in capitals."""
    return re.sub(r"[\s-]", "", typed).upper()


def test_number(typed: str, method: str) -> TestNumber:
    """Return what a typed number means; any other number is unknown to the sandbox and is declined."""
    number = normalized(typed)
    known = _BY_NUMBER.get(number)
    if known is None or known.method != method:
        return TestNumber(number, method, "", Behaviour.UNKNOWN)
    return known
