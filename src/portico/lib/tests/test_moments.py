"""An instant reads as a date and a time of day where the reader keeps their books."""

from datetime import UTC, datetime

import pytest

from portico.lib.l10n import formatter


@pytest.mark.parametrize(
    ("language", "text"), [("en", "20 Nov 2026, 14:05"), ("de", "20.11.2026, 14:05"), ("ar", "20 نوفمبر 2026، 2:05 م")]
)
def test_a_moment_has_minutes_and_latin_digits(language: str, text: str) -> None:
    said = formatter(language).moment(datetime(2026, 11, 20, 13, 5, 59, tzinfo=UTC), "Europe/Berlin")
    assert said.replace("\u202f", " ").replace("\u00a0", " ") == text
