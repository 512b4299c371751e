"""Where clamd answers, which looks at files before they are kept: `PORTICO_CLAMD`."""

from urllib.parse import urlsplit


def clamd_address(text: str) -> str | tuple[str, int] | None:
    """Return the path of a socket, a host and its port, or None for an empty text; anything else stops the start."""
    if not text or text.startswith("/"):
        return text or None
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or "@" in text or "/" in text:
        raise SystemExit(f"PORTICO_CLAMD must be the path of a socket or host:port, not {text!r}.")
    return host, port
