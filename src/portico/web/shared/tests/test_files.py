"""The size of a file is short and rounds to what it is."""

import pytest

from portico.lib.l10n import formatter
from portico.web.shared.files import size_label


@pytest.mark.parametrize(
    ("size", "label"),
    [
        (0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (1_449, "1.4 kB"), (9_949, "9.9 kB"), (9_999, "10 kB"),
        (84_400, "84 kB"), (999_499, "999 kB"), (999_900, "1 MB"), (2_500_000, "2.5 MB"), (20_971_520, "21 MB"),
    ],
)  # fmt: skip
def test_size_has_one_decimal_below_ten(size: int, label: str) -> None:
    assert size_label(size, formatter("en")) == label.replace(" ", "\N{NO-BREAK SPACE}")


def test_size_is_written_in_the_reader_s_language() -> None:
    assert size_label(2_500_000, formatter("de")) == "2,5\N{NO-BREAK SPACE}MB"
