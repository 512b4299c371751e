import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from portico.lib.l10n import LANGUAGES, best_language, countries, current_language, formatter


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
    assert arabic.percent(Decimal(-5)) == "\u200e-5\u200f%"
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


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-hans-CN", "zh-Hans"),
        ("pt-PT,pt;q=0.9", "pt"),
        ("PT-br,en;q=0.5", "pt-BR"),
        ("no,en;q=0.5", "nb"),
        ("nn-NO", "nb"),
        ("iw", "he"),
        ("de-AT;q=0.3,fr-CA;q=0.9", "fr"),
        ("tlh,fi;q=0.1", "fi"),
        ("tlh", None),
        ("de;q=0", None),
    ],
)
def test_browsers_get_the_nearest_language(header: str, language: str | None) -> None:
    assert best_language(header) == language


def test_every_language_formats_in_its_own_way() -> None:
    day = date(2026, 1, 31)
    months = {language: formatter(language).month(day) for language in LANGUAGES}
    assert (months["en"], months["he"], months["ar"]) == ("January 2026", "ינואר 2026", "يناير 2026")
    assert (months["ja"], months["hu"], months["cs"]) == ("2026年1月", "2026. január", "leden 2026")
    assert [formatter(language).short_date(day) for language in ("en", "de", "ja")] == ["31 Jan", "31. Jan.", "1月31日"]
    for language in LANGUAGES:
        fmt = formatter(language)
        assert fmt.language == language
        assert "234" in fmt.money(123456, "EUR")
        assert not re.search("[٠-٩۰-۹]", fmt.date(day) + fmt.money(5, "KWD"))


def test_a_language_is_known_in_any_case() -> None:
    with translation.override("pt-BR"):
        assert current_language() == "pt-BR"
    assert formatter("ZH-HANS").language == "zh-Hans"
    assert formatter("xx").language == "en"
