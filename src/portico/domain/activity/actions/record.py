from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol, cast
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import F

from portico.domain.activity.actor import Actor
from portico.domain.activity.errors import CustomerMerged
from portico.domain.activity.events import Bumps, Event, Words
from portico.domain.activity.models import Activity
from portico.domain.search.actions.index import add_words, change_words, remove_words
from portico.domain.search.models import FoundAs
from portico.lib.clock import now
from portico.lib.ids import Ref


class Subject(Protocol):
    """A row that something happened to. It also has a `customer_id` when it belongs to a customer."""

    @property
    def ref(self) -> Ref: ...

    @property
    def business_id(self) -> UUID: ...


class Searched(Subject, Protocol):
    """A subject whose events change the words that it, or its customer, is found by."""

    def found_as(self) -> FoundAs: ...


def record(
    event: Event,
    subject: Subject,
    *,
    by: Actor,
    data: dict[str, Any] | None = None,
    customer_id: UUID | None = None,
    announce: bool = True,
    wait: timedelta = timedelta(0),
) -> Activity:
    """Add what just happened to `subject`, in the caller's transaction, and bump the version that the event names.

    The search index follows where the event changes the words that its subject is found by.

    `data` holds what a reader of the history needs, never a secret. `customer_id` names the customer that an event
    about the business concerns. An announced event gets its reaction after the commit, `wait` later, unless `announce`
    is False.

    Raises CustomerMerged for a customer that has become part of another one since the caller fetched it: whatever the
    transaction has written for it must not stay behind.
    """
    ref = subject.ref
    if ref.kind not in event.about:
        raise ValueError(f"{event} is about {' or '.join(event.about)}, not about {ref.kind}.")
    customer_id = customer_id or getattr(subject, "customer_id", None)
    if event.bumps is not Bumps.NOTHING:
        _bump(event.bumps, customer_id if event.bumps is Bumps.CUSTOMER else subject.business_id)
    if customer_id is not None and event.bumps is not Bumps.CUSTOMER:
        _refuse_merged(customer_id)
    if event.words is not Words.STAY:
        _INDEX[event.words](cast(Searched, subject).found_as())
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
        react_at=now() + wait if event.announced and announce else None,
    )


_INDEX: dict[Words, Callable[[FoundAs], None]] = {
    Words.ADDED: add_words,
    Words.CHANGED: change_words,
    Words.GONE: remove_words,
}


def _refuse_merged(key: UUID) -> None:
    rows = apps.get_model(Bumps.CUSTOMER.value)._base_manager.filter(pk=key)
    with transaction.atomic(savepoint=False):
        # Locked as weakly as a bump would, so that no merge comes between this and the end of the transaction.
        merged_into = rows.select_for_update(no_key=True).values_list("merged_into", flat=True).first()
    if merged_into is not None:
        raise CustomerMerged("The customer has become part of another one. Try again.")


def _bump(model: Bumps, key: UUID | None) -> None:
    # By its label, as in a foreign key: the app of the model records events itself, so it can't be imported here.
    rows = apps.get_model(model.value)._base_manager.filter(pk=key)
    current = rows.filter(merged_into=None) if model is Bumps.CUSTOMER else rows
    if not current.update(revision=F("revision") + 1) and rows.exists():
        raise CustomerMerged("The customer has become part of another one. Try again.")
