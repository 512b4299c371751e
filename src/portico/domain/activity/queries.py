from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.lib.folding import folded_pattern


def timeline_of_customer(customer_id: UUID) -> QuerySet[Activity]:
    """Everything that happened around one customer, newest first. The caller has fetched the customer as the viewer."""
    return Activity.objects.filter(customer_id=customer_id).order_by("-id")


def timeline_of_subject(*subject_ids: UUID) -> QuerySet[Activity]:
    """Everything that happened to a thing, or to it and its parts, newest first.

    The caller has fetched the thing as the viewer.
    """
    return Activity.objects.filter(subject_id__in=subject_ids).order_by("-id")


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What of a business's history is looked for; what is empty does not narrow it.

    `person` is part of a name, or the whole id of an account, key or customer; `verb` an event's name, or its first
    word; `about` the key of what it happened to, or of the customer it happened around; `start` and `end` are
    instants, the end not included.
    """

    person: str = ""
    verb: str = ""
    about: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None


def history(business_id: UUID, wanted: HistoryFilter) -> QuerySet[Activity]:
    """Everything that happened at a business, newest first, as it is narrowed."""
    rows = Activity.objects.filter(business_id=business_id)
    if wanted.person:
        rows = rows.filter(Q(actor_label__regex=folded_pattern(wanted.person)) | Q(actor_id=wanted.person))
    if wanted.verb:
        rows = rows.filter(Q(verb=wanted.verb) | Q(verb__startswith=f"{wanted.verb}."))
    if wanted.about:
        rows = rows.filter(Q(subject_id=wanted.about) | Q(customer_id=wanted.about))
    if wanted.start:
        rows = rows.filter(at__gte=wanted.start)
    if wanted.end:
        rows = rows.filter(at__lt=wanted.end)
    return rows.order_by("-id")


def public_history(business_id: UUID, wanted: HistoryFilter, *, customer_id: UUID | None = None) -> QuerySet[Activity]:
    """What programs of a business may be told of its history, around one customer where one is given."""
    rows = history(business_id, wanted).filter(verb__in=[event.value for event in Event if event.public])
    return rows.filter(customer_id=customer_id) if customer_id else rows
