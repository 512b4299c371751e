"""docs/events.md describes every event, as it is declared, and nothing else."""

import re

from portico.domain.activity.events import Event
from tests.rules.source import ROOT

PAGE = ROOT / "docs" / "events.md"
_CODE = re.compile(r"`([^`]+)`")


def test_every_event_is_described_as_it_is_declared() -> None:
    public, _heading, internal = PAGE.read_text("utf-8").partition("\n## Internal events")
    rows = [*described(public, public=True), *described(internal, public=False)]
    assert rows == sorted(set(rows), key=rows.index), "described twice"
    assert set(rows) == {(event.value, event.about, event.announced, event.public) for event in Event}


def described(text: str, *, public: bool) -> list[tuple[str, tuple[str, ...], bool, bool]]:
    """Return what the tables say of each event: name, subjects, whether something follows, whether it is public."""
    found = []
    for line in text.splitlines():
        if line.startswith("| `"):
            name, about, when, follows = (cell.strip() for cell in line.strip().strip("|").split("|"))
            assert when, f"{name} is not described"
            found.append((_CODE.findall(name)[0], tuple(_CODE.findall(about)), bool(follows), public))
    return found
