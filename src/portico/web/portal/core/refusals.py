"""Refusals of the portal: why a page is not shown. Gates and views raise them, `core/refusal_pages.py` renders them."""

from dataclasses import dataclass, field

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.lib.l10n import current_language


@dataclass(eq=False)
class Refusal(Exception):
    """A page that is not shown. Its page speaks the `language` that was active where the refusal was raised."""

    language: str = field(init=False, default_factory=lambda: current_language())


class NoPortal(Refusal):
    """No business has its portal at this address."""


@dataclass(eq=False)
class Moved(Refusal):
    """The portal answers at another address now, where the visitor is sent."""

    url: str


@dataclass(eq=False)
class PortalUnavailable(Refusal):
    """The business's master switch is off."""

    business: Business


@dataclass(eq=False)
class SignedOut(Refusal):
    """The visitor has no session.

    `reason` says why a former one is over, as `why_ended` tells it. A visitor who `may_leave` is sent to the business's
    own sign-in, where it has one.
    """

    business: Business
    reason: str = ""
    may_leave: bool = False


@dataclass(eq=False)
class AnotherAccount(Refusal):
    """The request comes from a page made for another account than the one this browser is signed in to now."""

    viewer: CustomerViewer


@dataclass(eq=False)
class StepUpNeeded(Refusal):
    """The visitor has to verify an e-mail address first; with `form_waits`, what was typed is kept meanwhile."""

    viewer: CustomerViewer
    form_waits: bool = False


@dataclass(eq=False)
class NotVisible(Refusal):
    """The page does not exist, is switched off, or belongs to another customer."""

    viewer: CustomerViewer


@dataclass(eq=False)
class LinkNotFound(Refusal):
    """No link has this secret."""

    business: Business


@dataclass(eq=False)
class LinkExpired(Refusal):
    """The link has expired. A fresh one goes to `email`, if there is one on file, by the form of `renew_url`."""

    business: Business
    email: str
    renew_url: str


@dataclass(eq=False)
class LinkEnded(Refusal):
    """The link works no longer: `reason` is expired, revoked, replaced or used_up."""

    business: Business
    reason: str


@dataclass(eq=False)
class NotForFrames(Refusal):
    """The link works, but in a tab of its own and not in a frame."""

    business: Business


@dataclass(eq=False)
class LinkTargetHidden(Refusal):
    """The link works, but what it opens is not shown, or not any more."""

    business: Business


@dataclass(eq=False)
class SignInFailed(Refusal):
    """A link that the business is said to have signed is not good; its holder does not learn why."""

    business: Business


@dataclass(eq=False)
class EmailLinkEnded(Refusal):
    """A link about a changed e-mail address works no longer: `reason` is expired, withdrawn or used_up."""

    business: Business
    reason: str
