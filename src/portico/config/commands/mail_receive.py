import sys

import click

from portico.config.command import Command
from portico.domain.conversations.errors import TooManyComments
from portico.intake.actions.receive_mail import receive_mail
from portico.intake.mail.reply import LARGEST, Unreadable, read_reply
from portico.lib.errors import Invalid, NotFound

# What mail servers make of it: sysexits.h.
_BAD_DATA, _NO_USER, _TRY_LATER = 65, 67, 75


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
    content = sys.stdin.buffer.read(LARGEST + 1)
    if len(content) > LARGEST:
        return _said("The mail is larger than 25 MB.", _BAD_DATA)
    try:
        said = receive_mail(read_reply(content))
    except (Unreadable, Invalid) as error:
        return _said(str(error), _BAD_DATA)
    except NotFound as error:
        return _said(error.message, _NO_USER)
    except TooManyComments as error:
        return _said(error.message, _TRY_LATER)
    return _said(f"Kept as {said.public_id}." if said else "Ignored: no person wrote it.", 0)


def _said(words: str, status: int) -> int:
    click.echo(words, err=True)
    return status
