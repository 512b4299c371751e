"""Every command is described in docs/operators.md, and nothing else is."""

import re

from portico.config.cli import LazyGroup, portico
from tests.rules.source import ROOT

PAGE = ROOT / "docs" / "operators.md"


def test_every_command_is_described() -> None:
    described = re.findall(r"^### `portico ([a-z -]+)`$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(described) == sorted(_commands(portico))


def _commands(group: LazyGroup) -> list[str]:
    names: list[str] = []
    for name in group.summaries:
        inner = group.commands.get(name)
        names += [f"{name} {rest}" for rest in _commands(inner)] if isinstance(inner, LazyGroup) else [name]
    return names
