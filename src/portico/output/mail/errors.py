from portico.lib.errors import PorticoError


class NotSentYet(PorticoError):
    """The way out is closed for now. Whoever reacts again later tries again."""

    code = "not_sent_yet"
    status = 503
