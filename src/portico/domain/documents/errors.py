from portico.lib.errors import Conflict


class NumberTaken(Conflict):
    """A number or external id already stands for another document of the kind."""

    code = "number_taken"


class WrongState(Conflict):
    """The document's state does not allow the deed, for instance voiding a draft."""

    code = "wrong_state"
