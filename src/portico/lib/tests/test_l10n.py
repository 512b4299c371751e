from decimal import Decimal

import pytest

from portico.lib.l10n import countries, formatter


@pytest.mark.parametrize(
    ("language", "minor", "currency", "text"),
    [
        ("en", 198016, "EUR", "€1,980.16"),
        ("en", -198016, "EUR", "-€1,980.16"),
        ("en", 5, "USD", "US$0.05"),
        ("en", 158404, "SAR", "SAR\u00a01,584.04"),
        ("en", -1234567, "KWD", "-KWD\u00a01,234.567"),
        ("de", -158404, "SAR", "-1.584,04\u00a0SAR"),
        ("de", 1980, "JPY", "1.980\u00a0¥"),
        ("ar", 198016, "EUR", "\u200f1,980.16\u00a0€"),
        ("ar", 1234567, "KWD", "\u200f1,234.567\u00a0د.ك.\u200f"),
    ],
)
def test_amounts(language: str, minor: int, currency: str, text: str) -> None:
    assert formatter(language).money(minor, currency) == text


def test_arabic_keeps_a_minus_before_its_digits() -> None:
    arabic = formatter("ar")
    assert arabic.money(-198016, "EUR") == "\u200f\u200e-1,980.16\u200f\u00a0€"
    assert arabic.number(Decimal("-1200.5")) == "\u200e-1,200.5\u200f"
    assert arabic.percent(Decimal(-5)) == "\u200e-5\u200f\u00a0%"
    assert arabic.number(1200) == "1,200"


def test_arabic_keeps_a_sign_behind_its_letters() -> None:
    assert formatter("ar").money(5, "USD") == "\u200f0.05\u00a0US$\u200e"
    assert formatter("ar").money(5, "CHF") == "\u200f0.05\u00a0CHF"


def test_arabic_keeps_the_order_of_a_code() -> None:
    assert formatter("ar").code("2026-0041") == "\u200e2026-0041"
    assert formatter("ar").code("") == ""
    assert formatter("de").code("2026-0041") == "2026-0041"


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("12", "EUR", "€12.00"),
        ("0.0125", "EUR", "€0.0125"),
        ("1200", "JPY", "JP¥1,200"),
        ("-3.5", "SAR", "-SAR\u00a03.50"),
    ],
)
def test_prices_have_the_decimals_they_need(value: str, currency: str, text: str) -> None:
    assert formatter("en").price(Decimal(value), currency) == text


@pytest.mark.parametrize(
    ("language", "first", "germany"),
    [
        ("en", ["Afghanistan", "Åland Islands", "Albania"], "Germany"),
        ("de", ["Afghanistan", "Ägypten", "Ålandinseln"], "Deutschland"),
        ("ar", ["إثيوبيا", "أذربيجان", "أرمينيا"], "ألمانيا"),
    ],
)
def test_countries_stand_where_readers_look_for_them(language: str, first: list[str], germany: str) -> None:
    found = countries(language)
    assert [name for _code, name in found[:3]] == first
    assert dict(found)["DE"] == germany
    assert not {"EU", "ZZ", "AC"} & set(dict(found))
