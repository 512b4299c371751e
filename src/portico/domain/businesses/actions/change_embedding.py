from collections.abc import Iterable

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.change_sign_in import checked_origins
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business
from portico.lib.errors import FieldError, Invalid


@transaction.atomic
def change_embedding(business: Business, origins: Iterable[str], *, by: Actor) -> Business:
    """Set the sites that may show the portal in a frame. Raises Invalid with the places that are wrong.

    It counts at once, for frames that are open too: the next page in a frame of a site taken away is not shown.
    """
    wrong: list[FieldError] = []
    checked = checked_origins("embed_origins", origins, wrong)
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, {"embed_origins": checked}, Event.SETTINGS_CHANGED, by)
