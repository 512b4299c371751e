"""Keeps secrets out of the logs, whatever line they would have stood in."""

import logging
import re

# What `portico.lib.ids.new_secret` makes, with any prefix; signed tokens; whatever stands where a link's secret does.
_SECRETS = re.compile(r"\b([a-z]{2,4})_[\w-]{43}[0-9a-z]{7}\b")
_TOKENS = re.compile(r"\beyJ[\w-]+\.[\w-]*\.[\w-]*")
_LINKS = re.compile(
    r"((?:[?&]setup=|/(?:s|login|unsubscribe|email|email-undo|pay/back|accounts/(?:invitation|password/reset)"
    r"|sign-in(?!/(?:code|account)(?:[\s\"'?/]|$)))/))[^\s\"'?/]+"
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def masked(text: str) -> str:
    """Return the text with every secret of links, sessions and keys replaced by `…`."""
    return _LINKS.sub(r"\1…", _TOKENS.sub("eyJ…", _SECRETS.sub(r"\1_…", text)))


class MaskingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and masks what must not be kept."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class AccessFormatter(MaskingFormatter):
    """Formats a request as one line, whatever its path holds."""

    def format(self, record: logging.LogRecord) -> str:
        return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", super().format(record))
