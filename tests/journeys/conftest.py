"""The demonstration, running as anybody would start it, for the journeys in a browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from portico.config.tests.conftest import fresh_environment
from tests.journeys.served_business import ServedBusiness, serve_business
from tests.plugins.database import NewDatabase
from tests.prepared import prepare
from tests.server import free_port


@dataclass(frozen=True)
class Demo:
    """What `portico demo` printed: three customers' links, the dashboard's login and a program's key."""

    url: str
    german: str
    english: str
    arabic: str
    staff: str
    password: str
    api_key: str
    environment: dict[str, str]

    def link(self, customer: str, business: str) -> str:
        """Return a fresh portal link of a customer, made beside the running server."""
        return self.command("link", customer, "--business", business)

    def command(self, *arguments: str) -> str:
        """Run a command beside the running server, and return what it printed."""
        words = [sys.executable, "-m", "portico.config.cli", *arguments]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.strip()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase) -> Iterator[Demo]:
    """The demonstration, made anew and served until the last journey is over."""
    with _served(tmp_path_factory.mktemp("demo"), prepared_database()) as served:
        yield served


@pytest.fixture(scope="session")
def demo_with_hosts(tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase) -> Iterator[Demo]:
    """The demonstration once more, with each portal at a host of its own."""
    with _served(tmp_path_factory.mktemp("hosts"), prepared_database(), PORTICO_PORTAL_DOMAIN="localhost") as served:
        yield served


@contextmanager
def _served(home: Path, database: str, **more: str) -> Iterator[Demo]:
    prepare(home, database=not database)
    environment = fresh_environment(home) | ({"DATABASE_URL": database} if database else {}) | more
    port = free_port()
    with (home.parent / f"{home.name}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portico.config.cli", "demo", "--port", str(port)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield _read(process, f"http://localhost:{port}", environment)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


def _read(process: subprocess.Popen[str], url: str, environment: dict[str, str]) -> Demo:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if "Ctrl-C" in line:
            break
    links = re.findall(r"http://\S+/s/\S+", text)
    assert len(links) == 3, text
    staff = re.search(r"(\S+@nordwind\S+)", text)
    password = re.search(r"password (\S+)", text)
    api_key = re.search(r"(ptk_\S+?)\"", text)
    assert staff, text
    assert password, text
    assert api_key, text
    german, english, arabic = links
    return Demo(url, german, english, arabic, staff[1], password[1], api_key[1], environment)


@pytest.fixture(scope="session")
def business(tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase) -> Iterator[ServedBusiness]:
    """A business with four customers, served until the last journey is over."""
    with serve_business(tmp_path_factory.mktemp("business"), prepared_database()) as opened:
        yield opened
