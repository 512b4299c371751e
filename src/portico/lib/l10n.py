"""How amounts, dates and numbers read in a language: one formatter per language, its patterns parsed once.

Source: Unicode CLDR through Babel. Amounts come in minor units. Digits are always Latin: an invoice's numbers are
compared with bank statements and other systems, whatever the language around them.
"""

import re
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import NumberPattern, format_decimal, get_currency_name, get_decimal_symbol
from django.utils.translation import get_language

from portico.lib.money import exponent, to_major

# By BCP 47 code, each under its own name, as a list of languages is sorted: English first, then by the alphabet.
LANGUAGES = {
    "en": "English",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "hu": "Magyar",
    "nl": "Nederlands",
    "nb": "Norsk bokmål",
    "pl": "Polski",
    "pt": "Português",
    "pt-BR": "Português (Brasil)",
    "ro": "Română",
    "sk": "Slovenčina",
    "fi": "Suomi",
    "sv": "Svenska",
    "tr": "Türkçe",
    "el": "Ελληνικά",
    "bg": "Български",
    "uk": "Українська",
    "he": "עברית",
    "ar": "العربية",
    "ja": "日本語",
    "zh-Hans": "简体中文",
}
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_BY_LOWER_CASE = {code.lower(): code for code in LANGUAGES}
# Codes of browsers for languages that stand under another one here; CLDR's language matching says the same.
_SAME_LANGUAGE = {"no": "nb", "nn": "nb", "iw": "he", "zh": "zh-Hans"}

# Which regional habits a bare language means: English with day before month, Arabic with the digits of invoices.
_CLDR_LOCALES = {"en": "en_GB", "de": "de_DE", "ar": "ar_EG", "pt": "pt_PT", "zh-Hans": "zh_Hans_CN"}
_DATE_PATTERNS = {"ar": "d MMM y"}

# `SAR 12`, not `SAR12`: CLDR asks for the space, Babel leaves it out.
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
_NEGATIVE = re.compile(r"-\d[\d.,]*")
_SIGN_AFTER_LETTER = re.compile(r"(?<=[A-Z])[^\w\s]$")


