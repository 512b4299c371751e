from typing import Any
from uuid import UUID

from django.db.models import F

from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity, Revised
from portico.lib.clock import now
from portico.lib.ids import Ref


def record(
    verb: str,
    subject: Ref,
    *,
    business_id: UUID,
    by: Actor,
    revises: Revised | None,
    customer_id: UUID | None = None,
    data: dict[str, Any] | None = None,
    announce: bool = False,
) -> Activity:
    """Add what just happened, in the caller's transaction, and move the revision of what it happened to.

    `verb` reads `noun.happened` (`invoice.issued`); `revises` is the customer whose pages change by it, or the business
    when all of its pages do, or None when none does; `data` holds what a reader of the history needs, never a secret.
    What is announced is reacted to after the commit: `portico.jobs.reactions` has the verb.
    """
    if revises is not None:
        type(revises)._base_manager.filter(pk=revises.pk).update(revision=F("revision") + 1)
    return Activity.objects.create(
        business_id=business_id,
        customer_id=customer_id,
        verb=verb,
        subject_kind=subject.kind,
        subject_id=subject.id,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label[:200],
        ip=by.ip,
        data=data or {},
        react_at=now() if announce else None,
    )
