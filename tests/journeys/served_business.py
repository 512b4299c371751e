"""A served business with customers and a real mail server, for the journeys."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.postbox import Postbox, open_postbox
from tests.server import Server

# Where answers by mail go.
REPLIES = "reply@nordlicht.example"


@dataclass(frozen=True)
class ServedBusiness:
    """A served business and the mail server of its customers."""

    portal: str
    post: Postbox
    server: Server
    api_key: str

    def api(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """Ask the API of this installation as its program."""
        keyed = {"Authorization": f"Bearer {self.api_key}"}
        answer = httpx.request(method, f"{self.server.url}/api/v1/{path}", json=body or None, headers=keyed, timeout=60)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def mailed(self, address: str) -> tuple[str, str]:
        """The link and the code of the mail to an address."""
        text = self.post.wait_for(address).text
        link = re.search(rf"{re.escape(self.portal)}sign-in/ch_[\w-]+", text)
        code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
        assert link, text
        assert code, text
        return link[0], code[0]


@contextmanager
def serve_business(home: Path, database: str, **environment: str) -> Iterator[ServedBusiness]:
    """Serve Nordlicht with four customers: Anna, who keeps the books of Berta too, Carl and Dora."""
    post, post_office = open_postbox()
    server = Server(home, database)
    server.environment |= {"PORTICO_EMAIL_URL": post.url, "PORTICO_REPLY_ADDRESS": REPLIES, **environment}
    with server:
        words = (
            "business create --name Nordlicht --slug nordlicht --currency EUR --country DE --time-zone Europe/Berlin"
        )
        assert server.command(*words.split()).returncode == 0
        key = server.command("apikey", "create", "--business", "nordlicht", "--name", "Shop").stdout.strip()
        books = {"name": "Frau Adler", "email": "anna@example.com"}
        for body in (
            {"name": "Anna Adler", "email": "anna@example.com"},
            {"name": "Berta Brand", "email": "berta@example.com", "contacts": [books]},
            {"name": "Carl Conrad", "email": "carl@example.com"},
            {"name": "Dora Dahl", "email": "dora@example.com", "external_id": "dora"},
        ):
            made = httpx.post(
                f"{server.url}/api/v1/customers", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=60
            )
            assert made.status_code == 201
        yield ServedBusiness(f"{server.url}/portal/nordlicht/", post, server, key)
    post_office.stop()
