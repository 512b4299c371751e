"""A public function in `actions/` changes something; what only reads is a query, or says why on its `def` line."""

import ast
from collections.abc import Iterator

import pytest

from tests.rules.source import Source, product

_WRITES = {
    "save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "add",
    "set_password", "execute",
}  # fmt: skip


def test_actions_write() -> None:
    found = [finding for source in product() for finding in readers(source)]
    assert not found, "\n".join(found)


def readers(source: Source) -> Iterator[str]:
    """Find public functions of an action module that neither write themselves nor call what writes."""
    if "/actions/" not in source.path:
        return
    functions = {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}
    actions = set(_imported_actions(source.tree))
    lines = source.text.splitlines()
    for name, function in functions.items():
        if "# reads: " in lines[function.lineno - 1]:
            continue
        if not name.startswith("_") and not _writes(function, functions, actions, {name}):
            yield source.at(function, f"{name} only reads: it belongs into queries")


def _imported_actions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and ".actions" in (node.module or ""):
            yield from (alias.asname or alias.name for alias in node.names)


def _writes(
    function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], actions: set[str], seen: set[str]
) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and (node.attr in _WRITES or node.attr == "select_for_update"):
            return True
        if isinstance(node, ast.Name):
            if node.id in actions:
                return True
            if node.id in functions.keys() - seen and _writes(functions[node.id], functions, actions, seen | {node.id}):
                return True
    return False


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("def name_of(row):\n    return row.name", 1),
        ("def rename(row):\n    row.save(update_fields=['name'])", 0),
        ("def rename(row):\n    _store(row)\ndef _store(row):\n    row.save()", 0),
        ("from portico.domain.files.actions.store import store_file\ndef keep(row):\n    return store_file(row)", 0),
        ("def ask(row):  # reads: asks the provider\n    return row.name", 0),
        ("def _private(row):\n    return row.name", 0),
    ],
)
def test_the_rule_finds_readers(code: str, count: int) -> None:
    source = Source("src/portico/domain/files/actions/some.py", code)
    assert len(list(readers(source))) == count
