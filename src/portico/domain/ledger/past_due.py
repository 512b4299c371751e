"""What past due means, the one rule: something is owed, and the day it was due on has gone by.

Without a due date nothing is past due; it only has an age. Lists ask the same by `late` of `documents.queries`.
"""

from datetime import date


def days_past_due(open_amount: int, due_on: date | None, day: date) -> int:
    """Return for how many calendar days something is past due on `day`; 0 when it is not.

    `open_amount` is what is owed of it, in minor units; what is nothing or negative is never past due.
    """
    if open_amount <= 0 or due_on is None:
        return 0
    return max(0, (day - due_on).days)
