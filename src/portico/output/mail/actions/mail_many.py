"""Mailing many documents at once: a run is started, and the worker asks for its mails one by one."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Document
from portico.lib.clock import now
from portico.lib.errors import Invalid, PorticoError
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.models import MailRun, MailRunItem
from portico.output.mail.queries import require_way_out
from portico.output.mail.recipients import usual_recipients

MOST_AT_ONCE = 5000
# Of a run, how many are asked for before other mail has its turn: some seconds' work.
_PART = 100


@transaction.atomic
def start_run(business: Business, documents: Sequence[Document], *, by: Actor) -> MailRun:
    """Note which documents are to be mailed, and have the worker begin.

    Raises NoMailServer, or Invalid for too many.
    """
    require_way_out()
    if not 0 < len(documents) <= MOST_AT_ONCE:
        raise Invalid(f"Between 1 and {MOST_AT_ONCE} documents are mailed at once.")
    run = MailRun.objects.create(business=business, by={"kind": by.kind, "id": by.id, "label": by.label})
    MailRunItem.objects.bulk_create([MailRunItem(run=run, document=row) for row in documents], batch_size=500)
    record(Event.MAIL_RUN_STARTED, run, by=by, data={"count": len(documents)})
    return run


def ask_some(run: MailRun) -> bool:
    """Ask for some of the mails of a run that were not asked for yet, and tell whether there are more.

    Each is asked for in a transaction of its own that notes it too, so that a worker that goes on after a crash asks
    for the others alone.
    """
    by = Actor(**run.by)
    left = run.items.filter(activity=None, skipped="").order_by("id")
    for key in list(left.values_list("pk", flat=True)[:_PART]):
        _ask(key, by)
    if left.exists():
        return True
    MailRun.objects.filter(pk=run.pk, asked_at=None).update(asked_at=now())
    return False


@transaction.atomic
def _ask(key: UUID, by: Actor) -> None:
    rows = MailRunItem.objects.select_for_update(of=("self",))
    item = rows.select_related("document__business", "document__customer__business").get(pk=key)
    if item.activity_id is not None or item.skipped:
        return
    document = item.document
    try:
        mails = mail_document(document, MailInput(usual_recipients(document.customer)), by=by)
    except PorticoError as refusal:
        item.skipped = refusal.code
    else:
        item.activity_id = mails[0].activity_id
    item.save(update_fields=["activity", "skipped"])
