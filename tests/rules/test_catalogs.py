"""Every text is said in every language: nothing missing, untranslated, doubtful or left over."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from portico.lib.l10n import LANGUAGES
from scripts.messages import SOURCE_LANGUAGE, catalog_path, forms, read_catalog, said

_TRANSLATIONS = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}|(%%)")

type Key = tuple[object, str | None]


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return said()


@pytest.mark.parametrize("language", _TRANSLATIONS)
def test_a_catalog_says_everything(language: str, texts: Catalog) -> None:
    path = catalog_path(language)
    assert path.exists(), f"{path} is missing: run `make messages`"
    found = list(faults(read_catalog(path, language), texts, language))
    assert not found, f"{path}\n" + "\n".join(found)


def faults(catalog: Catalog, texts: Catalog, language: str) -> Iterator[str]:
    """Find what is wrong with a language's catalog, given the texts of the sources."""
    here, there = _keyed(catalog), _keyed(texts)
    yield from (f"missing: {key[0]!r}" for key in there if key not in here)
    yield from (f"no longer said: {key[0]!r}" for key in here if key not in there)
    yield from (f"left over: {message.id!r}" for message in catalog.obsolete.values())
    expected = get_plural(language.replace("-", "_")).num_plurals
    if catalog.num_plurals != expected:
        yield f"has {catalog.num_plurals} plural forms; {language} has {expected}"
    for message in here.values():
        yield from _message_faults(message, catalog.num_plurals)


def _message_faults(message: Message, plurals: int) -> Iterator[str]:
    said_here = forms(message)
    expected = plurals if message.pluralizable else 1
    if message.fuzzy:
        yield f"doubtful (fuzzy): {message.id!r}"
    if len(said_here) != expected or not all(form and form.strip() for form in said_here):
        yield f"untranslated: {message.id!r}"
        return
    known = _placeholders(message.id)
    for form in said_here:
        used = _placeholders(form)
        # A form for one or two may leave the number out; a plain text may leave nothing out.
        if used - known or (not message.pluralizable and used != known):
            yield f"other placeholders than {message.id!r}: {form!r}"


def _keyed(catalog: Catalog) -> dict[Key, Message]:
    return {
        (message.id if isinstance(message.id, str) else tuple(message.id), message.context): message
        for message in catalog
        if message.id
    }


def _placeholders(text: str | list[str] | tuple[str, ...]) -> set[str]:
    parts = [text] if isinstance(text, str) else text
    return {first or second or sign for part in parts for first, second, sign in _PLACEHOLDER.findall(part)}


def _sample(*, string: str | tuple[str, ...], id: str | tuple[str, str] = "Due %(day)s", **options: bool) -> list[str]:
    texts = Catalog()
    texts.add(id)
    catalog = Catalog(locale="ar")
    catalog.add(id, string, flags=["fuzzy"] if options.get("fuzzy") else [])
    return list(faults(catalog, texts, "ar"))


def test_a_whole_catalog_is_fine() -> None:
    assert not _sample(string="يستحق %(day)s")
    assert not _sample(id=("%(n)s file", "%(n)s files"), string=("0", "1", "2", "%(n)s", "%(n)s", "%(n)s"))


def test_a_faulty_text_is_found() -> None:
    assert _sample(string="")
    assert _sample(string="يستحق")
    assert _sample(string="يستحق %(date)s")
    assert _sample(string="يستحق %(day)s %%")
    assert _sample(string="يستحق %(day)s", fuzzy=True)
    assert _sample(id=("%(n)s file", "%(n)s files"), string=("0", "1", "2", "%(n)s", "", "%(n)s"))
    assert _sample(id=("%(n)s file", "%(n)s files"), string=("1", "%(n)s"))


def test_a_missing_and_a_left_over_text_are_found() -> None:
    texts, catalog = Catalog(), Catalog(locale="de")
    texts.add("New")
    catalog.add("Old", "Alt")
    assert list(faults(catalog, texts, "de")) == ["missing: 'New'", "no longer said: 'Old'"]


def test_the_sources_are_read(tmp_path: Path) -> None:
    (tmp_path / "web" / "templates" / "_parts").mkdir(parents=True)
    (tmp_path / "web" / "tests").mkdir()
    (tmp_path / "web" / "pages.py").write_text('x = _("From Python")\ny = ngettext("%(n)s row", "%(n)s rows", 2)\n')
    (tmp_path / "web" / "tests" / "test_pages.py").write_text('x = _("From a test")\n')
    (tmp_path / "web" / "templates" / "_parts" / "row.html").write_text(
        "{% trans %}\n  From a\n  template\n{% endtrans %}"
    )
    found = {message.id for message in said(tmp_path) if message.id}
    assert found == {"From Python", ("%(n)s row", "%(n)s rows"), "From a template"}
