"""Asking clamd, the daemon of ClamAV, whether a content holds a virus: https://docs.clamav.net (INSTREAM)."""

import logging
import socket
import struct
from typing import IO

from django.conf import settings

from portico.domain.files.content import pieces_of
from portico.domain.files.errors import FileRefused
from portico.lib.faults import Fault, Unavailable, note

_logger = logging.getLogger(__name__)

# For each step, in seconds: an archive takes its time.
_WITHIN = 30
# More than any answer: a name and a word.
_LONGEST = 4096


def refuse_infected(content: IO[bytes]) -> None:
    """Have a content looked at, if the settings name a clamd.

    Raises FileRefused for what holds a virus, and Unavailable when nobody says that it holds none.
    """
    if settings.PORTICO_CLAMD is None:
        return
    try:
        answer = _answer(settings.PORTICO_CLAMD, content)
    except OSError as error:
        note(Fault.SCANNER, error)
        raise Unavailable(Fault.SCANNER) from error
    if answer.endswith(" FOUND"):
        _logger.warning("A file was refused: clamd says %s", answer)
        raise FileRefused("A virus was found in the file.", code="file_infected")
    if answer != "stream: OK":
        strange = ValueError(f"clamd answers {answer!r}")
        note(Fault.SCANNER, strange)
        raise Unavailable(Fault.SCANNER) from strange


def _answer(address: str | tuple[str, int], content: IO[bytes]) -> str:
    """Send a content piece by piece, each behind its length, and return what clamd says of it."""
    with _connected(address) as line:
        line.settimeout(_WITHIN)
        try:
            line.sendall(b"zINSTREAM\0")
            for piece in pieces_of(content):
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It has said already what is wrong, such as more than it takes, and hung up.
            pass
        said = b""
        while b"\0" not in said and len(said) < _LONGEST and (piece := line.recv(_LONGEST)):
            said += piece
    return said.partition(b"\0")[0].decode("ascii", "replace")


def _connected(address: str | tuple[str, int]) -> socket.socket:
    if isinstance(address, tuple):
        return socket.create_connection(address, timeout=3)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(3)
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line
