from portico.lib.errors import PorticoError


class NotSentYet(PorticoError):
    """The mail server takes nothing now. The reaction tries again later."""

    code = "not_sent_yet"
    status = 503
