from datetime import date

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.ledger.actions.lock import lock_accounts
from portico.lib.errors import FieldError, Invalid


@transaction.atomic
def set_lock_date(business: Business, day: date | None, *, by: Actor) -> Business:
    """Close the books up to a day, open some of them again with an earlier one, or all with None.

    It waits for what is being posted; what is posted after it finds the day. Raises Invalid for today or a later day.
    """
    # The key stays free: a change of money that holds an account still writes rows that point to the business.
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if day == business.lock_date:
        return business
    if day is not None and day >= business.today():
        message = "Books are closed up to a day that is over."
        raise Invalid(message, fields=[FieldError("/lock_date", message)])
    lock_accounts(business.pk)
    before = business.lock_date and business.lock_date.isoformat()
    business.lock_date = day
    business.save(update_fields=["lock_date"])
    record(
        Event.LOCK_DATE_CHANGED,
        business,
        by=by,
        data={"before": {"lock_date": before}, "after": {"lock_date": day and day.isoformat()}},
    )
    return business
