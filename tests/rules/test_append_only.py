"""The activity log is only added to: one action adds, the outbox moves its own mark, and nothing is deleted."""

import ast
from collections.abc import Iterator

import pytest
from django.db.models import PROTECT, ForeignKey

from portico.domain.activity.models import Activity
from tests.rules.source import Source, assigned_attributes, product

_RECORD = "src/portico/domain/activity/actions/record.py"
_CLAIM = "src/portico/domain/activity/actions/claim.py"
_QUERIES = {"timeline_of_customer", "timeline_of_subject"}
_ADDING = {"create", "get_or_create", "update_or_create", "bulk_create"}
_WRITING = _ADDING | {"update", "bulk_update", "save", "delete", "_raw_delete"}
_WRITERS = _WRITING | {f"a{name}" for name in _WRITING}


def test_the_log_is_only_added_to() -> None:
    found = [finding for source in product() for finding in writes(source)]
    assert not found, "\n".join(found)


def test_the_two_that_may_write_do() -> None:
    allowed = {source.path: source for source in product() if source.path in {_RECORD, _CLAIM}}
    assert [list(writes(Source("x.py", source.text))) != [] for source in allowed.values()] == [True, True]


def test_nothing_takes_it_along_when_it_goes() -> None:
    keys = [key for key in Activity._meta.get_fields() if isinstance(key, ForeignKey)]
    assert {key.name: key.remote_field.on_delete for key in keys} == {"business": PROTECT, "customer": PROTECT}


def writes(source: Source) -> Iterator[str]:
    """Find what adds to the log, changes it or deletes from it, but for what may."""
    rows = set(_rows(source.tree))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "activity_activity" in node.value:
            yield source.at(node, "the log's table is named: ask portico.domain.activity.queries")
        for row in _changed(node) & rows:
            if not (source.path == _CLAIM and ast.unparse(node).startswith(f"{row}.react_at =")):
                yield source.at(node, f"{row}, an activity, is changed: the log is only added to")
        if isinstance(node, ast.Call) and (what := _written(node, rows)) and not _may(source.path, node, what):
            yield source.at(node, f"{what} on the log: portico.domain.activity.actions.record adds to it")


def _may(path: str, call: ast.Call, what: str) -> bool:
    if path == _CLAIM:
        return what == "update" and [keyword.arg for keyword in call.keywords] == ["react_at"]
    return path == _RECORD and what == "create"


def _written(call: ast.Call, rows: set[str]) -> str:
    """Return what a call does to activities: the name of the writing method, or nothing."""
    if isinstance(call.func, ast.Name):
        return "Activity()" if call.func.id == "Activity" else ""
    if not isinstance(call.func, ast.Attribute) or not _is_of_log(call.func, rows):
        return ""
    return "Activity()" if call.func.attr == "Activity" else call.func.attr if call.func.attr in _WRITERS else ""


def _is_of_log(node: ast.AST, rows: set[str]) -> bool:
    """Tell whether what a chain of attributes and calls begins with is the model, a timeline or a row."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr in {"Activity", *_QUERIES}:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in {"Activity", *_QUERIES, *rows}


def _rows(tree: ast.Module) -> Iterator[str]:
    """Name what holds activities: parameters that say so, and what is assigned from the log."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation and _names_the_model(node.annotation):
            yield node.arg
        elif isinstance(node, ast.Assign) and _is_of_log(node.value, set()):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.For | ast.comprehension) and _is_of_log(node.iter, set()):
            yield from (part.id for part in ast.walk(node.target) if isinstance(part, ast.Name))


def _names_the_model(annotation: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "Activity" for part in ast.walk(annotation))


def _changed(node: ast.AST) -> set[str]:
    """Name whose attributes a statement assigns."""
    return {part.value.id for part in assigned_attributes(node) if isinstance(part.value, ast.Name)}


@pytest.mark.parametrize(
    "line",
    [
        "Activity.objects.create(verb='x')",
        "Activity(verb='x').save()",
        "models.Activity.objects.bulk_create(rows)",
        "Activity.objects.filter(pk=1).update(at=moment)",
        "timeline_of_customer(key)[:9].delete()",
        "queries.timeline_of_subject(key).update(data={})",
        "Activity._base_manager.all()._raw_delete('default')",
        "def f(row: Activity) -> None:\n    row.delete()",
        "def f(row: Activity) -> None:\n    row.data = {}",
        "for row in Activity.objects.all():\n    row.save()",
        "row = Activity.objects.first()\nrow.verb = 'x'",
        "cursor.execute('DELETE FROM activity_activity')",
    ],
)
def test_a_write_is_found(line: str) -> None:
    assert list(writes(Source("src/portico/domain/access/sessions/actions/sweep.py", line)))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (_CLAIM, "Activity.objects.filter(pk=1).update(react_at=None, at=None)"),
        (_CLAIM, "Activity.objects.all().delete()"),
        (_CLAIM, "def f(row: Activity) -> None:\n    row.at = moment"),
        (_RECORD, "Activity.objects.all().update(data={})"),
    ],
)
def test_those_who_may_write_may_not_do_everything(path: str, line: str) -> None:
    assert list(writes(Source(path, line)))


@pytest.mark.parametrize(
    "line", ["rows = Activity.objects.filter(verb='x')", "for row in timeline_of_customer(key): f(row)"]
)
def test_reading_is_fine(line: str) -> None:
    assert not list(writes(Source("src/portico/web/dashboard/core/timeline.py", line)))
