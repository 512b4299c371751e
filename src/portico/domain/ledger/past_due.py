"""What past due means, the one rule: something is owed, and the day it was due on has gone by.

Without a due date nothing is past due; it only has an age. The rule in Python and the rule in SQL stand side by side.
"""

from datetime import date

from django.db.models import Q


def days_past_due(open_amount: int, due_on: date | None, day: date) -> int:
    """Return for how many calendar days something is past due on `day`; 0 when it is not.

    `open_amount` is what is owed of it, in minor units; what is nothing or negative is never past due.
    """
    if open_amount <= 0 or due_on is None:
        return 0
    return max(0, (day - due_on).days)


def past_due(day: date, open_amount: str = "open_amount") -> Q:
    """Return the condition that rows with `due_on` and a column of what is owed are past due on `day`.

    A due date that is NULL is before no day.
    """
    return Q(**{f"{open_amount}__gt": 0}, due_on__lt=day)
