"""Trying the mail server step by step, for an operator who wants to know where it fails."""

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import dns.exception
import dns.resolver
from django.conf import settings
from django.core.mail import mailers

from portico.lib.clock import now
from portico.output.mail.smtp import SmtpBackend, error_message

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trial: what was tried, whether it went well (None: it could not be said), and what was seen."""

    name: str
    ok: bool | None
    seen: str


def try_server(backend: SmtpBackend, to: str) -> Iterator[Step]:
    """Yield each step of sending a mail through a server; the first that fails is the last."""
    host, port = backend.host, backend.port
    try:
        found = sorted({str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except OSError as error:
        yield Step("DNS", False, f"{host} has no address: {error_message(error)}")
        return
    yield Step("DNS", True, f"{host} is {', '.join(found)}")
    yield from _converse(backend, to)


def _converse(backend: SmtpBackend, to: str) -> Iterator[Step]:
    connection: smtplib.SMTP | None = None
    step = "Connection"
    try:
        if backend.use_ssl:
            connection = smtplib.SMTP_SSL(
                backend.host, backend.port, timeout=backend.timeout or _SECONDS, context=backend.ssl_context
            )
        else:
            connection = smtplib.SMTP(backend.host, backend.port, timeout=backend.timeout or _SECONDS)
        yield Step(step, True, f"port {backend.port} answers")
        step = "Encryption"
        connection.ehlo_or_helo_if_needed()
        yield _encrypted(connection, backend)
        step = "Login"
        if backend.username:
            connection.login(backend.username, backend.password)
        yield Step(step, True, f"as {backend.username}" if backend.username else "none is set")
        step = "Sender"
        _accepted(connection.mail(settings.PORTICO_EMAIL_FROM))
        yield Step(step, True, settings.PORTICO_EMAIL_FROM)
        step = "Recipient"
        _accepted(connection.rcpt(to))
        yield Step(step, True, to)
        step = "Mail"
        _accepted(connection.data(_mail(to).as_bytes()))
        yield Step(step, True, "taken; look whether it arrives, and whether as spam")
    except OSError as error:
        yield Step(step, False, error_message(error))
    finally:
        if connection is not None:
            connection.close()


def _encrypted(connection: smtplib.SMTP, backend: SmtpBackend) -> Step:
    if backend.use_ssl:
        return Step("Encryption", True, "TLS from the beginning")
    if not connection.has_extn("starttls"):
        if backend.password:
            raise smtplib.SMTPNotSupportedError("The server offers no encryption, so the password is not sent.")
        return Step("Encryption", None, "the server offers none")
    connection.starttls(context=backend.ssl_context)
    connection.ehlo()
    return Step("Encryption", True, "STARTTLS")


def _accepted(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code >= 400:
        raise smtplib.SMTPResponseException(code, text)


def _mail(to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.PORTICO_EMAIL_FROM, to
    mail["Subject"] = "A test of Portico"
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(domain=settings.PORTICO_EMAIL_FROM.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("Portico can send mail. Nobody needs to do anything.")
    return mail


def check_domain(domain: str, selector: str = "") -> Iterator[Step]:
    """Yield what the sender's domain says of who may send for it: SPF, DKIM where a selector is known, and DMARC."""
    yield _record("SPF", domain, "v=spf1")
    if selector:
        yield _record("DKIM", f"{selector}._domainkey.{domain}", "p=")
    yield _record("DMARC", f"_dmarc.{domain}", "v=dmarc1")


def _record(name: str, place: str, holds: str) -> Step:
    try:
        answer = dns.resolver.resolve(place, "TXT", lifetime=_SECONDS)
        texts = [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        texts = []
    except (dns.exception.DNSException, OSError) as error:
        return Step(name, None, f"{place} could not be asked: {type(error).__name__}")
    found = [text for text in texts if holds in text.lower()]
    if len(found) == 1:
        return Step(name, True, found[0][:200])
    return Step(name, False, f"{place} has several, which counts as none" if found else f"{place} has none")


def backend_in_use() -> SmtpBackend | None:
    """Return the mail server that is set; None where there is none, or mail goes elsewhere."""
    backend = mailers.default if "default" in mailers else None
    return backend if isinstance(backend, SmtpBackend) else None
