"""What is announced has its reaction."""

import ast
from collections.abc import Iterator

from portico.jobs.reactions import REACTIONS
from tests.rules.source import Source, product


def test_whatever_is_announced_is_reacted_to() -> None:
    verbs = {verb for source in product() for verb in announced(source)}
    assert verbs, "no announcement found: does announced() still see them?"
    assert verbs <= set(REACTIONS)


def announced(source: Source) -> Iterator[str]:
    """Find the verbs that a module announces, where they stand in the call itself."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "record":
            continue
        verb = node.args[0]
        if any(keyword.arg == "announce" for keyword in node.keywords) and isinstance(verb, ast.Constant):
            yield str(verb.value)


def test_an_announcement_is_found() -> None:
    text = 'record("a.happened", ref, announce=True)\nrecord("b.happened", ref)\n'
    assert list(announced(Source("src/portico/domain/x.py", text))) == ["a.happened"]
