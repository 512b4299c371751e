"""Running the command as a test's own, and as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from portico.config.cli import run


@dataclass(frozen=True)
class Outcome:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one line of a refusal."""
        assert self.status == 2
        assert self.out == ""
        line, end, rest = self.err.partition("\n")
        assert (end, rest) == ("\n", ""), self.err
        assert line.startswith("portico: ")
        return line.removeprefix("portico: ")


type Command = Callable[..., Outcome]


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where static files are collected, once for all commands: away from what other tests read."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture
def portico(db: None, settings: Settings, collected: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command on the tests' own database."""
    settings.STATIC_ROOT = str(collected)

    def command(*arguments: str) -> Outcome:
        capfd.readouterr()
        status = run(arguments)
        out, err = capfd.readouterr()
        return Outcome(status, out, err)

    return command


@pytest.fixture
def program(tmp_path: Path) -> Command:
    """Run a command as a process, in an installation of its own that nothing has touched yet."""

    def command(*arguments: str, **environment: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "portico.config.cli", *arguments],
            env=fresh_environment(tmp_path / "home", **environment),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return command


def fresh_environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment without any of the tests' settings, for an installation in `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTICO_")}
    for name in ("DATABASE_URL", "PORT", "DJANGO_SETTINGS_MODULE"):
        kept.pop(name, None)
    return kept | {"PORTICO_HOME": str(home)} | more
