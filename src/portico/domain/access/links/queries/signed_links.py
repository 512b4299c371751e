"""Sign-in links that a business signs itself: a JSON Web Token (RFC 7519) under one of its magic keys.

Whatever is doubtful is refused. Who holds a bad link learns only that; why is noted for the business's staff.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.db.models import QuerySet

from portico.domain.access.errors import LinkClosed, PortalOff, SignedLinkRefused
from portico.domain.access.links.pages import PAGES
from portico.domain.access.models import RECOVERY, Grant, MagicKey, Purpose
from portico.domain.access.queries import customer_signed_for
from portico.domain.access.secrets import candidates, decrypt
from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.origins import is_within

logger = logging.getLogger(__name__)

# The business's clock and ours may differ by so much. An end is an end: it is not put off.
_LEEWAY = timedelta(minutes=1)

# No moment lies behind it; what counts further is no number of seconds, and NaN is below nothing.
_FAR = 10**11
_ALGORITHM = "HS256"
_LONGEST_TOKEN = 4096
_LONGEST_NAME = 255

# The claims are checked here, against the one clock; the library checks form and signature.
_OPTIONS: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


@dataclass(frozen=True, slots=True)
class SignedLink:
    """A signed link that was verified. Its use is recorded under `name`; `single_use` says that it opens once."""

    key: MagicKey
    customer: Customer
    expires_at: datetime
    name: str
    single_use: bool
    page: str
    return_url: str


def read_signed_link(business: Business, token: str, page: str) -> SignedLink:
    """Return what a token opens right now, leading to `page`; looking changes nothing.

    Raises PortalOff, SignedLinkRefused, or LinkClosed for one that was used up or revoked.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    key, claims = _verified(business, token)
    customer = _customer(business, claims.get("sub"))
    expires_at = _end(claims, customer)
    identity = _identity(claims, customer)
    if page and page not in PAGES:
        raise SignedLinkRefused("unknown_page", customer)
    link = SignedLink(
        key=key,
        customer=customer,
        expires_at=expires_at,
        name=_name(key, token, identity),
        single_use=bool(identity),
        page=page,
        return_url=_return_url(claims, customer),
    )
    grant = used_grant(link)
    if grant is not None and grant.state != "active":
        raise LinkClosed(grant, grant.state)
    return link


def _verified(business: Business, token: str) -> tuple[MagicKey, dict[str, Any]]:
    """Return the key that signed a token, and what it says."""
    try:
        header = jwt.get_unverified_header(token) if len(token) <= _LONGEST_TOKEN else {}
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise SignedLinkRefused("malformed") from error
    if header.get("alg") != _ALGORITHM:
        raise SignedLinkRefused("wrong_algorithm" if "alg" in header else "malformed")
    for key in MagicKey.objects.filter(business=business, revoked_at=None).order_by("-created_at", "-id"):
        secret = decrypt(key.sealed)
        if secret is None:
            logger.error("The server key that magic key %s was encrypted under is gone", key.public_id)
            continue
        try:
            return key, jwt.decode(token, secret, algorithms=[_ALGORITHM], options=_OPTIONS)
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise SignedLinkRefused("malformed") from error
    raise SignedLinkRefused("unknown_signature")


def _customer(business: Business, subject: object) -> Customer:
    """Return the customer that `sub` names: by our id or the external id, which may be a positive integer."""
    if isinstance(subject, int) and not isinstance(subject, bool) and subject > 0:
        subject = str(subject)
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_NAME or not subject.isprintable():
        raise SignedLinkRefused("bad_subject")
    try:
        return customer_signed_for(business, subject)
    except NotFound as error:
        raise SignedLinkRefused("unknown_customer") from error


def _end(claims: dict[str, Any], customer: Customer) -> datetime:
    """Return when the link ends, once it is known that it has begun, has not ended and does not last too long."""
    moment, leeway = now().timestamp(), _LEEWAY.total_seconds()
    for name in ("iat", "nbf"):
        if name in claims and not (_is_moment(claims[name]) and claims[name] <= moment + leeway):
            raise SignedLinkRefused("not_yet", customer)
    if not _is_moment(claims.get("exp")):
        raise SignedLinkRefused("no_expiry", customer)
    ends: float = claims["exp"]
    if ends <= moment:
        # What ended so long ago is nobody's any more: no fresh link follows it.
        raise SignedLinkRefused("expired", customer if ends > moment - RECOVERY.total_seconds() else None)
    longest = customer.business.longest_signed_link.total_seconds()
    if ends > moment + longest + leeway or ("iat" in claims and ends - claims["iat"] > longest):
        raise SignedLinkRefused("too_long", customer)
    return datetime.fromtimestamp(ends, UTC)


def _is_moment(value: object) -> bool:
    """Tell whether a claim is a number of seconds, as RFC 7519 has them."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _FAR


def _identity(claims: dict[str, Any], customer: Customer) -> str:
    """Return `jti`, which makes a link open once, or nothing."""
    if "jti" not in claims:
        return ""
    identity = claims["jti"]
    if not isinstance(identity, str) or not 0 < len(identity) <= _LONGEST_NAME or not identity.isprintable():
        raise SignedLinkRefused("bad_id", customer)
    return identity


def _name(key: MagicKey, token: str, identity: str) -> str:
    """Return what a link's use is remembered by: its id within the business, or else all that its key has signed."""
    # A signature may be spelt in several ways that mean the same; what it signs has one.
    return f"jti\0{key.business_id}\0{identity}" if identity else f"token\0{key.pk}\0{token.rpartition('.')[0]}"


def _return_url(claims: dict[str, Any], customer: Customer) -> str:
    url = claims.get("return_url", "")
    if url and not (isinstance(url, str) and is_within(url, customer.business.return_origins)):
        raise SignedLinkRefused("foreign_return_url", customer)
    return str(url)


def used_grant(link: SignedLink) -> Grant | None:
    """Return the row of a link that has been used before."""
    return Grant.objects.filter(secret_hash__in=candidates(link.name, Purpose.SIGNED_LINK)).first()


def magic_keys(viewer: Viewer) -> QuerySet[MagicKey]:
    """The keys that a business's own sign-in links are signed with now, the oldest first. Customers see none."""
    rows = MagicKey.objects.filter(business=viewer.business, revoked_at=None).order_by("created_at", "id")
    return rows.none() if isinstance(viewer, CustomerViewer) else rows
