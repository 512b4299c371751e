"""Every event reads as a sentence in the timeline."""

from dataclasses import dataclass
from uuid import UUID

from django.test import Client

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.search.models import FoundAs, Group
from portico.lib.ids import Ref, uuid7
from portico.web.dashboard.core.event_labels import sentences

DATA = {"number": "N-7", "name": "Name 7", "recipient": "to@x.example", "amount": 4711, "currency": "EUR"}


@dataclass(frozen=True)
class Row:
    """Something of a customer that an event is about."""

    business_id: UUID
    customer_id: UUID
    kind: str

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, uuid7())

    def found_as(self) -> FoundAs:
        return FoundAs(self.business_id, Group.CUSTOMERS, self.customer_id, {"acme"})


def timeline(owner: Client, customer: Customer) -> str:
    """All pages of a customer's timeline, one after the other."""
    pages, number = [], 1
    while (answer := owner.get(f"/customers/{customer.public_id}/timeline?page={number}")).status_code == 200:
        pages.append(answer.content.decode())
        if f"page={number + 1}" not in pages[-1]:
            break
        number += 1
    return "".join(pages)


def test_every_event_reads_as_a_sentence(owner: Client, acme: Customer) -> None:
    assert set(sentences()) == set(Event)
    for event in Event:
        for kind in event.about:
            record(event, Row(acme.business_id, acme.pk, kind), by=OPERATOR, data=DATA, announce=False)
    html = timeline(owner, acme)
    assert "Business set up" in html, "the oldest stands on the last page"
    assert "Estimate N-7 approved" in html
    assert "Invoice N-7 applied" in html, "an invoice of less than nothing is a credit"
    assert "Payment N-7 of €47.11 recorded" in html
    assert "Online payment of €47.11 failed" in html
    assert [event.value for event in Event if event.value in html] == []
    assert "%(" not in html


def test_an_event_of_a_newer_version_shows_its_name(owner: Client, acme: Customer) -> None:
    Activity.objects.filter(customer=acme).update(verb="customer.teleported")
    assert "customer.teleported" in timeline(owner, acme)
