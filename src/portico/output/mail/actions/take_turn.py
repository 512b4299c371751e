"""How many mails a mail server gets in a minute, from all workers together."""

from datetime import datetime, timedelta

from django.conf import settings

from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.lib.clock import now
from portico.output.mail.models import Message
from portico.output.mail.queries import WAITS_FOR_TURN, mail_server
from portico.output.mail.template import EmailTemplate

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def take_turn(kind: type[EmailTemplate]) -> datetime | None:
    """Count a mail as sent within this minute; or return from when on there may be a turn for it.

    A tenth of the turns is kept for mails that somebody waits for, such as codes: other mail leaves it alone.
    """
    most = settings.PORTICO_MAIL_PER_MINUTE
    if not most:
        return None
    kept = 0 if kind.retry_for < _DAY or most == 1 else max(1, most // 10)
    limit, server = Limit("mails of a server", most - kept, _MINUTE), mail_server()
    if hit(limit, server):
        return None
    # Those that wait already have their turns before this one: each is tried about once, and not every minute.
    before = Message.objects.filter(state=Message.State.QUEUED, error=WAITS_FOR_TURN).count()
    return now() + _MINUTE * (1 + before // limit.count)
