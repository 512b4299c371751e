"""Words that depend on a number or on what they stand for, and every kind has its words."""

from decimal import Decimal

import pytest
from django.utils import translation

from portico.domain.documents.models import Kind, Status
from portico.lib.l10n import formatter
from portico.output.wording.addresses import postal_lines
from portico.output.wording.kinds import kind_label, kind_plural, numbered_label
from portico.output.wording.methods import method_label
from portico.output.wording.states import staff_state_label, state_label
from portico.output.wording.tax import tax_category
from portico.output.wording.units import quantity


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
        assert method_label("other") == "Sonstige"


@pytest.mark.parametrize("kind", [*Kind, "payment"])
def test_every_kind_has_its_words(kind: str) -> None:
    with translation.override("de"):
        assert kind_label(kind)
        assert kind_plural(kind)
        assert numbered_label(kind, "7") != "7"


def test_staff_are_told_that_a_document_was_seen() -> None:
    with translation.override("en"):
        assert [state_label("viewed"), staff_state_label("viewed")] == ["Open", "Open, seen"]
        assert [state_label(state) == staff_state_label(state) for state in Status if state != "viewed"] == [True] * 13


def test_addresses_are_written_as_in_their_country() -> None:
    parts = {"line1": "1 Main St", "postal_code": "94105", "city": "San Francisco", "region": "CA", "country": "US"}
    assert postal_lines(parts, formatter("en")) == ["1 Main St", "San Francisco, CA 94105", "United States"]
    assert postal_lines({"city": "Kiel", "postal_code": "24103", "country": "DE"}, formatter("de")) == [
        "24103 Kiel",
        "Deutschland",
    ]
