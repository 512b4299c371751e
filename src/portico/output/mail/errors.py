from datetime import datetime

from portico.lib.errors import PorticoError


class NoMailServer(PorticoError):
    """No mail server is set up, so nothing can be mailed."""

    code = "no_mail_server"
    status = 409


class NotSentYet(PorticoError):
    """The mail server takes nothing now. The reaction tries again later: at `again_at`, where that is known."""

    code = "not_sent_yet"
    status = 503

    again_at: datetime | None = None
