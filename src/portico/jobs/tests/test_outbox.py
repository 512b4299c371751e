"""What is announced reaches its reaction: after the commit, in order, by one worker, again after a failure."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from conftest import Clock, React
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.jobs import outbox
from portico.jobs.outbox import keep_reacting, react_to_next
from portico.jobs.reactions import REACTIONS, Reaction
from portico.lib.errors import Conflict
from portico.lib.ids import Ref, uuid7

# Two that are announced; what is usually done about them does not happen here.
ASKED, HURRIED = Event.LINK_MAIL_ASKED, Event.SIGN_IN_ASKED


@dataclass(frozen=True)
class Row:
    """Something of a business that an event is about."""

    business_id: UUID
    kind: str

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, uuid7())


class Diary:
    """A reaction that writes down what it reacted to, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.error: Exception | None = None

    def __call__(self, activity: Activity) -> None:
        self.seen.append(activity.data["name"])
        if self.error is not None:
            raise self.error


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    diary = Diary()
    monkeypatch.setitem(REACTIONS, ASKED, Reaction(diary))
    monkeypatch.setitem(REACTIONS, HURRIED, Reaction(diary, urgent=True))
    monkeypatch.setattr(outbox, "_URGENT", [HURRIED])
    return diary


@pytest.fixture
def acme(db: None) -> Business:
    return create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


def happen(business: Business, name: str, event: Event = ASKED, *, announce: bool = True) -> Activity:
    return record(event, Row(business.pk, event.about[0]), by=OPERATOR, data={"name": name}, announce=announce)


def test_what_is_announced_is_reacted_to_once_and_in_order(acme: Business, diary: Diary, react: React) -> None:
    happen(acme, "silent", announce=False)
    for name in ("first", "second", "third"):
        happen(acme, name)
    assert react() == 3
    assert react() == 0
    assert diary.seen == ["first", "second", "third"]
    assert not Activity.objects.exclude(react_at=None).exists()


def test_who_is_waiting_goes_first(acme: Business, diary: Diary, react: React) -> None:
    happen(acme, "one of many")
    happen(acme, "another of many")
    happen(acme, "somebody waits", HURRIED)
    react()
    assert diary.seen == ["somebody waits", "one of many", "another of many"]


@pytest.mark.parametrize("error", [Conflict("not now"), LookupError("a bug")])
def test_a_failure_is_tried_again_and_stops_nobody_else(
    acme: Business, diary: Diary, react: React, clock: Clock, error: Exception
) -> None:
    diary.error = error
    happen(acme, "unlucky")
    assert react() == 1
    diary.error = None
    happen(acme, "next")
    assert react() == 1
    assert diary.seen == ["unlucky", "next"]
    clock.advance(seconds=29)
    assert react() == 0
    clock.advance(seconds=1)
    assert react() == 1
    assert diary.seen == ["unlucky", "next", "unlucky"]
    assert react() == 0


def test_pauses_grow_and_end_after_a_day(acme: Business, diary: Diary, react: React, clock: Clock) -> None:
    diary.error = Conflict("not now")
    activity, tries = happen(acme, "hopeless"), 0
    while react():
        tries += 1
        activity.refresh_from_db()
        if activity.react_at is None:
            break
        clock.set(activity.react_at)
    assert 10 < tries < 25
    assert timedelta(hours=18) < clock.now() - activity.at <= timedelta(hours=24)
    clock.advance(days=30)
    assert react() == 0


def test_an_event_without_a_reaction_waits_for_a_newer_version(
    acme: Business, react: React, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(REACTIONS, ASKED)
    happen(acme, "ahead")
    assert react() == 1
    diary = Diary()
    monkeypatch.setitem(REACTIONS, ASKED, Reaction(diary))
    clock.advance(minutes=1)
    assert react() == 1
    assert diary.seen == ["ahead"]


def test_what_a_dead_worker_had_is_taken_by_another(acme: Business, diary: Diary, react: React, clock: Clock) -> None:
    happen(acme, "taken")
    diary.error = KeyboardInterrupt()  # type: ignore[assignment]  # ends the process, as a kill does
    with pytest.raises(KeyboardInterrupt):
        react()
    diary.error = None
    assert react() == 0, "it may still be at work"
    clock.advance(minutes=5, seconds=1)
    assert react() == 1
    assert diary.seen == ["taken", "taken"]


def test_what_is_rolled_back_is_not_reacted_to(acme: Business, diary: Diary, react: React) -> None:
    def refused() -> None:
        with transaction.atomic():
            happen(acme, "never")
            raise Conflict("no")

    with pytest.raises(Conflict):
        refused()
    assert react() == 0
    assert diary.seen == []


@pytest.fixture
def many(transactional_db: None, diary: Diary) -> list[str]:
    acme = create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    names = [f"{number}" for number in range(24)]
    for name in names:
        happen(acme, name)
    return names


def test_several_workers_share_the_work(many: list[str], diary: Diary) -> None:
    start, done = threading.Barrier(3), []

    def worker() -> None:
        start.wait(30)
        try:
            while react_to_next():
                pass
            done.append(True)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(3)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(60)
    assert len(done) == 3
    assert sorted(diary.seen, key=int) == many


@pytest.fixture
def loop(transactional_db: None) -> Iterator[None]:
    """A worker's loop in the background."""
    stop = threading.Event()
    thread = threading.Thread(target=keep_reacting, args=[stop])
    thread.start()
    yield
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_a_commit_is_noticed_without_being_told(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, loop: None
) -> None:
    acme, reacted = (
        create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR),
        threading.Event(),
    )
    monkeypatch.setitem(REACTIONS, ASKED, Reaction(lambda _: reacted.set()))
    happen(acme, "now")
    assert reacted.wait(60)
