"""TLS: answered by the server itself, or by Caddy and nginx set up as docs/domains.md says."""

import datetime
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.server import Server, free_port

_DOCS = Path(__file__).parents[4] / "docs" / "domains.md"
_WITHIN = 60


def write_certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """Write a self-signed certificate for these names; returns the paths of its chain and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain_file, key_file = folder / "fullchain.pem", folder / "privkey.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for path, content in ((key_file, secret), (chain_file, certificate.public_bytes(serialization.Encoding.PEM))):
        draft = path.with_suffix(".new")
        draft.write_bytes(content)
        draft.replace(path)
    return chain_file, key_file


def handshake(port: int, version: ssl.TLSVersion, name: str = "portico.example.com") -> tuple[str, bytes]:
    """Connect with one version of TLS alone; returns what was agreed on and the certificate shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # Otherwise this side would refuse the old versions before the server can.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.maximum_version = context.minimum_version = version
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as secure,
    ):
        return secure.version() or "", secure.getpeercert(binary_form=True) or b""


def serves_modern_tls_alone(port: int) -> None:
    assert handshake(port, ssl.TLSVersion.TLSv1_2)[0] == "TLSv1.2"
    assert handshake(port, ssl.TLSVersion.TLSv1_3)[0] == "TLSv1.3"
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(OSError, match=r"SSL|alert|EOF|reset"):
            handshake(port, old)


def get(port: int, path: str, **headers: str) -> httpx.Response:
    """Request a page of portico.example.com at a port of this machine."""
    host = "portico.example.com"
    with httpx.Client(verify=False, timeout=30) as client:  # noqa: S501 - the certificate was made by the test
        return client.get(
            f"https://127.0.0.1:{port}{path}", headers={"Host": host, **headers}, extensions={"sni_hostname": host}
        )


def until(happens: object, what: str) -> None:
    """Wait until a function returns something true."""
    assert callable(happens)
    end, pause = time.monotonic() + _WITHIN, threading.Event()
    while not happens():
        assert time.monotonic() < end, what
        pause.wait(0.1)


