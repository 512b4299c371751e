"""Mailing many documents at once."""

from portico.domain.activity.actions.claim import Unfinished
from portico.domain.activity.models import Activity
from portico.output.mail.actions.mail_many import ask_some
from portico.output.mail.models import MailRun


def mail_many(started: Activity) -> None:
    """Ask for some of a run's mails that were not asked for yet; raises Unfinished while there are more."""
    if ask_some(MailRun.objects.get(pk=started.subject_id)):
        raise Unfinished
