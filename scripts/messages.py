"""Message catalogs: what the sources say, gathered into every language's `django.po` for translation.

`make messages` adds new texts untranslated and drops those no longer said; it never guesses a translation.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from portico.lib.l10n import LANGUAGES

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "portico"
SOURCE_LANGUAGE = "en"

_METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**/templates/**.xml", "jinja2"),
    ("**/templates/**.svg", "jinja2"),
]
_OPTIONS = {
    **{
        pattern: {
            "extensions": "jinja2.ext.do",
            "trimmed": "true",
            "trim_blocks": "true",
            "lstrip_blocks": "true",
            "newstyle_gettext": "true",
            "silent": "false",
        }
        for pattern, method in _METHODS
        if method == "jinja2"
    },
}
_KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# Headers that would change without a text having changed, or say nothing.
_CHANGEABLE = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Report-Msgid-Bugs-To',
    b'"Project-Id-Version',
    b'"Generated-By',
)


def said(package: Path = PACKAGE) -> Catalog:
    """Return every translatable text of the Python modules and Jinja2 templates below a folder."""
    catalog = Catalog(project="Portico", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        package,
        _METHODS,
        _OPTIONS,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda _folder: True,
    )
    for name, line, message, comments, context in found:
        catalog.add(message, locations=[(f"src/portico/{name}", line)], auto_comments=comments, context=context)
    return catalog


def catalog_path(language: str) -> Path:
    """Return where a language's catalog lies."""
    return PACKAGE / "locale" / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def read_catalog(path: Path, language: str) -> Catalog:
    """Read a catalog, which may not be there yet."""
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"), project="Portico", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def gather(language: str, template: Catalog) -> str:
    """Bring one catalog up to date and return one line about it."""
    path = catalog_path(language)
    catalog = read_catalog(path, language)
    before = {(message.id, message.context) for message in catalog if message.id}
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    now = {(message.id, message.context) for message in catalog if message.id}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(catalog))
    untranslated = len([message for message in catalog if message.id and not all(forms(message))])
    return (
        f"{language}: {len(now)} texts, {len(now - before)} new, {len(before - now)} gone, {untranslated} to translate"
    )


def _written(catalog: Catalog) -> bytes:
    catalog.header_comment = f"# The texts of Portico in {catalog.locale_identifier}, gathered by `make messages`."
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, sort_output=True, include_lineno=False)
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_CHANGEABLE))


def forms(message: Message) -> list[str]:
    """Return a message's translations: one, or one per plural form."""
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def main() -> int:
    """Gather all languages but the one the sources are written in."""
    template = said()
    for language in LANGUAGES:
        if language != SOURCE_LANGUAGE:
            print(gather(language, template))
    return 0


if __name__ == "__main__":
    sys.exit(main())
