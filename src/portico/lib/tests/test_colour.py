"""Whatever colour a business chooses, everyone can read its pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.lib.colour import DEFAULT_ACCENT, contrast, theme


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_any_accent_becomes_readable(accent: str) -> None:
    chosen = theme(accent)
    assert chosen.accent_light == accent
    assert contrast(chosen.accent_light, chosen.on_accent_light) >= 4.5
    assert contrast(chosen.accent_dark, chosen.on_accent_dark) >= 4.5
    assert contrast(chosen.line_light, "#fbfaf8") >= 3
    assert contrast(chosen.line_dark, "#131312") >= 3


@pytest.mark.parametrize("accent", ["", "red", "#12345", "#12345g", "#000000}body{display:none"])
def test_what_is_no_colour_never_reaches_the_page(accent: str) -> None:
    assert theme(accent) == theme(DEFAULT_ACCENT)
