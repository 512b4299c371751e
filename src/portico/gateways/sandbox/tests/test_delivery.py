"""The sandbox's webhooks reach Portico where it is served, whenever that is."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pytest_django import Settings

from conftest import Clock
from portico.domain.payments.gateway import ChargeInput, Credentials
from portico.gateways.sandbox.connection import bank
from portico.gateways.sandbox.gateway import SandboxGateway
from tests.server import free_port

_PATH = "/webhooks/gateways/sandbox/nordlicht"


class Portico(HTTPServer):
    """Takes webhooks, and keeps the path and the charge of each."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.taken: list[tuple[str, str]] = []
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self) -> "Portico":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Portico

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((self.path, body["key"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each."""


@pytest.fixture
def gateway(settings: Settings, tmp_path: Path, clock: Clock) -> Iterator[SandboxGateway]:
    """A gateway that was asked for a charge while Portico meant to be served at another port."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    gateway = SandboxGateway()
    before = f"http://localhost:{free_port()}{_PATH}"
    typed = {"cardholder": "Ada", "card_number": "4242 4242 4242 4242", "card_expiry": "12/30", "card_cvc": "123"}
    asked = ChargeInput("key-1", 10000, "EUR", "card", "INV-1", "http://localhost/back", details=typed)
    gateway.charge(Credentials("gw_1", "gw_1", {}, {"webhook_secret": "secret"}, before), asked)
    yield gateway
    bank.cache_clear()


def test_webhooks_go_where_portico_is_served_now(gateway: SandboxGateway, settings: Settings) -> None:
    with Portico(0) as portico:
        settings.PORTICO_BASE_URL = f"http://127.0.0.1:{portico.server_port}"
        gateway.keep_up()
        gateway.keep_up()
    assert portico.taken == [(_PATH, "key-1")]


@pytest.mark.parametrize(("times", "minutes"), [(1, 1), (60, 60)], ids=["a slow start", "a weekend"])
def test_what_nobody_took_is_posted_again(
    gateway: SandboxGateway, settings: Settings, clock: Clock, times: int, minutes: int
) -> None:
    port = free_port()
    settings.PORTICO_BASE_URL = f"http://127.0.0.1:{port}"
    for _ in range(times):
        gateway.keep_up()
        clock.advance(minutes=minutes)
    with Portico(port) as portico:
        gateway.keep_up()
    assert portico.taken == [(_PATH, "key-1")]
