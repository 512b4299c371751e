from hypothesis import given
from hypothesis import strategies as st

from portico.output.pdf.coverage import Coverage
from portico.output.pdf.text import Cleaner

LATIN = Cleaner(Coverage.of([]), "ltr")


def test_ordinary_text_is_left_alone(coverage: Coverage) -> None:
    for text in ("Invoice INV-2041", "Übergröße – 5 €", "請求書 カナ", "DE89 3704 0044 0532 0130 00", "two\nlines"):
        assert Cleaner(coverage, "ltr")(text) == text


def test_control_characters_go_and_line_breaks_stay(coverage: Coverage) -> None:
    assert Cleaner(coverage, "ltr")("a\x00\x07\x1b[31mb\r\nc\u2028d\te") == "a[31mb\nc\nd e"


def test_direction_controls_cannot_turn_an_amount_around(coverage: Coverage) -> None:
    assert Cleaner(coverage, "ltr")("pay \u202e05.91\u202c now\u2067!\u2069") == "pay 05.91 now!"


def test_what_no_font_has_becomes_a_replacement(coverage: Coverage) -> None:
    assert Cleaner(coverage, "ltr")("a \ua4d0 \U000e0041 \ud800 b") == "a \ufffd \ufffd \ufffd b"


def test_the_other_direction_keeps_to_itself(coverage: Coverage) -> None:
    assert Cleaner(coverage, "ltr")("شركة (LLC).") == "\u2068شركة (LLC).\u2069"
    assert (
        Cleaner(coverage, "rtl")("+49 251 1234\n48155 Münster") == "\u2068+49 251 1234\u2069\n\u206848155 Münster\u2069"
    )
    assert Cleaner(coverage, "rtl")("شركة") == "شركة"


def test_long_words_may_break(coverage: Coverage) -> None:
    clean = Cleaner(coverage, "ltr")
    address = clean("https://example.com/a/very/long/path?with=parameters")
    assert address.replace("\u200b", "") == "https://example.com/a/very/long/path?with=parameters"
    assert "\u200b" in address
    assert clean("A" * 100).count("\u200b") == 2


@given(text=st.text())
def test_cleaning_never_fails_and_leaves_nothing_that_steers(text: str) -> None:
    cleaned = LATIN.characters(text)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b\r")
