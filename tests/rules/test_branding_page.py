"""docs/branding.md names classes and properties that exist, and its examples are taken as they stand."""

import re

from portico.domain.branding.stylesheets import checked_stylesheet
from tests.rules.source import ROOT, templates

TEXT = (ROOT / "docs" / "branding.md").read_text("utf-8")
STYLES = (ROOT / "src/portico/web/shared/static/portico/portico.css").read_text("utf-8")
MARKUP = "\n".join(path.read_text("utf-8") for path in templates())


def test_its_class_names_are_in_the_pages() -> None:
    names = set(re.findall(r"\.(po-[\w-]+)", TEXT))
    assert len(names) > 15
    assert [name for name in sorted(names) if not re.search(rf"\b{name}(?![\w-])", MARKUP)] == []


def test_its_custom_properties_are_in_the_style_sheet() -> None:
    names = set(re.findall(r"`(--[\w-]+)`", TEXT))
    assert len(names) > 15
    assert [name for name in sorted(names) if f"{name}:" not in STYLES] == []


def test_its_examples_are_taken() -> None:
    examples = re.findall(r"```css\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        assert checked_stylesheet(example, {}) == example
