from portico.lib.errors import Conflict


class NumberTaken(Conflict):
    """A number or external id already stands for another document of the kind."""

    code = "number_taken"


class WrongState(Conflict):
    """The document's state does not allow the action, for instance voiding a draft."""

    code = "wrong_state"


class AlreadyIssued(WrongState):
    """What is issued is not changed or deleted; it is voided, and another one is written."""

    code = "already_issued"


class EstimateExpired(WrongState):
    """The estimate was valid until a day that is over."""

    code = "estimate_expired"


class EditedMeanwhile(Conflict):
    """The document is no longer the one that was looked at."""

    code = "edited_meanwhile"
