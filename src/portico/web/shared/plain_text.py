"""What people write, as a page shows it: plain text in which web addresses can be followed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Nothing that is invisible or turns letters round may hide in an address that people follow.
_URL = re.compile(r"https?://[^\s<>\"'`|\\^{}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+", re.IGNORECASE)
_CLOSING = {")": "(", "]": "["}
_ENDS = ".,;:!?…»”’"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; one with a `url` is a link."""

    text: str
    url: str = ""


def pieces(text: str) -> list[Piece]:
    """Return a text in its parts, the web addresses in it apart."""
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    done = 0
    for match in _URL.finditer(text):
        url = _without_punctuation(match[0])
        if len(url) <= len("https://"):
            continue
        if match.start() > done:
            yield Piece(text[done : match.start()])
        yield Piece(url, url)
        done = match.start() + len(url)
    if done < len(text):
        yield Piece(text[done:])


def _without_punctuation(url: str) -> str:
    """Leave out what belongs to the sentence around an address, such as its full stop or the bracket it stands in."""
    while url:
        last = url[-1]
        unpaired = last in _CLOSING and url.count(last) > url.count(_CLOSING[last])
        if last not in _ENDS and not unpaired:
            break
        url = url[:-1]
    return url
