"""What docs/security.md says is tested, is: every test it names is there."""

import ast
import re

from tests.rules.source import ROOT

PAGE = ROOT / "docs" / "security.md"
_NAMED = re.compile(r"`(test_\w+\.py)(?:::(test_\w+))?`")


def test_every_test_that_is_named_exists() -> None:
    named = _NAMED.findall(PAGE.read_text("utf-8"))
    assert len(named) > 30, "does the pattern still see how tests are named?"
    tests = names_by_file()
    missing = [f"{file}::{name}" for file, name in named if name not in tests.get(file, set())]
    assert not missing, f"named in {PAGE}, but nowhere to be found"


def test_every_threat_has_a_test() -> None:
    table = PAGE.read_text("utf-8").partition("## Threats")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    assert [row for row in rows if not _NAMED.search(row.split(" | ")[2])] == []


def names_by_file() -> dict[str, set[str]]:
    """Every test file's tests by its name, and the empty name for the file as a whole."""
    found: dict[str, set[str]] = {}
    for folder in ("src", "tests"):
        for path in (ROOT / folder).rglob("test_*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            found.setdefault(path.name, {""}).update(names)
    return found
