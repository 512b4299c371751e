import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from portico.config.command import Command
from portico.domain.conversations.errors import TooManyComments
from portico.domain.files.errors import FileRefused
from portico.intake.actions.receive_mail import receive_mail
from portico.intake.mail.reply import LARGEST, Unreadable
from portico.lib.errors import Invalid, NotFound

# What mail servers make of it: sysexits.h.
_BAD_DATA, _NO_USER, _TRY_LATER = 65, 67, 75

# Many times what any mail takes.
_SECONDS = 20


class _TookTooLong(Exception):
    """The time is up."""


@click.command("receive", cls=Command)
def command() -> int:
    """Make a message of the mail on standard input: an answer to a mail about a message.

    Answering machines are ignored. The exit status tells a mail server what to do: 0 done, 65 no mail that can be read,
    67 no such address, 75 try again later.

    \b
    Example:
      portico mail receive < answer.eml

    \b
    In Postfix's /etc/aliases, with recipient_delimiter = +:
      reply: "|portico mail receive"
    """
    try:
        with _within(_SECONDS):
            return _received()
    except _TookTooLong:
        return _said(f"The mail can't be read within {_SECONDS} seconds.", _BAD_DATA)


def _received() -> int:
    content = sys.stdin.buffer.read(LARGEST + 1)
    if len(content) > LARGEST:
        return _said("The mail is larger than 25 MB.", _BAD_DATA)
    try:
        said = receive_mail(content)
    except (Unreadable, Invalid, FileRefused) as error:
        return _said(str(error), _BAD_DATA)
    except NotFound as error:
        return _said(error.message, _NO_USER)
    except TooManyComments as error:
        return _said(error.message, _TRY_LATER)
    return _said(f"Kept as {said.public_id}." if said else "Ignored: no person wrote it.", 0)


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raise _TookTooLong in the block when the time is up."""

    def stop(_number: int, _frame: object) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _said(words: str, status: int) -> int:
    click.echo(words, err=True)
    return status
