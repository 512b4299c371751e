"""A real mail server on this machine, and the mail that reached it, opened. Tests get it as `postbox`."""

import email
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from threading import Condition

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.server import free_port

# Seconds. A worker notices what was announced within one; a machine that runs a whole suite is slower.
_PATIENCE = 30


@dataclass(frozen=True)
class Received:
    """A mail as it arrived: to whom, the mail itself, whether the line was encrypted, and who had signed in."""

    recipients: list[str]
    message: EmailMessage
    encrypted: bool
    login: object

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"it has no {kind} part"
        return str(part.get_content())


@dataclass
class Postbox:
    """A mail server with one box for everybody.

    `refuse_recipients` and `refuse_content` hold the answers it gives instead of accepting, such as `451 4.7.1 Later`.
    `before_taking` is called with each mail before it is taken, and returns such an answer or nothing.
    """

    mails: list[Received] = field(default_factory=list)
    refuse_recipients: str = ""
    refuse_content: str = ""
    before_taking: Callable[[], str] = str
    port: int = 0
    _arrival: Condition = field(default_factory=Condition, repr=False)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def the_only(self) -> Received:
        """Return the one mail that has arrived."""
        [mail] = self.mails
        return mail

    def wait_for(self, recipient: str, number: int = 1) -> Received:
        """Return the mail to an address that is the `number`th, as soon as it is there."""

        def found() -> list[Received]:
            return [mail for mail in self.mails if mail.recipients == [recipient]]

        with self._arrival:
            assert self._arrival.wait_for(lambda: len(found()) >= number, _PATIENCE), f"no mail to {recipient}"
        return found()[number - 1]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse_recipients:
            return self.refuse_recipients
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        refused = self.refuse_content or self.before_taking()
        if refused:
            return refused
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        recipients = [str(address) for address in envelope.rcpt_tos]
        with self._arrival:
            self.mails.append(Received(recipients, parsed, session.ssl is not None, session.auth_data))
            self._arrival.notify_all()
        return "250 OK"


def open_postbox(*, tls: ssl.SSLContext | None = None, login: bool = False) -> tuple[Postbox, Controller]:
    """Start a server: with STARTTLS when it has a certificate, with a login when asked for one. Stop it in the end."""
    # It would write of every connection, at the end to where nothing can be written any more.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    postbox = Postbox(port=free_port())
    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=postbox.port,
        tls_context=tls,
        authenticator=_authenticate if login else None,
        auth_require_tls=tls is not None,
    )
    controller.start()
    return postbox, controller


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given.password == b"right", handled=False, auth_data=given.login)
