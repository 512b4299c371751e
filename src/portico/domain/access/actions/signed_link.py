"""Sign-in links that a business signs itself: a JSON Web Token (RFC 7519) under one of its magic keys.

Whatever is doubtful is refused. Who holds a bad link learns only that; why is noted for the business's staff.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.db import transaction

from portico.domain.access.actions.challenge import ask
from portico.domain.access.actions.exchange import Visit, open_session
from portico.domain.access.actions.grant import RECOVERY
from portico.domain.access.actions.limit import Limit, take
from portico.domain.access.errors import LinkClosed, PortalOff, SignedLinkRefused
from portico.domain.access.models import Challenge, Grant, MagicKey, PortalSession, Purpose
from portico.domain.access.pages import PAGES
from portico.domain.access.queries import customer_signed_for
from portico.domain.access.secrets import candidates, locked_anew, stored_form, unlock
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
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

# So that staff see what goes wrong, and nobody fills the history by trying.
_NOTED = Limit("refused signed link", 10, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class SignedLink:
    """A signed link that was found good. `name` is what its use is remembered by; `once` says that it has one use."""

    key: MagicKey
    customer: Customer
    expires_at: datetime
    name: str
    once: bool
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
        once=bool(identity),
        page=page,
        return_url=_return_url(claims, customer),
    )
    grant = _used(link)
    if grant is not None and grant.state != "active":
        raise LinkClosed(grant, grant.state)
    return link


@transaction.atomic
def open_signed_link(link: SignedLink, visit: Visit) -> tuple[PortalSession, str]:
    """Open a session with a signed link; returns it and the token for the cookie.

    Raises LinkClosed when it was used up in the meantime, SignedLinkRefused when its key was revoked.
    """
    key = MagicKey.objects.select_for_update().get(pk=link.key.pk)
    if key.revoked_at is not None:
        raise SignedLinkRefused("unknown_signature", link.customer)
    MagicKey.objects.filter(pk=key.pk).update(last_used_at=now(), sealed=locked_anew(key.sealed))
    return open_session(_used(link) or _first_use(link), visit)


@transaction.atomic
def renew_signed_link(business: Business, token: str, visit: Visit, onwards: str) -> None:
    """Have a sign-in mail sent in place of an expired link, to the customer's address on file. Raises PortalOff.

    Nothing tells whether a mail is on its way. It goes on to `onwards`, a path of the portal.
    """
    try:
        read_signed_link(business, token, "")
    except SignedLinkRefused as refused:
        if refused.reason == "expired" and refused.customer and refused.customer.email:
            ask(business, Challenge.Kind.SIGN_IN, refused.customer.email, visit, page=onwards)
    except LinkClosed:
        return


@transaction.atomic
def note_refusal(business: Business, refused: SignedLinkRefused, visit: Visit) -> None:
    """Tell the log and the business's staff that a link was refused and why; the same reason a few times an hour."""
    logger.warning("A signed link of %s was refused: %s", business.slug, refused.reason)
    if not take(_NOTED, f"{business.pk} {refused.reason}"):
        return
    record(
        Event.SIGNED_LINK_REFUSED,
        business,
        by=Actor("system", label="Portico", ip=visit.ip),
        customer_id=refused.customer.pk if refused.customer else None,
        data={"refusal": refused.reason},
    )


def _verified(business: Business, token: str) -> tuple[MagicKey, dict[str, Any]]:
    """Return the key that signed a token, and what it says."""
    try:
        header = jwt.get_unverified_header(token) if len(token) <= _LONGEST_TOKEN else {}
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise SignedLinkRefused("malformed") from error
    if header.get("alg") != _ALGORITHM:
        raise SignedLinkRefused("wrong_algorithm" if "alg" in header else "malformed")
    for key in MagicKey.objects.filter(business=business, revoked_at=None).order_by("-created_at", "-id"):
        secret = unlock(key.sealed)
        if secret is None:
            logger.error("The server key that magic key %s was sealed under is gone", key.public_id)
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


def _used(link: SignedLink) -> Grant | None:
    """Return the row of a link that has been used before."""
    return Grant.objects.filter(secret_hash__in=candidates(link.name, Purpose.SIGNED_LINK)).first()


def _first_use(link: SignedLink) -> Grant:
    """Make the row of a link that is used for the first time; of two at once, both get the same."""
    secret_hash, key_id = stored_form(link.name, Purpose.SIGNED_LINK)
    grant, _ = Grant.objects.get_or_create(
        secret_hash=secret_hash,
        defaults={
            "business_id": link.customer.business_id,
            "customer": link.customer,
            "purpose": Purpose.SIGNED_LINK,
            "page": link.page,
            "return_url": link.return_url,
            "magic_key": link.key,
            "prefix": "jwt",
            "key_id": key_id,
            "created_by": str(link.key),
            "expires_at": link.expires_at,
            "recover_until": link.expires_at + RECOVERY,
            "max_uses": 1 if link.once else None,
        },
    )
    return grant
