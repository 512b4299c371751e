"""A server of two processes, asked as programs and browsers ask it: keys that end, and bodies without a length."""

import http.client
import json
import select
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from portico.config.bodies import LARGEST
from portico.lib.clock import now
from tests.plugins.database import NewDatabase
from tests.server import Server

_FORM = "application/x-www-form-urlencoded"
_PIECE = b"x" * 65536


@dataclass
class Running:
    """A server with a business and one customer, and how to ask it."""

    server: Server
    key: str

    def chunked(self, method: str, path: str, pieces: Iterable[bytes], **headers: str) -> httpx.Response:
        """Send a body in chunks to the API; httpx does so for whatever is no bytes."""
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers}
        return httpx.request(method, f"{self.server.url}/api/v1{path}", content=iter(pieces), headers=sent, timeout=60)

    def raw(self, request: bytes) -> bytes:
        """Send bytes as they are, and return the status line of the answer; empty when the line was just closed."""
        with socket.create_connection(("localhost", self.server.port), timeout=30) as line:
            line.sendall(request)
            return line.makefile("rb").readline()

    def names(self) -> list[str]:
        answer = httpx.get(f"{self.server.url}/api/v1/customers", headers={"Authorization": f"Bearer {self.key}"})
        return sorted(row["name"] for row in answer.json()["data"])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("running")
    server = Server(folder / "home", prepared_database())
    server.environment["PORTICO_WORKERS"] = "2"
    with server:
        words = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
        assert server.command(*words.split()).returncode == 0
        running = Running(server, new_key(server, "Shop"))
        assert (
            running.chunked("POST", "/customers", [b'{"external_id": "42", ', b'"name": "Ottokar"}']).status_code == 201
        )
        yield running


def new_key(server: Server, name: str) -> str:
    return server.command("apikey", "create", "--business", "acme", "--name", name).stdout.strip()


@pytest.mark.both_databases
def test_revoked_key_is_refused_by_every_process_at_once(running: Running) -> None:
    headers = {"Authorization": f"Bearer {new_key(running.server, 'Leaked')}"}

    def statuses() -> set[int]:
        # Each on a line of its own, so that both processes answer some of them.
        return {httpx.get(f"{running.server.url}/api/v1/customers", headers=headers).status_code for _ in range(12)}

    assert statuses() == {200}
    assert running.server.command("apikey", "revoke", "Leaked", "--business", "acme").returncode == 0
    assert statuses() == {401}


def test_chunked_body_counts(running: Running) -> None:
    answer = running.chunked("POST", "/customers/42/sign_in_links", [b'{"expires_', b'in": 60}'])
    assert answer.status_code == 201
    ends = datetime.fromisoformat(answer.json()["expires_at"])
    assert ends - now() <= timedelta(seconds=60)


def test_unknown_field_in_a_chunked_body_is_refused(running: Running) -> None:
    answer = running.chunked("POST", "/customers/42/sign_in_links", [b'{"expire', b'_in": 60}'])
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_method_reads_its_chunks(running: Running, method: str) -> None:
    """A body that is no JSON is said to be none, or the method is not there: never is it taken for no body."""
    answer = running.chunked(method, "/customers", [b"{no", b" json"])
    assert answer.status_code in {400, 405}
    assert running.names() == ["Ottokar"]


def test_idempotency_key_with_another_chunked_body_is_refused(running: Running) -> None:
    path, key = "/customers/42/sign_in_links", {"Idempotency-Key": "once"}
    first = running.chunked("POST", path, [b'{"expires_in": 60}'], **key)
    again = running.chunked("POST", path, [b'{"expires_', b'in": 60}'], **key)
    other = running.chunked("POST", path, [b'{"expires_in": 61}'], **key)
    assert (first.status_code, again.json(), other.status_code) == (201, first.json(), 422)


def test_chunked_body_that_is_too_large_is_refused(running: Running) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(LARGEST // len(_PIECE) + 1):
            yield _PIECE

    try:
        answer = running.chunked("POST", "/customers", pieces())
    except httpx.WriteError:
        pass  # it hung up before all of it was sent
    else:
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert running.names() == ["Ottokar"]


@pytest.mark.parametrize("path", ["/portal/acme/sign-in", "/accounts/login/", "/customers/42/files"])
def test_chunked_forms_and_uploads_are_refused(running: Running, path: str) -> None:
    """No browser sends them; half of one, when the line breaks, must not be taken for a whole one."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx.post(running.server.url + path, content=iter([b"email=a", b"%40example.com"]), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize(
    "framing",
    [b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", b"Transfer-Encoding: gzip, chunked, x\r\n\r\n"],
    ids=["no number", "unknown coding"],
)
def test_malformed_chunks_change_nothing(running: Running, framing: bytes) -> None:
    head = f"POST /api/v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {running.key}\r\n".encode()
    status = running.raw(head + framing)
    assert not status or status.split()[1] in {b"400", b"422", b"501"}, status
    assert running.names() == ["Ottokar"]


def test_length_beside_chunks_is_not_believed(running: Running) -> None:
    body = json.dumps({"external_id": "43", "name": "Smuggled"}).encode()
    framing = b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    head = f"POST /api/v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {running.key}\r\n".encode()
    status = running.raw(head + b"Content-Type: application/json\r\n" + framing)
    # Taken whole, or refused whole; what follows is no request of its own.
    assert not status or status.split()[1] in {b"201", b"400"}, status


@pytest.mark.parametrize("charset", ["utf-16", "zip", "idna", "undefined", "nonsense"])
@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=x", _FORM])
@pytest.mark.parametrize("path", ["/api/v1/customers", "/accounts/login/", "/portal/acme/sign-in"])
def test_another_charset_is_refused_everywhere(running: Running, path: str, media_type: str, charset: str) -> None:
    headers = {"Content-Type": f"{media_type}; charset={charset}", "Authorization": f"Bearer {running.key}"}
    before = running.names()
    answer = httpx.post(running.server.url + path, content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert running.names() == before
    assert "Traceback" not in running.server.log.read_text()


@pytest.mark.parametrize("path", ["/api/v1/customers", "/accounts/login/"])
def test_who_is_refused_before_the_body_has_come_keeps_the_connection(running: Running, path: str) -> None:
    """The body arrives after its head, as many clients send it; the next request on the connection is answered."""
    with closing(http.client.HTTPConnection("localhost", running.server.port, timeout=30)) as connection:
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", "2")
        connection.endheaders()
        arrived, _, _ = select.select([connection.sock], [], [], 0.5)
        assert not arrived, "an answer before the body has come"
        connection.send(b"{}")
        refused = connection.getresponse()
        refused.read()
        assert (refused.status, refused.will_close) in {(401, False), (403, False)}
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()


def test_who_is_refused_with_a_large_body_is_told_that_the_connection_ends(running: Running) -> None:
    with closing(http.client.HTTPConnection("localhost", running.server.port, timeout=30)) as connection:
        connection.putrequest("POST", "/api/v1/customers")
        connection.putheader("Content-Length", str(2 * len(_PIECE)))
        connection.endheaders()
        connection.send(_PIECE)
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, answer.will_close) == (401, True)


def test_a_body_that_breaks_off_changes_nothing(running: Running) -> None:
    body = json.dumps({"external_id": "44", "name": "Half"}).encode()
    head = f"POST /api/v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {running.key}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body) + 10}\r\n\r\n"
    with socket.create_connection(("localhost", running.server.port), timeout=30) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_WR)
        status = line.makefile("rb").readline()
    assert not status or status.split()[1] == b"400", status
    assert "Half" not in running.names()
