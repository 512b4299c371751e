"""Sending through a mail server, encrypted where it can be, and what the server's answers mean."""

import smtplib
import ssl
from functools import cached_property
from ipaddress import ip_address
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

# An answer's text about a recipient is kept for people to read; it was given before the mail itself was sent, so it
# can't repeat what stands in it.
_LONGEST_ANSWER = 200


class SmtpBackend(EmailBackend):
    """Django's own, with STARTTLS wherever the server offers it.

    The server has to prove its name, except on this machine. A password never goes over a line that isn't encrypted,
    except on this machine.
    """

    @property
    def connection_class(self) -> Any:
        return smtplib.SMTP_SSL if self.use_ssl else self._upgrading

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if _is_here(self.host):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _upgrading(self, host: str, port: int, **options: Any) -> smtplib.SMTP:
        connection = smtplib.SMTP(host, port, **options)
        try:
            connection.ehlo_or_helo_if_needed()
            if connection.has_extn("starttls"):
                connection.starttls(context=self.ssl_context)
            elif self.password and not _is_here(host):
                raise smtplib.SMTPNotSupportedError("The server offers no encryption, so the password is not sent.")
        except Exception:
            connection.close()
            raise
        return connection


def is_final(error: Exception) -> bool:
    """Tell whether trying again is in vain: the recipient or the mail itself was refused, not the connection."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def error_message(error: Exception) -> str:
    """Return one line about what went wrong, for the log of mail. It holds nothing of the mail's own text."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return _line(f"{code} {_decoded(answer)}")
    if isinstance(error, smtplib.SMTPDataError):
        # What the server says about the content may quote it: only its codes are kept.
        enhanced = _decoded(error.smtp_error).partition(" ")[0]
        return f"{error.smtp_code} {enhanced}" if enhanced.replace(".", "").isdigit() else str(error.smtp_code)
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(f"{error.smtp_code} {_decoded(error.smtp_error)}")
    return _line(str(error) or type(error).__name__)


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_ANSWER]


def _decoded(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
