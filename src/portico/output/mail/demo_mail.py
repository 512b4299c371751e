"""Mail of the demonstration: written to a folder that the dashboard shows, and sent nowhere."""

import base64
import email
import os
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portico.output.mail.models import Message

_SHOWN = ("From", "To", "Reply-To", "Date", "Message-ID")


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail as it lies in the folder."""

    subject: str
    headers: list[tuple[str, str]]
    text: str
    html: str


class DemoMailBackend(BaseEmailBackend):
    """Keeps each mail as a file that its Message-ID names, readable by the owner only: secrets stand in it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        _folder().mkdir(mode=0o700, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            path = _path(str(message["Message-ID"]))
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message.as_bytes())
        return len(email_messages)


def read_demo_mail(message: Message) -> DemoMail | None:
    """Return a logged mail as it lies in the folder, or None when it does not."""
    try:
        content = _path(message.message_id).read_bytes()
    except FileNotFoundError:
        return None
    parsed = email.message_from_bytes(content, policy=policy.default)
    headers = [(name, str(parsed[name])) for name in _SHOWN if name in parsed]
    html = _part(parsed, "html")
    for part in parsed.iter_attachments():
        # A browser knows nothing of a mail's other parts: pictures stand in the HTML itself.
        if part["Content-ID"] and part.get_content_maintype() == "image":
            picture = f"data:{part.get_content_type()};base64,{base64.b64encode(part.get_content()).decode()}"
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", picture)
    return DemoMail(str(parsed["Subject"]), headers, _part(parsed, "plain"), html)


def _part(parsed: ParsedMessage, kind: str) -> str:
    part: Any = parsed.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _path(message_id: str) -> Path:
    name = message_id.partition("@")[0].removeprefix("<")
    assert name.replace("_", "").isalnum(), "a Message-ID begins with a public id"
    return _folder() / f"{name}.eml"


def _folder() -> Path:
    return Path(settings.PORTICO_HOME) / "outbox"
