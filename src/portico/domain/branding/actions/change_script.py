import base64
import hashlib

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.branding.actions.keep_file import keep_file
from portico.domain.branding.errors import ScriptRefused
from portico.domain.branding.pictures import text_file
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business

MAX_BYTES = 100_000


@transaction.atomic
def change_script(business: Business, code: str, *, on: bool, sees_customer: bool, by: Actor) -> Business:
    """Set the script on the portal's pages, or none when it is blank; the caller has checked the password just now.

    With `sees_customer` it is told the customer's public id. Raises ScriptRefused and changes nothing.
    """
    if len(code.encode()) > MAX_BYTES:
        raise ScriptRefused("A script has at most 100 kB.")
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    wanted = {"script": "", "script_integrity": "", "script_on": False, "script_sees_customer": sees_customer}
    if code.strip():
        file = text_file(code, "js", "text/javascript; charset=utf-8")
        keep_file(business, file)
        digest = base64.b64encode(hashlib.sha384(file.content).digest()).decode()
        wanted |= {"script": file.name, "script_integrity": f"sha384-{digest}", "script_on": on}
    return set_recorded(business, wanted, Event.SCRIPT_CHANGED, by)
