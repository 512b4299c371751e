"""Words that depend on a number or on what they stand for."""

from decimal import Decimal

import pytest
from django.utils import translation

from portico.lib.l10n import formatter
from portico.output.pdf.wording import method_word, quantity, tax_category


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [
        ("1", "DAY", "1 day"),
        ("-1", "MON", "-1 month"),
        ("2", "WEE", "2 weeks"),
        ("1.5", "ANN", "1.5 years"),
        ("0", "DAY", "0 days"),
        ("1", "SET", "1 set"),
        ("1", "HUR", "1 h"),
        ("3", "C62", "3"),
        ("3", "Kisten", "3 Kisten"),
    ],
)
def test_a_unit_agrees_with_its_number(value: str, unit: str, read: str) -> None:
    with translation.override("en"):
        assert quantity(Decimal(value), unit, formatter("en")) == read.replace(" ", "\u00a0")


def test_a_unit_agrees_with_its_number_in_the_reader_s_language() -> None:
    with translation.override("de"):
        words = [quantity(Decimal(value), "DAY", formatter("de")) for value in ("1", "1.5", "12")]
    assert words == ["1\u00a0Tag", "1,5\u00a0Tage", "12\u00a0Tage"]


def test_every_category_and_method_has_a_word() -> None:
    with translation.override("de"):
        assert tax_category("G") == "Ausfuhrlieferung"
        assert tax_category("S") == ""
        assert method_word("other") == "Sonstige"
