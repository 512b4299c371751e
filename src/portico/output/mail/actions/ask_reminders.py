"""Asking for the reminders that are due, each once."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.payments.dunning import Due, candidates, due_step, quiet_because
from portico.lib.clock import local_hour
from portico.output.mail.models import Reminder
from portico.output.mail.queries import has_way_out

# Reminders come when somebody is at work, by the business's own clock.
_FROM_HOUR = 8


def ask_reminders() -> int:
    """Ask for every reminder that is due at any business that wants them; returns how many."""
    if not has_way_out():
        return 0
    rows = Business.objects.filter(mail_reminders=True, portal_enabled=True)
    return sum(_of_business(business) for business in rows)


def _of_business(business: Business) -> int:
    if local_hour(business.time_zone) < _FROM_HOUR or not business.reminder_days:
        return 0
    today, asked = business.today(), 0
    rows = candidates(business, today).exclude(_asked(business.reminder_days, today))
    for invoice in rows.iterator(chunk_size=200):
        due = due_step(invoice, business.reminder_days, today)
        if due is not None and quiet_because(invoice, today) is None:
            asked += _ask(due)
    return asked


def _asked(days: Sequence[int], today: date) -> Q:
    """Return the condition that the step which an invoice has come to, as `due_step` says, was asked for."""
    steps = sorted(days)
    asked = Reminder.objects.filter(document=OuterRef("pk"), due_on=OuterRef("due_on"))
    condition = Q()
    for step, following in zip_longest(steps, steps[1:]):
        reached = Q(due_on__lte=today - timedelta(days=step))
        if following is not None:
            reached &= Q(due_on__gt=today - timedelta(days=following))
        condition |= reached & Q(Exists(asked.filter(days=step)))
    return condition


@transaction.atomic
def _ask(due: Due) -> bool:
    """Note a reminder and announce it in one transaction, so that of several workers, or after a crash, one does it."""
    _row, made = Reminder.objects.get_or_create(document=due.invoice, due_on=due.due_on, days=due.days)
    if made:
        data = {"number": due.invoice.number, "days": due.days, "due_on": due.due_on.isoformat()}
        record(Event.INVOICE_REMINDER_DUE, due.invoice, by=SYSTEM, data=data)
    return made
