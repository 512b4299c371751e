from portico.lib.errors import Conflict, Invalid


class NotEnough(Conflict):
    """More was to be spent, applied or returned than there is, or than there was on that day."""

    code = "not_enough"


class BalanceTooLarge(Invalid):
    """The account would owe, or be owed, more than a balance can be."""

    code = "balance_too_large"


class PeriodClosed(Conflict):
    """The day belongs to a period whose books are closed: it is on or before the business's lock date."""

    code = "period_closed"
