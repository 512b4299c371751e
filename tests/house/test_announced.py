"""What is announced has its reaction, and every reaction is announced by somebody."""

import ast
from collections.abc import Iterator

from portico.jobs.reactions import REACTIONS
from tests.house.source import Source, product


def test_whatever_is_announced_is_reacted_to() -> None:
    assert {verb for source in product() for verb in announced(source)} == set(REACTIONS)


def announced(source: Source) -> Iterator[str]:
    """Find the verbs that a module announces."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "record":
            continue
        if any(keyword.arg == "announce" for keyword in node.keywords):
            verb = node.args[0]
            assert isinstance(verb, ast.Constant), source.at(node, "an announced verb stands in the call itself")
            yield str(verb.value)


def test_an_announcement_is_found() -> None:
    text = 'record("a.happened", ref, announce=True)\nrecord("b.happened", ref)\n'
    assert list(announced(Source("src/portico/domain/x.py", text))) == ["a.happened"]
