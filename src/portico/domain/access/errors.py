from portico.domain.access.models import Grant
from portico.domain.customers.models import Customer
from portico.lib.errors import Conflict, PorticoError


class PortalOff(PorticoError):
    """The business's master switch is off: no link and no page works, whatever their state."""

    code = "portal_off"
    status = 404


class LinkClosed(PorticoError):
    """A link that was good once and is not any more. `reason` is expired, revoked, replaced or used_up."""

    code = "link_closed"
    status = 403

    def __init__(self, grant: Grant, reason: str) -> None:
        super().__init__(f"This link is {reason.replace('_', ' ')}.", code=f"link_{reason}")
        self.grant = grant
        self.reason = reason


class LinkUnknown(PorticoError):
    """No link has this secret, at this business."""

    code = "link_unknown"
    status = 404


class LinkExists(Conflict):
    """The customer has a working portal link already; regenerate it to get a new one."""

    code = "link_exists"


class VerificationUnknown(PorticoError):
    """Nobody was asked this, at this business or from this browser."""

    code = "verification_unknown"
    status = 404


class VerificationClosed(PorticoError):
    """A mail's link and code that were good once. `reason` is expired, used_up, withdrawn, or spent by wrong codes."""

    code = "verification_closed"
    status = 403

    def __init__(self, reason: str) -> None:
        super().__init__(f"This mail's link and code are {reason.replace('_', ' ')}.", code=f"verification_{reason}")
        self.reason = reason


class AnotherBrowser(PorticoError):
    """The mail was asked for in another browser, so its link needs the code beside it."""

    code = "another_browser"
    status = 403


class CodeWrong(PorticoError):
    """The code is not the one in the mail. The try was counted."""

    code = "code_wrong"


class NoAddress(PorticoError):
    """The customer has no e-mail address to write to."""

    code = "no_address"
    status = 409


class TooManyMails(PorticoError):
    """So much has been mailed to the customer lately that it looks like a mistake, or worse."""

    code = "too_many_mails"
    status = 429


class SignedLinkRefused(PorticoError):
    """A sign-in link that a business is said to have signed, and that is not good.

    `reason` is for the business's staff, not for the holder of the link; `customer` is known once the signature is.
    """

    code = "signed_link_refused"
    status = 403

    def __init__(self, reason: str, customer: Customer | None = None) -> None:
        super().__init__("This sign-in link is not good.")
        self.reason = reason
        self.customer = customer
