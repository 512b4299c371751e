"""`portico serve` as a process of its own: one server for most of these tests."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.plugins.database import NewDatabase
from tests.server import Server, free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("serve") / "home", prepared_database())
    running.environment["PORTICO_WORKERS"] = "2"
    with running:
        yield running


@pytest.fixture(scope="module")
def acme(server: Server) -> Server:
    """The server, with a business."""
    words = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
    assert server.command(*words.split()).returncode == 0
    return server


def test_pages_and_their_files_are_answered(server: Server) -> None:
    page = httpx.get(f"{server.url}/accounts/login/")
    assert page.status_code == 200
    name = re.search(r"/static/portico/portico\.[0-9a-f]{12}\.css", page.text)
    assert name is not None
    css = httpx.get(server.url + name[0], headers={"Accept-Encoding": "br"})
    assert css.status_code == 200
    assert css.headers["Content-Encoding"] == "br"
    assert "immutable" in css.headers["Cache-Control"]
    assert css.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" not in httpx.get(f"{server.url}/static/portico/portico.css").headers["Cache-Control"]


def test_links_lead_to_where_it_answers(acme: Server) -> None:
    key = acme.command("apikey", "create", "--business", "acme", "--name", "Shop").stdout.strip()
    customer = {"external_id": "42", "name": "Ottokar"}
    made = httpx.post(f"{acme.url}/api/v1/customers", json=customer, headers={"Authorization": f"Bearer {key}"})
    assert made.status_code == 201
    link = acme.command("link", "42", "--business", "acme").stdout.strip()
    assert link.startswith(f"{acme.url}/portal/acme/s/")
    page = httpx.get(link, follow_redirects=True)
    assert page.status_code == 200
    assert str(page.url) == f"{acme.url}/portal/acme/"
    # Neither log knows the link's secret.
    assert link.rpartition("/")[2] not in acme.log.read_text()


def test_a_taken_port_is_refused_in_one_line(server: Server) -> None:
    second = server.command("serve", "--port", str(server.port))
    assert (second.returncode, second.stdout) == (2, "")
    line = f"portico: Port {server.port} is taken by another program. Choose another one with --port.\n"
    assert second.stderr == line


@pytest.mark.parametrize("words", [["serve"], ["demo", "--reset"]])
def test_a_second_one_in_the_same_home_is_refused_in_one_line(server: Server, words: list[str]) -> None:
    second = server.command(*words, "--port", str(free_port()))
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr.startswith("portico: ")
    assert second.stderr.count("\n") == 1
    assert f"served already, at {server.url}," in second.stderr
    # Links still lead to the first.
    assert Path(server.environment["PORTICO_HOME"], "address").read_text() == f"{server.url}\n"


def test_with_an_address_of_its_own_a_second_one_may_run(acme: Server) -> None:
    second = Server(Path(acme.environment["PORTICO_HOME"]), acme.environment["DATABASE_URL"])
    second.log = second.log.with_name("second.log")
    # What it says when it answers is its base address.
    second.environment |= {"PORTICO_BASE_URL": second.url, "PORTICO_WORKERS": "1"}
    with second:
        assert httpx.get(f"{second.url}/accounts/login/").status_code == 200
    assert Path(acme.environment["PORTICO_HOME"], "address").read_text() == f"{acme.url}\n"


def test_wrong_passwords_are_counted_over_all_its_processes(acme: Server) -> None:
    words = "staff create --business acme --email ida@acme.example --password"
    assert acme.command(*words.split(), "correct horse battery").returncode == 0

    def try_to_sign_in(password: str) -> bool:
        # A connection of its own, so that either process may get it.
        with httpx.Client(base_url=acme.url, timeout=60) as visitor:
            page = visitor.get("/accounts/login/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            assert token is not None
            form = {"csrfmiddlewaretoken": token[1], "login": "ida@acme.example", "password": password}
            return visitor.post("/accounts/login/", data=form).status_code == 302

    assert try_to_sign_in("correct horse battery")
    assert [try_to_sign_in("wrong") for _ in range(5)] == [False] * 5
    assert [try_to_sign_in("correct horse battery") for _ in range(8)] == [False] * 8


def test_a_worker_that_dies_is_started_again(server: Server) -> None:
    (before,) = [pid for pid, name in server.children().items() if "worker" in name]
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while not (after := [pid for pid, name in server.children().items() if "worker" in name and pid != before]):
        assert time.monotonic() < deadline
    assert len(after) == 1


@pytest.mark.parametrize("by_terminal", [False, True])
def test_it_stops_when_it_is_asked_to(server: Server, by_terminal: bool) -> None:
    children = list(server.children())
    assert httpx.get(f"{server.url}/accounts/login/").status_code == 200
    assert server.stop(by_terminal=by_terminal) == 0
    assert not any(_is_running(pid) for pid in children)
    log = server.log.read_text()
    assert "Traceback" not in log
    # Each process is told once. One that was told by the terminal too would be missed, and started again.
    assert log.count("starting it again") <= 1, "the worker that another test killed"
    server.start()


def test_its_processes_end_with_it(server: Server) -> None:
    children = list(server.children())
    assert children
    server.kill_only_the_program()
    # A process lets go of its files a moment before it is gone.
    deadline = time.monotonic() + 10
    while any(_is_running(pid) for pid in children):
        assert time.monotonic() < deadline
    # The port is free again.
    server.start()


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
