"""Mail from `portico serve` as a process of its own: from a click in the dashboard to a mail server."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.plugins.database import NewDatabase
from tests.postbox import Postbox, open_postbox
from tests.server import Server

_PASSWORD = "a long enough password"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def box() -> Iterator[Postbox]:
    """A mail server outside the product."""
    box, server = open_postbox()
    yield box
    server.stop()


@pytest.fixture
def shop(tmp_path: Path, prepared_database: NewDatabase, box: Postbox) -> Iterator[Server]:
    """A server that mails to the box, with a business, its staff and a customer."""
    server = Server(tmp_path / "home", prepared_database())
    server.environment |= {"PORTICO_EMAIL_URL": box.url, "PORTICO_EMAIL_FROM": "post@acme.example"}
    with server:
        words = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
        assert server.command(*words.split()).returncode == 0
        made = server.command(
            "staff", "create", "--business", "acme", "--email", "ida@acme.example", "--password", _PASSWORD
        )
        assert made.returncode == 0
        yield server


def test_a_click_becomes_a_mail_within_seconds(shop: Server, box: Postbox) -> None:
    key = shop.command("apikey", "create", "--business", "acme", "--name", "Shop").stdout.strip()
    customer = {"external_id": "42", "name": "Ottokar", "email": "ap@ottokar.example"}
    made = httpx.post(f"{shop.url}/api/v1/customers", json=customer, headers={"Authorization": f"Bearer {key}"})
    assert made.status_code == 201
    with httpx.Client(base_url=shop.url, follow_redirects=True) as staff:
        _post(staff, "/accounts/login/", login="ida@acme.example", password=_PASSWORD)
        clicked = time.monotonic()
        answer = _post(staff, "/settings/portal/tokens", do="mail", customer=_row(staff), confirmed="yes")
        assert "1 link is on its way." in answer.text
    mail = box.wait_for("ap@ottokar.example")
    assert time.monotonic() - clicked < 10, "generous: the machine may be busy with a whole suite"
    assert mail.message["From"].addresses[0].addr_spec == "post@acme.example"
    link = re.search(rf"{shop.url}/portal/acme/s/\S+", mail.text)
    assert link is not None
    assert httpx.get(link[0], follow_redirects=True).status_code == 200
    assert link[0].rpartition("/")[2] not in shop.log.read_text()


def _post(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    token = _TOKEN.search(client.get(path).text)
    assert token is not None
    answer = client.post(path, data={"csrfmiddlewaretoken": token[1], **fields})
    assert answer.status_code == 200, answer.text
    return answer


def _row(client: httpx.Client) -> str:
    found = re.search(r'name="customer" value="(\w+)"', client.get("/settings/portal/tokens").text)
    assert found is not None
    return found[1]
