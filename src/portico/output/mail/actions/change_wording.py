from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.output.mail.models import MailWording
from portico.output.mail.placeholders import check_wording
from portico.output.mail.wordings import Wording, default_wording, wording_spec


@transaction.atomic
def change_wording(business: Business, name: str, language: str, wording: Wording, *, by: Actor) -> None:
    """Let a mail say a business's own words in a language; those that Portico says anyhow are not kept.

    Raises WordingRefused for what is no placeholder of this mail.
    """
    names = wording_spec(name).names
    check_wording(wording.subject, names)
    check_wording(wording.text, names)
    if wording == default_wording(name, language):
        reset_wording(business, name, language, by=by)
        return
    rows = MailWording.objects.select_for_update().filter(business=business, name=name, language=language)
    kept = rows.first() or MailWording(business=business, name=name, language=language)
    if (kept.subject, kept.text) == (wording.subject, wording.text):
        return
    kept.subject, kept.text, kept.changed_at = wording.subject, wording.text, now()
    kept.save()
    record(Event.MAIL_WORDING_CHANGED, business, by=by, data={"name": name, "language": language})


@transaction.atomic
def reset_wording(business: Business, name: str, language: str, *, by: Actor) -> None:
    """Let a mail say again what Portico says. Doing so twice changes nothing."""
    gone, _ = MailWording.objects.filter(business=business, name=name, language=language).delete()
    if gone:
        record(Event.MAIL_WORDING_RESET, business, by=by, data={"name": name, "language": language})
