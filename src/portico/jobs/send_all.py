"""Sending the mails about one activity, to several people."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack


def send_all(sends: Iterable[Callable[[], None]]) -> None:
    """Send in this order; all are tried, though a mail server makes one of them wait. Raises what the last such did."""
    with ExitStack() as mails:
        for one in reversed(list(sends)):
            mails.callback(one)
