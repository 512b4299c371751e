"""Killed at any moment: what was answered is there, and the books add up."""

import os
import re
import signal
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.faults import places
from tests.faults.installation import KillableServer
from tests.plugins.database import NewDatabase
from tests.postbox import open_postbox
from tests.server import Server

_ANSWERS_BEFORE_THE_KILL = 12
_ROUNDS = 2
_MAILS, _MAILS_BEFORE_THE_KILL = 60, 25


@pytest.mark.both_databases
def test_what_was_answered_survives_a_kill(tmp_path: Path, prepared_database: NewDatabase) -> None:
    with Server(tmp_path / "home", prepared_database()) as server:
        headers = _founded(server)
        answered: dict[str, int] = {}
        for round_number in range(_ROUNDS):
            with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60) as program:
                made = program.post("/customers", json={"external_id": "42", "name": "Ottokar"})
                assert made.status_code in {200, 201}
                answered |= _work_until_killed(server, program, round_number)
            server.start()
        with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60) as program:
            for number, open_amount in answered.items():
                kept = program.get(f"/invoices/{number}")
                assert kept.status_code == 200, number
                assert kept.json()["amount_due"] <= open_amount
        checked = server.command("check-ledger")
        assert checked.returncode == 0, checked.stdout
        assert len(answered) >= _ROUNDS * _ANSWERS_BEFORE_THE_KILL


@pytest.mark.both_databases
def test_many_mails_go_once_each_though_their_worker_is_killed(
    tmp_path: Path, prepared_database: NewDatabase, page: Page
) -> None:
    post, post_office = open_postbox()
    server = KillableServer(tmp_path / "home", prepared_database())
    server.environment |= {"PORTICO_EMAIL_URL": post.url, places.FOLDER_VARIABLE: str(tmp_path)}
    killed: list[int] = []

    def kill_the_worker() -> str:
        """Kill it while it hands over a mail, which the mail server has not taken then."""
        if len(post.mails) < _MAILS_BEFORE_THE_KILL or killed:
            return ""
        killed.extend(server.processes("worker"))
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        return "451 4.3.0 Nobody listens"

    post.before_taking = kill_the_worker
    with server, httpx.Client(base_url=f"{server.url}/api/v1", headers=_founded(server), timeout=60) as program:
        customer = {"external_id": "42", "name": "Ottokar", "email": "ottokar@example.com"}
        assert program.post("/customers", json=customer).status_code == 201
        for count in range(_MAILS):
            _write(program, f"M-{count:02}", {})
        _mail_all(page, server)
        mailed = Counter(mail.subject for mail in post.mails)
        assert mailed == Counter({f"Invoice M-{count:02} from Acme": 1 for count in range(_MAILS)})
        logged = program.get("/messages", params={"state": "sent", "limit": 100}).json()["data"]
        assert len({row["document"] for row in logged}) == len(logged) == _MAILS
    post_office.stop()
    assert killed


def _founded(server: Server) -> dict[str, str]:
    """Found a business with somebody on its staff, and return what its program sends along."""
    words = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
    assert server.command(*words.split()).returncode == 0
    staff = ("--email", "olga@acme.example", "--name", "Olga", "--password", "a long enough password")
    assert server.command("staff", "create", "--business", "acme", *staff).returncode == 0
    key = server.command("apikey", "create", "--business", "acme", "--name", "Shop").stdout.strip()
    return {"Authorization": f"Bearer {key}"}


def _mail_all(page: Page, server: Server) -> None:
    """Have all documents mailed, and watch until all of them are."""
    page.goto(f"{server.url}/documents")
    page.get_by_label("E-mail").fill("olga@acme.example")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=f"E-mail all {_MAILS}").click()
    page.get_by_role("button", name="Send").click()
    status = page.get_by_role("status")
    expect(status).to_have_text(re.compile(rf"^[1-9]\d? of {_MAILS}$"), timeout=30_000)
    expect(status).to_have_text(f"{_MAILS} of {_MAILS}", timeout=60_000)
    expect(page.get_by_text("All of them have ended.")).to_be_visible()


def _work_until_killed(server: Server, program: httpx.Client, round_number: int) -> dict[str, int]:
    """Write and pay invoices until the server is killed in the middle of it; returns what was answered."""
    answered: dict[str, int] = {}
    enough = threading.Event()

    def kill() -> None:
        assert enough.wait(60)
        server.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        for count in range(100_000):
            number = f"R{round_number}-{count}"
            _write(program, number, answered)
            _pay(program, number, answered)
            if len(answered) == _ANSWERS_BEFORE_THE_KILL:
                enough.set()
    except httpx.TransportError:
        pass
    finally:
        enough.set()
        killer.join()
    return answered


def _write(program: httpx.Client, number: str, answered: dict[str, int]) -> None:
    line = {"description": "Work", "quantity": "2", "unit_price": "50.00", "tax_rate": "19"}
    invoice = {"customer": "42", "number": number, "issued_on": "2026-01-05", "currency": "EUR", "lines": [line]}
    made = program.post("/invoices", json=invoice)
    assert made.status_code == 201, made.text
    answered[number] = 11900


def _pay(program: httpx.Client, number: str, answered: dict[str, int]) -> None:
    payment = {"customer": "42", "amount": 4000, "currency": "EUR", "paid_on": "2026-01-06", "method": "bank_transfer"}
    made = program.post("/payments", json=payment | {"allocations": [{"invoice": number, "amount": 4000}]})
    assert made.status_code == 201, made.text
    answered[number] = 7900
