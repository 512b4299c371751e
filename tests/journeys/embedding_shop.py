"""A portal over TLS and, at a second site, the shop of examples/ that shows it in a frame: served for the journeys."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from portico.config.tests.test_tls import SecureServer, write_certificate
from tests.server import free_port

_EXAMPLE = Path(__file__).parents[2] / "examples" / "embedded_shop" / "shop.py"
_EXPIRE = """
from portico.domain.access.models import Grant, PortalSession
from portico.lib.clock import now
PortalSession.objects.update(expires_at=now()); Grant.objects.update(expires_at=now())
"""
_REGISTER = """
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.businesses.models import Business
change_embedding(Business.objects.get(), {origins!r}, by=OPERATOR)
"""
_SWITCH = """
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
change_portal_settings(Business.objects.get(), {{"portal_enabled": {opened}}}, by=OPERATOR)
"""
_END = """
from datetime import timedelta
from portico.domain.access.models import PortalSession
from portico.lib.clock import now
PortalSession.objects.update(expires_at=now() + timedelta(seconds={seconds}))
"""


@dataclass(frozen=True)
class Shop:
    """The shop's address, the address of a site that is not registered but shows the same page, and the portal."""

    url: str
    unregistered: str
    portal: str
    server: SecureServer
    api_key: str

    def api(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """Ask the portal's API as the shop's program."""
        keyed = {"Authorization": f"Bearer {self.api_key}"}
        with httpx.Client(verify=False, timeout=60) as client:  # noqa: S501 - the certificate was made by the test
            answer = client.request(method, f"{self.server.url}/api/v1/{path}", json=body or None, headers=keyed)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def invoice(self) -> str:
        """Issue an invoice over 119.00 to the customer, and return its number."""
        line = {"description": "Fence", "quantity": "1", "unit_price": "119.00", "tax_rate": "0"}
        made = self.api("POST", "invoices", customer="acme", issued_on="2026-11-20", currency="EUR", lines=[line])
        return str(made["number"])

    def run(self, code: str) -> str:
        """Run code of the domain beside the server, and return what it prints."""
        done = self.server.command("manage", "shell", "-v", "0", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def expire(self) -> None:
        """Let every session and link be over, as after twelve hours."""
        self.run(_EXPIRE)

    def end_in(self, seconds: int) -> None:
        """Let every session end soon; links stay good."""
        self.run(_END.format(seconds=seconds))

    def open_portal(self, *, opened: bool) -> None:
        """Turn the portal's master switch on or off."""
        self.run(_SWITCH.format(opened=opened))

    def register(self, *origins: str) -> None:
        """Set the sites that may show the portal."""
        self.run(_REGISTER.format(origins=list(origins)))


@contextmanager
def serve_shop(folder: Path, **settings: str) -> Iterator[Shop]:
    """Serve both, the portal with some settings of its environment.

    The portal is at localhost and the shop at shop.localhost, which are two sites to a browser.
    """
    tls = write_certificate(folder, "localhost", "shop.localhost", "other.localhost")
    server = SecureServer(folder / "home", tls=tls)
    server.url = server.environment["PORTICO_BASE_URL"] = f"https://localhost:{server.port}"
    server.environment |= settings
    port = free_port()
    with server:
        words = (
            "business create --name Nordlicht --slug nordlicht --currency EUR --country DE --time-zone Europe/Berlin"
        )
        assert server.command(*words.split()).returncode == 0
        assert server.command("gateway", "add", "sandbox", "--business", "nordlicht").returncode == 0
        key = server.command("apikey", "create", "--business", "nordlicht", "--name", "Shop").stdout.strip()
        urls = (f"https://shop.localhost:{port}", f"https://other.localhost:{port}")
        shop = Shop(*urls, f"{server.url}/portal/nordlicht/", server, key)
        shop.api("POST", "customers", name="Acme GmbH", email="acme@example.com", external_id="acme")
        shop.register(shop.url)
        environment = {
            **os.environ,
            "PORTICO_URL": server.url,
            "PORTICO_KEY": key,
            "PORTICO_CUSTOMER": "acme",
            "PORT": str(port),
            "TLS_CERT": str(tls[0]),
            "TLS_KEY": str(tls[1]),
            # The example trusts the certificate that the test has made.
            "SSL_CERT_FILE": str(tls[0]),
        }
        with (folder / "shop.log").open("w") as log:
            process = subprocess.Popen([sys.executable, str(_EXAMPLE)], env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port, process)
            yield shop
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end, pause = time.monotonic() + 60, threading.Event()
    while time.monotonic() < end:
        assert process.poll() is None, "the shop does not start"
        try:
            httpx.get(f"https://localhost:{port}/nowhere", verify=False)  # noqa: S501 - as above
        except httpx.TransportError:
            pause.wait(0.1)
        else:
            return
    raise AssertionError("the shop does not answer")
