"""The period whose books are closed: nothing is posted on a business's lock date or a day before it."""

from datetime import date
from uuid import UUID

from django.db.models import Exists

from portico.domain.businesses.models import Business
from portico.domain.ledger.errors import PeriodClosed
from portico.lib.errors import FieldError


def closed_on(business_id: UUID, day: date) -> Exists:
    """Return the condition that a day is closed.

    It stands in the statement that changes a balance, which waits for the account as `set_lock_date` does: so it sees
    a lock date that was set a moment ago, and costs no query of its own.
    """
    return Exists(Business.objects.filter(pk=business_id, lock_date__gte=day))


def refuse_closed(business_id: UUID, day: date) -> None:
    """Raise PeriodClosed for a day whose books are closed."""
    lock_date = Business.objects.values_list("lock_date", flat=True).get(pk=business_id)
    if lock_date is not None and day <= lock_date:
        raise PeriodClosed(_message(lock_date))


def check_open(business: Business, day: date, place: str) -> None:
    """Raise PeriodClosed with its place in the input, for a day that is closed as far as the caller knows.

    The statement that posts has the last word.
    """
    if business.lock_date is not None and day <= business.lock_date:
        message = _message(business.lock_date)
        raise PeriodClosed(message, fields=[FieldError(place, message)])


def _message(lock_date: date) -> str:
    return f"The books are closed up to {lock_date.isoformat()}. Use a later day."
