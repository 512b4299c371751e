"""What a verification's mail and the browser that asked for it are known by, and how each is stored."""

from hmac import compare_digest

from portico.domain.access.models import EmailVerification
from portico.lib.ids import new_secret, well_formed

LINK, CODE, BROWSER = "challenge_link", "challenge_code", "challenge_browser"
LINK_PREFIX = "ch"
BROWSER_PREFIX = "br"


def new_browser() -> str:
    """Return a token by which a browser is known again as the one that asked. It belongs in an HttpOnly cookie."""
    return new_secret(BROWSER_PREFIX)


def is_browser(token: str) -> bool:
    """Tell whether a cookie's value is such a token."""
    return well_formed(token, BROWSER_PREFIX)


def is_among(stored: str, forms: list[str]) -> bool:
    """Tell whether a stored hash is one of these, in a time that says nothing about which."""
    return any(compare_digest(stored, form) for form in forms)


def salted(verification: EmailVerification, code: str) -> str:
    """Return a code as it is hashed: the same code of another mail has another hash."""
    return f"{verification.id}\x00{code}"
