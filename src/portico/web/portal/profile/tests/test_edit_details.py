"""Billing details in the customer's own hand: only what is sent changes, nothing typed is lost, nobody overwrites."""

import re

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.details import details_of
from portico.domain.customers.models import Address, Customer
from portico.web.portal.conftest import Visitor

pytestmark = pytest.mark.django_db

BERLIN = {"line1": "Hauptstr. 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}


@pytest.fixture
def known(acme: Customer) -> Customer:
    """The customer, with something on file."""
    acme.external_id = "acme"
    acme.save()
    data = CustomerInput("acme", phone="030 1", tax_id="DE1", email="ap@acme.example", addresses={"billing": BERLIN})
    return upsert_customer(acme.business, data, by=OPERATOR)[0]


def seen(visitor: Visitor, name: str = "edit_details", *args: str) -> str:
    """The version that a page's form was made with."""
    found = re.search(r'name="seen" value="(\w{32})"', visitor.page(name, *args))
    assert found
    return found[1]


def kept(customer: Customer) -> dict[str, str]:
    return details_of(Customer.objects.get(pk=customer.pk))


def test_what_is_sent_changes_and_the_rest_stays(visitor: Visitor, known: Customer) -> None:
    before = kept(known)
    url = visitor.url("edit_details")
    assert url in visitor.page("billing_details")
    answer = visitor.post(url, seen=seen(visitor), **{"phone": " 030 2 ", "billing.line2": "Hof 3"})
    assert (answer.status_code, answer["Location"]) == (303, visitor.url("billing_details") + "?saved=details")
    assert kept(known) == before | {"phone": "030 2", "billing.line2": "Hof 3"}
    html = visitor.page("billing_details", query="?saved=details")
    assert "Your details are saved." in html
    assert "Hof 3" in html


def test_the_history_says_who_changed_what(visitor: Visitor, known: Customer) -> None:
    visitor.post(visitor.url("edit_details"), seen=seen(visitor), phone="030 2", tax_id="DE1")
    change = Activity.objects.filter(verb="customer.updated").latest("id")
    assert (change.actor_kind, change.actor_label, change.ip) == ("customer", "Acme GmbH", "127.0.0.1")
    assert change.data == {"changed": ["phone"], "before": {"phone": "030 1"}, "after": {"phone": "030 2"}}
    visitor.post(visitor.url("edit_details"), seen=seen(visitor), phone="030 2")
    assert Activity.objects.filter(verb="customer.updated").latest("id") == change, "what is unchanged is no event"


def test_an_address_comes_and_goes(visitor: Visitor, known: Customer) -> None:
    url = visitor.url("edit_details")
    shipping = {f"shipping.{name}": value for name, value in (BERLIN | {"city": "Bremen"}).items()}
    assert visitor.post(url, seen=seen(visitor), **shipping).status_code == 303
    assert Address.objects.get(customer=known, kind="shipping").city == "Bremen"
    empty = dict.fromkeys(shipping, "")
    assert visitor.post(url, seen=seen(visitor), **empty).status_code == 303
    assert not Address.objects.filter(customer=known, kind="shipping").exists()
    assert Address.objects.get(customer=known).city == "Berlin"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("billing.city", "", "Enter the town."),
        ("billing.country", "XX", "Choose one of the entries offered."),
        ("shipping.line1", "Hafen 3", "Choose the country."),
        ("phone", "0" * 61, "Enter 60 characters at most; this has 61."),
        ("tax_id", "DE\x071", "Leave out line breaks and control characters."),
        ("billing.city", "Ber\u2028lin", "Leave out line breaks and control characters."),
        ("tax_id", "DE\x851", "Leave out line breaks and control characters."),
        ("language", "tlh", "Choose one of the entries offered."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_above_and_nothing_typed_is_lost(
    visitor: Visitor, known: Customer, field: str, value: str, said: str
) -> None:
    before, events = kept(known), Activity.objects.count()
    typed = {"phone": "040 77", "billing.line2": "Hof 9", field: value}
    answer = visitor.post(visitor.url("edit_details"), seen=seen(visitor), **typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert 'role="alert" tabindex="-1" data-focus' in html
    assert f'aria-describedby="edit_{field}_error"' in html or field == "shipping.line1"
    assert 'value="Hof 9"' in html
    assert 'value="040 77"' in html or field == "phone"
    assert (kept(known), Activity.objects.count()) == (before, events)


def test_somebody_else_was_faster(visitor: Visitor, known: Customer) -> None:
    url, read = visitor.url("edit_details"), seen(visitor)
    upsert_customer(known.business, CustomerInput("acme", phone="030 99"), by=OPERATOR)
    before, events = kept(known), Activity.objects.count()
    answer = visitor.post(url, seen=read, phone="030 2", tax_id="DE1")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this in the meantime" in html
    assert "030 99" in html, "what is on file now"
    assert 'value="030 2"' in html, "and what was typed"
    assert (kept(known), Activity.objects.count()) == (before, events)
    again = re.search(r'name="seen" value="(\w{32})"', html)
    assert again
    assert visitor.post(url, seen=again[1], phone="030 2").status_code == 303
    assert kept(known)["phone"] == "030 2"


def test_two_who_say_the_same_do_not_disagree(visitor: Visitor, known: Customer) -> None:
    read = seen(visitor)
    upsert_customer(known.business, CustomerInput("acme", phone="030 99"), by=OPERATOR)
    assert visitor.post(visitor.url("edit_details"), seen=read, phone="030 99").status_code == 303


def test_a_form_that_says_no_version_changes_nothing(visitor: Visitor, known: Customer) -> None:
    before = kept(known)
    assert visitor.post(visitor.url("edit_details"), phone="030 2").status_code == 409
    assert kept(known) == before


def test_a_change_by_the_business_in_between_is_no_disagreement(visitor: Visitor, known: Customer) -> None:
    """Only the details count: that something else happened to the customer is nobody's other opinion."""
    read = seen(visitor)
    Customer.objects.filter(pk=known.pk).update(revision=99, registration_number="HRB 1")
    assert visitor.post(visitor.url("edit_details"), seen=read, phone="030 2").status_code == 303


def test_the_switch_takes_the_forms_away(visitor: Visitor, known: Customer, business: Business) -> None:
    read, before = seen(visitor), kept(known)
    Business.objects.update(allow_contact_edits=False, revision=99)
    html = visitor.page("billing_details")
    assert visitor.url("edit_details") not in html
    assert visitor.url("add_contact") not in html
    assert visitor.url("change_email") not in html
    assert "Something has changed?" in html
    for path in (visitor.url("edit_details"), visitor.url("add_contact"), visitor.url("change_email")):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, seen=read, phone="030 2", name="Eva", email="eva@acme.example").status_code == 404
    assert kept(known) == before


def test_countries_are_in_the_reader_s_language_the_business_s_own_first(visitor: Visitor, known: Customer) -> None:
    html = visitor.page("edit_details")
    offered = re.findall(r'<option value="([A-Z]{2})"', html.split('name="billing.country"')[1].split("</select>")[0])
    assert offered[:3] == ["DE", "AF", "AX"]
    visitor.post(visitor.url("language"), language="de")
    assert "Deutschland</option>" in visitor.page("edit_details")
