from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.datev import DatevSettings, Use
from portico.domain.businesses.models import Business
from portico.lib.errors import FieldError, Invalid

CONSULTANTS = (1001, 9_999_999)
CLIENTS = (1, 99_999)
_LENGTHS = (4, 8)
_LONGEST_KEY = 4


@transaction.atomic
def change_datev(business: Business, settings: DatevSettings, *, by: Actor) -> Business:
    """Set what DATEV has to be told. Raises Invalid with every field that is wrong."""
    wrong = _wrong(settings)
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, {"datev": settings.kept()}, Event.SETTINGS_CHANGED, by)


def _wrong(settings: DatevSettings) -> list[FieldError]:
    wrong = []
    for name, value, (low, high) in (
        ("consultant", settings.consultant, CONSULTANTS),
        ("client", settings.client, CLIENTS),
        ("fiscal_month", settings.fiscal_month, (1, 12)),
    ):
        if value is not None and not low <= value <= high:
            wrong.append(FieldError(f"/{name}", f"Give a number from {low} to {high}."))
    low, high = _LENGTHS
    length = settings.account_length
    for use in Use:
        account = settings.account(use)
        digits = length + 1 if use is Use.CUSTOMERS else length
        if not (account.isascii() and account.isdigit()) or (use is Use.RATE_19 and not low <= len(account) <= high):
            wrong.append(FieldError(f"/accounts/{use}", f"An account has {low} to {high} digits."))
        elif len(account) != digits:
            wrong.append(
                FieldError(f"/accounts/{use}", f"It has {digits} digits, as the account for 19 % has {length}.")
            )
        key = settings.key(use)
        if key and not (key.isascii() and key.isdigit() and len(key) <= _LONGEST_KEY):
            wrong.append(FieldError(f"/keys/{use}", f"A tax key has up to {_LONGEST_KEY} digits."))
    return wrong
