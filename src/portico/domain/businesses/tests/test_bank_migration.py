"""What businesses had written about their bank, taken apart without loss by the migration that made it an account."""

from importlib import import_module

import pytest

read = import_module("portico.domain.businesses.migrations.0011_bank_accounts_and_instructions").read_bank_text


@pytest.mark.parametrize(
    ("text", "holder", "iban", "bic", "details"),
    [
        (
            "Nordwind GmbH\r\nIBAN: DE89 3704 0044 0532 0130 00\r\nBIC COBADEFFXXX\r\nPlease, by the due date",
            "Nordwind GmbH", "DE89370400440532013000", "COBADEFFXXX", "Please, by the due date",
        ),
        ("DE89370400440532013000", "", "DE89370400440532013000", "", ""),
        ("Pay soon: 14 days\nIBAN DE89 3704 0044 0532 0130 00", "", "DE89370400440532013000", "", "Pay soon: 14 days"),
        ("IBAN DE89 3704 0044 0532 0130 01", "", "", "", "IBAN DE89 3704 0044 0532 0130 01"),
        ("Routing 021000021\nAccount 12", "", "", "", "Routing 021000021\nAccount 12"),
    ],
)  # fmt: skip
def test_bank_text_is_taken_apart_where_it_is_certain(
    text: str, holder: str, iban: str, bic: str, details: str
) -> None:
    found = {"holder": "", "iban": "", "bic": ""} | read(text)
    assert (found["holder"], found["iban"], found["bic"], found["details"]) == (holder, iban, bic, details)


def test_two_accounts_in_one_text_stay_as_they_were_written() -> None:
    text = "EUR: \nDE89 3704 0044 0532 0130 00\nCHF:\nCH93 0076 2011 6238 5295 7"
    assert read(text) == {"details": text}
