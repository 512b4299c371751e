"""Pages know their reader, and a brand shows nothing that somebody typed as markup."""

from urllib.parse import unquote

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override
from jinja2 import UndefinedError

from portico.web.shared.brand import Looks, make_brand
from portico.web.shared.page import reader_formatter, wants_part


def test_the_initial_is_the_first_letter_of_the_name() -> None:
    assert make_brand("»Öko« GmbH", Looks()).initial == "Ö"
    assert make_brand("شركة الأفق", Looks()).initial == "ش"
    assert make_brand("!!!", Looks()).initial == "·"


def test_an_icon_holds_colours_and_a_letter_only() -> None:
    icon = unquote(make_brand("<script>alert(1)</script>", Looks("'/><script>")).icon)
    assert "script" not in icon
    assert ">S<" in icon


def test_the_formatter_is_the_reader_s() -> None:
    with override("de"):
        assert reader_formatter().money(198016, "EUR") == "1.980,16\N{NO-BREAK SPACE}€"


@pytest.mark.parametrize(
    ("headers", "alone"),
    [
        ({}, False),
        ({"HX-Request": "true", "HX-Target": "results"}, True),
        ({"HX-Request": "true", "HX-Target": "other"}, False),
        ({"HX-Request": "true", "HX-Target": "results", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_htmx_gets_a_part_only_when_it_asks_for_it(headers: dict[str, str], alone: bool) -> None:
    assert wants_part(RequestFactory().get("/", headers=headers), "results") is alone


def test_a_missing_name_fails_loudly_and_what_is_shown_is_escaped() -> None:
    engine = engines["jinja2"]
    with pytest.raises(UndefinedError):
        engine.from_string("{{ nothing }}").render({})
    assert engine.from_string("{{ text }}").render({"text": "<b>"}) == "&lt;b&gt;"
