from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.branding.actions.keep_file import keep_file
from portico.domain.branding.pictures import text_file
from portico.domain.branding.stylesheets import checked_stylesheet
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business


@transaction.atomic
def change_stylesheet(business: Business, css: str, *, on: bool, by: Actor) -> Business:
    """Set the business's own style sheet, or none when it is blank. Raises StylesheetRefused and changes nothing."""
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    name = ""
    if css.strip():
        file = text_file(checked_stylesheet(css, business.trusted_sites), "css", "text/css; charset=utf-8")
        keep_file(business, file)
        name = file.name
    return set_recorded(business, {"stylesheet": name, "stylesheet_on": on}, Event.STYLESHEET_CHANGED, by)
