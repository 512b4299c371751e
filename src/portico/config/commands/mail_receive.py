import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from portico.config.command import Command
from portico.intake.mail.reply import LARGEST
from portico.web.webhooks.incoming_mail import Outcome, take_in

# What mail servers make of it: sysexits.h.
_BAD_DATA = 65
_AGAIN_LATER = 75
_STATUS = {Outcome.DONE: 0, Outcome.BAD: _BAD_DATA, Outcome.UNKNOWN: 67, Outcome.LATER: _AGAIN_LATER}

# Many times what any mail takes.
_SECONDS = 20


class _TookTooLong(Exception):
    """The time is up."""


@click.command("receive", cls=Command)
def command() -> int:
    """Take in the mail on standard input: an answer to a mail about a message, or a report that a mail came back.

    An answer becomes a message; a mail server's report is noted in the log of mail. Answering machines are ignored. The
    exit status tells a mail server what to do: 0 done, 65 no mail that can be read, 67 no such address or mail, 75 try
    again later.

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
    handled = take_in(sys.stdin.buffer.read(LARGEST + 1))
    return _said(handled.message, _STATUS[handled.outcome])


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
