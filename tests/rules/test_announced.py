"""What is announced has its reaction, and events are named by `Event` alone."""

import ast
from collections.abc import Iterator

import pytest

from portico.domain.activity.events import Event
from portico.domain.documents import events as of_documents
from portico.domain.documents.kinds import Kind
from portico.jobs.reactions import REACTIONS
from portico.lib.ids import PREFIXES
from tests.rules.source import Source, product

_DECLARED = "src/portico/domain/activity/events.py"
_NAMES = {event.value: event.name for event in Event}


def test_whatever_is_announced_is_reacted_to_and_nothing_else() -> None:
    assert {event for event in Event if event.announced} == set(REACTIONS)


def test_every_subject_has_a_public_id() -> None:
    unknown = {kind for event in Event for kind in event.about} - set(PREFIXES)
    assert not unknown
    assert set(Event.DOCUMENT_MAIL_ASKED.about) == set(Kind.values)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_document_has_its_own_events(kind: Kind) -> None:
    for table in (of_documents.DRAFTED, of_documents.ISSUED, of_documents.VIEWED, of_documents.VOIDED):
        assert table[kind].about == (kind.value,)


def test_an_event_of_a_decision_is_about_its_kind() -> None:
    assert all(event.about == (kind,) for (kind, _to), event in of_documents.DECIDED.items())


def test_events_are_named_by_the_list() -> None:
    found = [finding for source in product() for finding in named_otherwise(source)]
    assert not found, "\n".join(found)


def test_every_event_is_recorded_somewhere() -> None:
    used = {name for source in product() if source.path != _DECLARED for name in members(source)}
    assert {event.name for event in Event} - used == set()


def named_otherwise(source: Source) -> Iterator[str]:
    """Find event names that are written as text, and events that are looked up by one."""
    if source.path == _DECLARED:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _NAMES:
            yield source.at(node, f"{node.value!r} is Event.{_NAMES[node.value]}")
        elif isinstance(node, ast.Call | ast.Subscript):
            called = node.func if isinstance(node, ast.Call) else node.value
            if isinstance(called, ast.Name) and called.id == "Event":
                yield source.at(node, "an event is looked up by its name: say which one, or keep a table of them")


def members(source: Source) -> Iterator[str]:
    """Find the events that a module names."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Event":
            yield node.attr


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(verb='invoice.issued')",
        "record(Event(f'{document.kind}.issued'), document, by=by)",
        "record(Event['INVOICE_ISSUED'], document, by=by)",
    ],
)
def test_another_name_is_found(line: str) -> None:
    assert list(named_otherwise(Source("src/portico/domain/documents/actions/issue.py", line)))


@pytest.mark.parametrize("line", ["rows.filter(verb=Event.INVOICE_ISSUED)", "record(ISSUED[document.kind], document)"])
def test_the_list_is_fine(line: str) -> None:
    assert not list(named_otherwise(Source("src/portico/domain/documents/actions/issue.py", line)))
