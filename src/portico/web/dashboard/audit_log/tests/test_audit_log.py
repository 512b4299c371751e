"""The audit log: what was done, by whom and when, found again and taken along; for owners alone."""

import csv
import io

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from portico.web.dashboard.tests.cast import a_customer, signed_in, staff_of

PAGE = "/settings/audit-log"


def seen(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200, query
    return answer.content.decode()


def lines(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{PAGE}.csv?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.fixture
def deeds(owner: Client, acme: Customer, invoice: Document, payment: Payment, clock: Clock) -> None:
    """Olga changes a setting, and a day later somebody is added at another customer."""
    olga = Actor("staff", "user_olga", "Olga", "127.0.0.1")
    change_payment_settings(acme.business, {"autopay_delay_days": 3}, by=olga)
    clock.advance(days=1)
    a_customer(acme.business, "Zeta Ltd", external_id="C-9", email="zeta@example.com")


def test_every_entry_says_who_did_what_when_and_what_changed(owner: Client, deeds: None) -> None:
    page = seen(owner)
    assert "Times in Europe/Berlin" in page
    for text in ("Settings changed", "Olga", "settings.changed", "20 Nov 2026, 13:00", "127.0.0.1", "Command line"):
        assert text in page
    assert f"{Activity.objects.count()} entries" in page


@pytest.mark.parametrize(("query", "found"), [
    ("person=olga", {"settings.changed"}),
    ("person=command", None),
    ("event=settings.changed", {"settings.changed"}),
    ("about=INV-0001", {"invoice.issued", "payment.applied"}),
    ("start=2026-11-21", {"customer.created", "contact.added"}),
    ("end=2026-11-20&person=olga", {"settings.changed"}),
    ("start=2026-11-22", set()),
    ("about=nothing-is-called-so", set()),
])  # fmt: skip
def test_it_is_narrowed_alike_on_page_and_in_the_file(
    owner: Client, deeds: None, query: str, found: set[str] | None
) -> None:
    page, verbs = seen(owner, query), {line["Event"] for line in lines(owner, query)}
    if found is None:
        assert "settings.changed" not in verbs
        assert verbs
        return
    assert verbs <= found
    assert bool(verbs) == bool(found)
    assert all(verb in page for verb in verbs)
    assert ("Nothing matches" in page) == (not found)


@pytest.mark.parametrize("typed", ["øLGA", "Ölga großmann", "GROSSMANN", "oelga", "a%20g"])
def test_a_person_is_found_in_any_case_and_without_accents(owner: Client, acme: Customer, typed: str) -> None:
    person = Actor("staff", "user_olga", "ÖLGA Großmann", "127.0.0.1")
    change_payment_settings(acme.business, {"autopay_delay_days": 3}, by=person)
    assert [line["Event"] for line in lines(owner, f"person={typed}")] == ["settings.changed"]
    assert lines(owner, "person=.lga") == lines(owner, "person=[") == []


def test_a_customer_is_found_by_its_ids(owner: Client, deeds: None, acme: Customer) -> None:
    for name in (acme.public_id, "C-1"):
        assert {line["Event"] for line in lines(owner, f"about={name}")} >= {"customer.created", "invoice.issued"}


def test_the_file_has_everything_with_zone_and_data(owner: Client, deeds: None) -> None:
    rows = lines(owner)
    assert len(rows) == Activity.objects.count()
    (row,) = (row for row in rows if row["Event"] == "settings.changed")
    assert row["Time"] == "2026-11-20T13:00:00+01:00"
    assert (row["Person"], row["Kind of person"], row["Network address"]) == ("Olga", "staff", "127.0.0.1")
    assert '"autopay_delay_days": 3' in row["Data"]


def test_it_is_paged(owner: Client, deeds: None, shop: Business) -> None:
    for number in range(50):
        a_customer(shop, f"Customer {number}", external_id=f"X-{number}", email=f"x{number}@example.com")
    assert "page=2" in seen(owner)
    assert "Business set up" in seen(owner, "page=9")


@pytest.mark.parametrize("query", ["start=yesterday", "start=0001-01-01", "end=9999-12-31", "event=nonsense"])
def test_a_wrong_filter_is_said_and_makes_no_file(owner: Client, deeds: None, query: str) -> None:
    assert owner.get(f"{PAGE}?{query}").status_code == 422
    assert owner.get(f"{PAGE}.csv?{query}").status_code == 404


def test_strangers_and_members_see_nothing_of_it(
    stranger: Client, owner: Client, deeds: None, shop: Business, acme: Customer, invoice: Document
) -> None:
    member = signed_in(staff_of(shop, "mia@nordlicht.example"))
    assert (member.get(PAGE).status_code, member.get(f"{PAGE}.csv").status_code) == (403, 403)
    for name in (acme.public_id, invoice.public_id, "C-1", invoice.number):
        assert lines(stranger, f"about={name}") == []
    assert "Olga" not in seen(stranger)


def test_nothing_in_it_can_be_changed(owner: Client, deeds: None) -> None:
    before = list(Activity.objects.order_by("id").values())
    for method in ("post", "put", "patch", "delete"):
        getattr(owner, method)(PAGE)
    assert list(Activity.objects.order_by("id").values()) == before