class Formatter:
    """Formats values for one language. Get it from `formatter(language)`; it is immutable and shared."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(_CLDR_LOCALES.get(language, language.replace("-", "_")))
        self.direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
        self.money = lru_cache(maxsize=4096)(self._money)
        self.date = lru_cache(maxsize=4096)(self._date)
        self.short_date = lru_cache(maxsize=1024)(self._short_date)
        self.long_date = lru_cache(maxsize=1024)(self._long_date)
        self.month = lru_cache(maxsize=256)(self._month)
        self.number = lru_cache(maxsize=4096)(self._number)

    def _money(self, minor: int, currency: str) -> str:
        """`€1,980.16`: minor units in the reader's language, always with the currency's own decimals."""
        return self._amount(to_major(minor, currency), currency, exponent(currency))

    def price(self, value: Decimal, currency: str) -> str:
        """`€0.0125`: a price in major units with the currency's decimals, or more where the price has more."""
        own = -int(value.normalize().as_tuple().exponent)
        return self._amount(value, currency, max(exponent(currency), own))

    def _amount(self, value: Decimal, currency: str, digits: int) -> str:
        text = self._currency_pattern(digits).apply(
            value, self.locale, currency=currency, currency_digits=False, numbering_system="latn"
        )
        return self._in_order(_LETTER_BEFORE_DIGIT.sub("\u00a0", text))

    @cache  # noqa: B019 - formatters are kept for ever anyway, one per language
    def _currency_pattern(self, digits: int) -> NumberPattern:
        pattern: NumberPattern = copy(self.locale.currency_formats["standard"])
        pattern.frac_prec = (digits, digits)
        return pattern

    def _date(self, day: date) -> str:
        """`12 Nov 2026`."""
        return _latin_digits(format_date(day, _DATE_PATTERNS.get(self.language, "medium"), locale=self.locale))

    def _short_date(self, day: date) -> str:
        """`12 Nov`, without the year."""
        return _latin_digits(format_skeleton("MMMd", day, locale=self.locale))

    def _long_date(self, day: date) -> str:
        """`12 November 2026`."""
        return _latin_digits(format_date(day, "long", locale=self.locale))

    def _month(self, day: date) -> str:
        """`November 2026`."""
        return _latin_digits(format_skeleton("yMMMM", day, locale=self.locale))

    def moment(self, instant: datetime, time_zone: str) -> str:
        """`12 Nov 2026, 14:05`, in the given IANA time zone."""
        local = instant.astimezone(ZoneInfo(time_zone))
        pattern = str(get_datetime_format("medium", locale=self.locale))
        time = _latin_digits(format_time(local, "short", locale=self.locale))
        return pattern.replace("'", "").replace("{0}", time).replace("{1}", self.date(local.date()))

    def _number(self, value: Decimal | int) -> str:
        """`1,200.5`: every decimal the value has, none it has not."""
        exact = Decimal(value).normalize()
        digits = max(0, -int(exact.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return self._in_order(format_decimal(exact, format=pattern, locale=self.locale, numbering_system="latn"))

    @property
    def decimal_mark(self) -> str:
        """What parts the whole from the rest in this language's numbers."""
        return get_decimal_symbol(self.locale, numbering_system="latn")

    def numeric_date(self, day: date) -> str:
        """`20.11.2026`: as spreadsheets of this language read days."""
        pattern = self.locale.date_formats["short"].pattern.replace("yyyy", "y").replace("yy", "y")
        return _latin_digits(format_date(day, pattern, locale=self.locale)).replace("\u200f", "")

    def percent(self, rate: Decimal) -> str:
        """`19%`, in German `19 %`, from the rate 19 (already in percent)."""
        return str(self.locale.percent_formats[None].pattern).replace("#,##0", self.number(rate))

    def code(self, text: str) -> str:
        """Return a document's number or another code so that it keeps its order inside a sentence: `2026-0041`."""
        return f"\u200e{text}" if text and self.direction == "rtl" else text

    def _in_order(self, text: str) -> str:
        """Keep a minus before its digits and a `$` behind its letters where the text around them runs from the right.

        The marks change nothing else: what stands beside the digits goes where it goes beside positive ones.
        """
        if self.direction == "ltr":
            return text
        text = _NEGATIVE.sub("\u200e\\g<0>\u200f", text)
        return _SIGN_AFTER_LETTER.sub("\\g<0>\u200e", text)

    def list(self, items: list[str]) -> str:
        """`one, two and three`."""
        return format_list(items, locale=self.locale)

    def currency_name(self, currency: str) -> str:
        return get_currency_name(currency, locale=self.locale)

    def country(self, code: str) -> str:
        """The country's name in this language, or the code itself when CLDR has none."""
        name: str = self.locale.territories.get(code, code)
        return name


@cache
def formatter(language: str) -> Formatter:
    """Return the formatter of a language in `LANGUAGES`, in any case; an unknown one reads like English."""
    known = _BY_LOWER_CASE.get(language.lower(), "en")
    return Formatter(known) if known == language else formatter(known)


def current_language() -> str:
    """Return the code of the language that texts are translated into now, as `LANGUAGES` writes it."""
    return formatter(get_language() or "en").language


def best_language(accept_language: str) -> str | None:
    """Return the first of our languages an Accept-Language header asks for, or None."""
    preferred: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        language = _supported(tag.strip().lower())
        # A weight that HTTP does not know, such as `inf`, must not come before those that are right.
        if language and 0 < weight <= 1:
            preferred.append((-weight, position, language))
    return min(preferred)[2] if preferred else None


def _supported(tag: str) -> str:
    """Return our language for a browser's tag in lower case: itself, its language without region, or none."""
    bare = tag.partition("-")[0]
    bare = _SAME_LANGUAGE.get(bare, bare)
    return _BY_LOWER_CASE.get(tag) or _BY_LOWER_CASE.get(bare.lower(), "")


def apart(text: str) -> str:
    """Return a name that keeps its own direction, whatever the sentence around it reads like (Unicode isolates)."""
    return f"\u2068{text}\u2069"


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return every country's code and name, in the order this language's readers look for: accents part no letters."""
    fmt = formatter(language)
    codes = map(str, Locale("en").territories)
    found = [(code, fmt.country(code)) for code in codes if is_country(code)]
    return tuple(sorted(found, key=lambda entry: _plain_letters(entry[1])))


def _plain_letters(text: str) -> str:
    return "".join(letter for letter in normalize("NFKD", text) if not combining(letter)).casefold()


def is_country(code: str) -> bool:
    """Tell whether `code` is an ISO 3166 country code that CLDR knows."""
    return len(code) == 2 and code.isupper() and code in Locale("en").territories and code not in _NOT_COUNTRIES


# Groups, placeholders, and parts of countries that ISO 3166 only reserves.
_NOT_COUNTRIES = frozenset(["EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"])

_LATIN = {ord(digit): str(index % 10) for index, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


def _latin_digits(text: str) -> str:
    return text.translate(_LATIN)


def is_time_zone(name: str) -> bool:
    """Tell whether `name` is an IANA time zone."""
    return name in _time_zones()


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
