from portico.domain.access.models import Grant
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
