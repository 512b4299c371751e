from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.db.models import F

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Bumps, Event
from portico.domain.activity.models import Activity
from portico.lib.clock import now
from portico.lib.ids import Ref


class Subject(Protocol):
    """A row that something happened to. It also has a `customer_id` when it belongs to a customer."""

    @property
    def ref(self) -> Ref: ...

    @property
    def business_id(self) -> UUID: ...


def record(
    event: Event,
    subject: Subject,
    *,
    by: Actor,
    data: dict[str, Any] | None = None,
    customer_id: UUID | None = None,
    announce: bool = True,
) -> Activity:
    """Add what just happened to `subject`, in the caller's transaction, and bump the version that the event names.

    `data` holds what a reader of the history needs, never a secret. `customer_id` names the customer that an event
    about the business concerns. An announced event gets its reaction after the commit, unless `announce` is False.
    """
    ref = subject.ref
    if ref.kind not in event.about:
        raise ValueError(f"{event} is about {' or '.join(event.about)}, not about {ref.kind}.")
    customer_id = customer_id or getattr(subject, "customer_id", None)
    if event.bumps is not Bumps.NOTHING:
        _bump(event.bumps, customer_id if event.bumps is Bumps.CUSTOMER else subject.business_id)
    return Activity.objects.create(
        business_id=subject.business_id,
        customer_id=customer_id,
        verb=event.value,
        subject_kind=ref.kind,
        subject_id=ref.id,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label[:200],
        ip=by.ip,
        data=data or {},
        react_at=now() if event.announced and announce else None,
    )


def _bump(model: Bumps, key: UUID | None) -> None:
    # By its label, as in a foreign key: the app of the model records events itself, so it can't be imported here.
    apps.get_model(model.value)._base_manager.filter(pk=key).update(revision=F("revision") + 1)
