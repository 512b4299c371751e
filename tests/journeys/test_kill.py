"""Killed at any moment: what was answered is there, and the books add up."""

import threading
from pathlib import Path

import httpx

from tests.plugins.database import NewDatabase
from tests.server import Server

_ANSWERS_BEFORE_THE_KILL = 12
_ROUNDS = 2


def test_what_was_answered_survives_a_kill(tmp_path: Path, new_database: NewDatabase) -> None:
    with Server(tmp_path / "home", new_database()) as server:
        words = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
        assert server.command(*words.split()).returncode == 0
        key = server.command("apikey", "create", "--business", "acme", "--name", "Shop").stdout.strip()
        headers = {"Authorization": f"Bearer {key}"}
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
