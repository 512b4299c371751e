"""How the sandbox bank signs its webhooks."""

import hashlib
import hmac


def signature(secret: str, moment: str, body: bytes) -> str:
    """Return a webhook's signature: HMAC-SHA256 over `<seconds>.<body>`, in hexadecimal."""
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
