"""All that staff and programs set of their business in one step."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.businesses.actions.change_profile import change_profile
from portico.domain.businesses.models import Business
from portico.domain.documents.actions.number_series import set_number_series
from portico.domain.documents.numbering import Series
from portico.domain.ledger.actions.set_lock_date import set_lock_date
from portico.lib.errors import FieldError, Invalid


def change_business(
    business: Business, changes: Mapping[str, Any], *, series: Sequence[Series] = (), by: Actor
) -> Business:
    """Set parts of the profile, the lock date (`lock_date`) and number series, all or nothing.

    Raises Invalid with every field that is wrong.
    """
    wrong: list[FieldError] = []
    with transaction.atomic():
        try:
            business = change_profile(business, changes, by=by)
        except Invalid as error:
            wrong += error.fields
        try:
            if "lock_date" in changes:
                business = set_lock_date(business, changes["lock_date"], by=by)
        except Invalid as error:
            wrong += error.fields
        # The accounts that a lock date waits for come before the series, as they do where a number is given.
        try:
            set_number_series(business, series, by=by)
        except Invalid as error:
            wrong += error.fields
        if wrong:
            raise Invalid(wrong[0].message, fields=wrong)
    return business
