from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import TooManyMails
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.output.mail.actions.send import queue
from portico.output.mail.models import Message
from portico.output.mail.preview import PreviewEmail
from portico.output.mail.queries import require_way_out
from portico.output.mail.wordings import Wording

_PER_PERSON = Limit("test mails", 10, timedelta(hours=1))


@transaction.atomic
def mail_test(business: Business, name: str, language: str, wording: Wording, to: str, *, by: Actor) -> Message:
    """Mail filled-in words to the person trying them. Raises NoMailServer, or TooManyMails after ten within an hour."""
    require_way_out()
    if not hit(_PER_PERSON, f"{business.pk} {to}"):
        raise TooManyMails(f"{to} got {_PER_PERSON.count} test mails within an hour.")
    data = {"name": name, "language": language, "to": to, "subject": wording.subject, "text": wording.text}
    asked = record(Event.TEST_MAIL_ASKED, business, by=by, data=data)
    return queue(PreviewEmail, about=asked, to=to, business=business, language=language)
