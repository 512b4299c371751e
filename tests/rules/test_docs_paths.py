"""Paths in CONTRIBUTING, the architecture page and the recipes exist, and so do names after a colon, and links."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.rules.source import PACKAGE, ROOT

PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", *sorted((ROOT / "docs" / "recipes").glob("*.md"))]
_SUFFIXES = "py|html|txt|typ|css|js|md|toml|po"
_PATH = re.compile(rf"(?:[\w.-]+/)*(?:[\w-]+\.(?:{_SUFFIXES})|[\w-]+/)(?::(\w+))?|(?:[\w-]+/)+[\w-]+")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")

# What a recipe has its reader write.
_EXAMPLES = {
    "web/portal/profile/addresses.py",
    "web/portal/profile/templates/portal/profile/addresses.html",
    "domain/access/programs/actions/forget_keys.py",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_exist(page: Path) -> None:
    wrong = list(_wrong_paths(page.read_text("utf-8"), page.parent))
    assert not wrong, f"{page.name} names what is not there: {', '.join(wrong)}"


def test_every_package_and_domain_app_is_named() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    folders = [folder for root in (PACKAGE, PACKAGE / "domain") for folder in root.iterdir()]
    names = {folder.name for folder in folders if (folder / "__init__.py").exists()}
    assert not {name for name in names if not re.search(rf"\b{name}\b", text)}


def test_examples_do_not_exist_yet() -> None:
    assert not [path for path in _EXAMPLES if (PACKAGE / path).exists()]


def _wrong_paths(text: str, folder: Path) -> Iterator[str]:
    # The old names are there on purpose.
    text = text.partition("## Old names")[0]
    for quoted in re.findall(r"`([^`\n]+)`", text):
        match = _PATH.fullmatch(quoted)
        if match is not None and quoted not in _EXAMPLES and not _exists(quoted.partition(":")[0], match[1]):
            yield quoted
    for link in _LINK.findall(text):
        if not (folder / link).exists():
            yield link


def _exists(path: str, name: str | None) -> bool:
    """Tell whether a file or folder has this path, from the root or the package or as its end, and holds the name."""
    found = [file for file in _files() if f"/{file.as_posix()}{'/' if file.is_dir() else ''}".endswith(f"/{path}")]
    found += [root / path for root in (ROOT, PACKAGE) if (root / path).exists()]
    return any(name is None or re.search(rf"\b{name}\b", file.read_text("utf-8")) for file in found)


@cache
def _files() -> list[Path]:
    folders = (PACKAGE, ROOT / "docs", ROOT / "tests", ROOT / "scripts")
    return [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
