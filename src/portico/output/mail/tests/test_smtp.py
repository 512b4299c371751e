"""Encryption and passwords on the way to the mail server."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from portico.config.mailers import mailers
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.output.mail.actions.send import send
from portico.output.mail.emails import PortalLink
from portico.output.mail.errors import NotSentYet
from portico.output.mail.models import Message
from portico.output.mail.tests.samples import DAY, URL
from tests.postbox import Postbox, open_postbox


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate of one's own making, as a server on this machine has it."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    _write_certificate(path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def guarded(certificate: ssl.SSLContext) -> Iterator[Postbox]:
    """A server with STARTTLS that wants a login."""
    box, server = open_postbox(tls=certificate, login=True)
    yield box
    server.stop()


def _mail(settings: Settings, url: str, event: Activity, acme: Customer) -> None:
    settings.MAILERS = mailers(url)
    email = PortalLink(URL, DAY)
    send(PortalLink, lambda: email, about=event, to=acme.email, business=acme.business, customer=acme)


def test_a_line_is_encrypted_where_the_server_offers_it(
    settings: Settings, guarded: Postbox, event: Activity, acme: Customer
) -> None:
    _mail(settings, f"smtp://portico:right@127.0.0.1:{guarded.port}", event, acme)
    arrived = guarded.the_only()
    assert arrived.encrypted
    assert arrived.login == b"portico"


def test_a_wrong_password_is_tried_again_as_it_may_be_put_right(
    settings: Settings, guarded: Postbox, event: Activity, acme: Customer
) -> None:
    with pytest.raises(NotSentYet):
        _mail(settings, f"smtp://portico:wrong@127.0.0.1:{guarded.port}", event, acme)
    logged = Message.objects.get()
    assert logged.state == "queued"
    assert logged.error.startswith("535 5.7.8")
    assert guarded.mails == []


def test_a_certificate_nobody_vouches_for_is_refused_elsewhere(
    settings: Settings, guarded: Postbox, event: Activity, acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _as_elsewhere(monkeypatch)
    with pytest.raises(NotSentYet):
        _mail(settings, f"smtp://portico:right@127.0.0.1:{guarded.port}", event, acme)
    assert "CERTIFICATE_VERIFY_FAILED" in Message.objects.get().error
    assert guarded.mails == []


def test_a_password_does_not_leave_this_machine_in_the_open(
    settings: Settings, postbox: Postbox, event: Activity, acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _as_elsewhere(monkeypatch)
    with pytest.raises(NotSentYet):
        _mail(settings, f"smtp://portico:right@127.0.0.1:{postbox.port}", event, acme)
    assert "no encryption" in Message.objects.get().error
    assert postbox.mails == []


def _as_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loopback address count as another machine's: tests have no other machine."""
    monkeypatch.setattr("portico.output.mail.smtp._is_here", lambda _host: False)


def _write_certificate(path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)  # noqa: TID251 - certificates are checked against the machine's own time
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(certificate.public_bytes(pem) + private)