class SecureServer(Server):
    """A server that ends TLS itself, or that a proxy does it for."""

    def __init__(self, home: Path, *, tls: tuple[Path, Path] | None = None, base: str = "") -> None:
        super().__init__(home)
        self.url = base or f"https://portico.example.com:{self.port}"
        self.environment |= {"PORTICO_BASE_URL": self.url, "PORTICO_TRUSTED_PROXIES": "127.0.0.1"}
        if tls:
            self.environment |= {"PORTICO_TLS_CERT": str(tls[0]), "PORTICO_TLS_KEY": str(tls[1])}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Portico behind a proxy, with a business that has no domain of its own."""
    home = tmp_path_factory.mktemp("behind") / "home"
    server = SecureServer(home, base="https://portico.example.com")
    with server:
        words = "business create --name Acme --slug acme --currency EUR --country DE --time-zone Europe/Berlin"
        assert server.command(*words.split()).returncode == 0
        yield server


def test_server_answers_in_tls_and_takes_renewed_files(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path, "portico.example.com")
    with SecureServer(tmp_path / "home", tls=certificate) as server:
        serves_modern_tls_alone(server.port)
        page = get(server.port, "/accounts/login/")
        assert page.status_code == 200
        assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
        assert "__Host-" in page.headers["Set-Cookie"]
        assert "Secure" in page.headers["Set-Cookie"]
        _, first = handshake(server.port, ssl.TLSVersion.TLSv1_3)
        # A pair that does not fit is said, and changes nothing.
        kept = certificate[1].read_bytes()
        certificate[1].write_text("no key")
        until(lambda: "is not renewed" in server.log.read_text(), "the log says so")
        assert get(server.port, "/accounts/login/").status_code == 200
        assert handshake(server.port, ssl.TLSVersion.TLSv1_3)[1] == first
        certificate[1].write_bytes(kept)
        write_certificate(tmp_path, "portico.example.com", "billing.example.org")
        until(lambda: _shows_another(server.port, first), "the new certificate is shown")
        assert get(server.port, "/accounts/login/").status_code == 200


def _shows_another(port: int, first: bytes) -> bool:
    try:
        return handshake(port, ssl.TLSVersion.TLSv1_3)[1] != first
    except OSError:
        return False


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--tls-cert", "{chain}"], "go together"),
        (["--tls-key", "{key}"], "go together"),
        (["--tls-cert", "{missing}", "--tls-key", "{key}"], "can't be read"),
        (["--tls-cert", "{key}", "--tls-key", "{chain}"], "are no certificate with its key"),
    ],
)
def test_files_that_can_not_be_used_stop_the_start_in_one_line(tmp_path: Path, given: list[str], said: str) -> None:
    chain, key = write_certificate(tmp_path, "portico.example.com")
    server = SecureServer(tmp_path / "home")
    words = [word.format(chain=chain, key=key, missing=tmp_path / "missing.pem") for word in given]
    done = server.command("serve", "--port", str(server.port), *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_certificate_without_an_https_address_is_refused(tmp_path: Path) -> None:
    chain, key = write_certificate(tmp_path, "portico.example.com")
    server = SecureServer(tmp_path / "home", base="http://portico.example.com")
    done = server.command("serve", "--tls-cert", str(chain), "--tls-key", str(key))
    assert done.returncode == 2
    assert "PORTICO_BASE_URL has to be the https:// address" in done.stderr


def examples(language: str) -> list[str]:
    """Return the examples in a language that docs/domains.md has."""
    return [str(found) for found in re.findall(rf"```{language}\n(.*?)```", _DOCS.read_text(), re.DOTALL)]


def example(language: str) -> str:
    """Return the only example in a language that docs/domains.md has."""
    (found,) = examples(language)
    return found


@pytest.fixture
def proxies() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that are ended after the test."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_nginx_as_documented(upstream: Server, tmp_path: Path, proxies: list[subprocess.Popen[bytes]]) -> None:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed here: apt-get install nginx-light")
    port = free_port()
    chain, key = write_certificate(tmp_path, "portico.example.com")
    block = (
        example("nginx")
        .replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        .replace("/etc/ssl/portico/fullchain.pem", str(chain))
        .replace("/etc/ssl/portico/privkey.pem", str(key))
        .replace("127.0.0.1:8000", f"127.0.0.1:{upstream.port}")
    )
    config = tmp_path / "nginx.conf"
    temp = "".join(
        f"{kind}_temp_path {tmp_path / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config.write_text(
        f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; {temp}\n{block}\n}}"
    )
    proxies.append(subprocess.Popen([program, "-p", str(tmp_path), "-c", str(config)]))
    _behaves_behind(port)
    assert get(port, "/internal/tls/ask?domain=portico.example.com").status_code == 404


def test_caddy_as_documented(upstream: Server, tmp_path: Path, proxies: list[subprocess.Popen[bytes]]) -> None:
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("Caddy is not installed here: apt-get install caddy")
    port = free_port()
    # Its own authority stands in for a public one, which could not reach this machine.
    options = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n"
    config = tmp_path / "Caddyfile"
    config.write_text(
        example("caddyfile")
        .replace("{\n", options, 1)
        .replace("https:// {", f"https://:{port} {{\n\tbind 127.0.0.1")
        .replace("\t\ton_demand\n", "\t\ton_demand\n\t\tissuer internal\n")
        .replace("127.0.0.1:8000", f"127.0.0.1:{upstream.port}")
    )
    command = [program, "run", "--config", str(config), "--adapter", "caddyfile"]
    with (tmp_path / "caddy.log").open("wb") as log:
        proxies.append(
            subprocess.Popen(
                command, env=os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}, stderr=log
            )
        )
    _behaves_behind(port)
    # There is no certificate for a name that nobody has proven.
    with pytest.raises(OSError, match=r"SSL|alert|EOF|reset"):
        handshake(port, ssl.TLSVersion.TLSv1_3, "evil.example.org")


def test_traefik_s_files_name_nothing_that_they_do_not_define() -> None:
    # Traefik itself comes from no registry that the tests could have it from.
    static, dynamic = (yaml.safe_load(text) for text in examples("yaml"))
    (router,) = dynamic["http"]["routers"].values()
    assert set(router["entryPoints"]) <= set(static["entryPoints"])
    assert router["tls"]["certResolver"] in static["certificatesResolvers"]
    assert dynamic["tls"]["options"][router["tls"]["options"]]["minVersion"] == "VersionTLS12"
    (server,) = dynamic["http"]["services"][router["service"]]["loadBalancer"]["servers"]
    assert server["url"] == "http://127.0.0.1:8000"
    assert static["entryPoints"]["web"]["http"]["redirections"]["entryPoint"]["to"] in static["entryPoints"]
    assert static["providers"]["file"]["filename"].endswith("/dynamic.yml")
    assert "!Path(`/internal/tls/ask`)" in router["rule"]


def _behaves_behind(port: int) -> None:
    """Check a proxy: modern TLS alone, HSTS, the host passed on, and not to be made up."""

    def answers() -> bool:
        try:
            return get(port, "/accounts/login/").status_code == 200
        except httpx.TransportError:
            return False

    until(answers, "the proxy answers")
    serves_modern_tls_alone(port)
    page = get(port, "/portal/acme/sign-in")
    assert page.status_code == 200
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    made_up = {"X-Forwarded-Host": "evil.example.org"}
    sent = get(port, "/portal/acme/sign-in", **made_up)
    assert sent.status_code == 200
    assert "evil.example.org" not in sent.text
