"""The small language of a business's own mail texts: what is filled in, what is left out, what is refused where."""

import pytest

from portico.output.mail.placeholders import WordingRefused, check_wording, fill_in

_VALUES = {"number": "INV-1", "due_date": "", "customer": "{{ number }} & <b>Co</b>"}


def test_names_are_filled_in_and_idle_lines_left_out() -> None:
    text = "Invoice {{ number }}\nDue {{due_date}}.\n\nDear { brace } 100 %"
    assert fill_in(text, _VALUES) == "Invoice INV-1\n\nDear { brace } 100 %"


def test_a_line_with_one_value_stays() -> None:
    assert fill_in("{{ number }} due {{ due_date }}", _VALUES) == "INV-1 due"


def test_values_are_never_filled_in_themselves() -> None:
    assert fill_in("To {{ customer }}", _VALUES) == "To {{ number }} & <b>Co</b>"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("Fine\n{{ numer }}", 2, "{{ numer }}"),
        ("{{ number.__class__ }}", 1, "{{ number.__class__ }}"),
        ("{{ 7 * 7 }}", 1, "{{ 7 * 7 }}"),
        ("{{ number|safe }}", 1, "{{ number|safe }}"),
        ("a\nb\n{% for x in y %}", 3, "{%"),
        ("{# note #}", 1, "{#"),
        ("open {{ number", 1, "{{"),
        ("{{\nnumber }}", 1, "{{"),
        ("closed }}", 1, "}}"),
        ("{{ config }}", 1, "{{ config }}"),
        ("{{ NUMBER }}", 1, "{{ NUMBER }}"),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(WordingRefused) as refused:
        check_wording(text, _VALUES)
    assert (refused.value.line, refused.value.what) == (line, what)
