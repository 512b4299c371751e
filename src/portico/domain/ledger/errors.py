from portico.lib.errors import Conflict


class NotEnough(Conflict):
    """More was to be spent, applied or returned than there is, or than there was on that day."""

    code = "not_enough"
