from portico.lib.errors import Conflict, NotFound, PorticoError


class MessagesOff(NotFound):
    """The business takes no messages from its customers."""

    code = "messages_off"


class CommentClosed(Conflict):
    """The comment is somebody else's, too old to be changed, or removed already."""

    code = "comment_closed"


class TooManyComments(PorticoError):
    """So much was written lately that it looks like a mistake, or worse."""

    code = "too_many_comments"
    status = 429
