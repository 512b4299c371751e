"""A lifecycle changes in `actions/` only, where the row is locked, re-checked and the change recorded."""

import ast
from collections.abc import Iterator

import pytest

from tests.rules.source import Source, assigned_attributes, product

_STATES = {"lifecycle", "status", "state"}
# Where a `lifecycle`, `status` or `state` belongs to a row; elsewhere it is an HTTP status or the like.
_ROOMS = ("domain", "intake", "output", "jobs")
_STORED = {"lifecycle", "state"}
_WRITERS = {
    "create", "update", "get_or_create", "update_or_create", "bulk_create", "acreate", "aupdate",
}  # fmt: skip


def test_states_change_in_actions() -> None:
    found = [finding for source in product() for finding in changes(source)]
    assert not found, "\n".join(found)


def changes(source: Source) -> Iterator[str]:
    """Find assignments of a state, and states handed to a manager or a queryset, outside of `actions/`."""
    if "/actions/" in source.path or not source.is_in("web", *_ROOMS):
        return
    names = _STATES if source.is_in(*_ROOMS) else _STORED
    for node in ast.walk(source.tree):
        for name in sorted(_assigned(node) | _written(node)):
            if name in names:
                yield source.at(node, f"{name} is changed outside of actions/")


def _assigned(node: ast.AST) -> set[str]:
    return {part.attr for part in assigned_attributes(node) if isinstance(part.ctx, ast.Store)} | _set_by_name(node)


def _set_by_name(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
        return {arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
    return set()


def _written(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITERS:
        return {keyword.arg for keyword in node.keywords if keyword.arg}
    return set()


@pytest.mark.parametrize(
    "line",
    [
        "invoice.lifecycle = 'voided'",
        "a, invoice.lifecycle = 1, 'voided'",
        "invoice.lifecycle: str = 'voided'",
        "setattr(payment, 'state', 'voided')",
        "Document.objects.filter(id=1).update(lifecycle='voided')",
        "Document.objects.create(number='1', lifecycle='issued')",
    ],
)
def test_a_change_outside_is_found(line: str) -> None:
    assert list(changes(Source("src/portico/domain/documents/queries.py", line)))
    assert list(changes(Source("src/portico/web/dashboard/documents/list.py", line)))
    assert not list(changes(Source("src/portico/domain/documents/actions/void.py", line)))


@pytest.mark.parametrize("line", ["if invoice.lifecycle == 'voided': pass", "rows.filter(lifecycle='issued')"])
def test_reading_is_fine(line: str) -> None:
    assert not list(changes(Source("src/portico/domain/documents/queries.py", line)))


def test_an_http_status_is_no_state() -> None:
    assert not list(changes(Source("src/portico/web/api/v1/problems.py", "response.status = 404")))
