"""Staff add customers and change what is on file of them; nobody overwrites what they have not seen."""

from typing import Any

import pytest
from django.test import Client

from portico.domain.access.links.actions.make_portal_link import generate_portal_link
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.web.dashboard.tests.cast import Paper, a_customer, a_document

EMPTY = {
    f"{kind}.{name}": ""
    for kind in ("billing", "shipping")
    for name in ("line1", "line2", "postal_code", "city", "region", "country")
}
HAFEN = {
    "name": "Hafenlicht",
    "legal_name": "Hafenlicht Leuchten GmbH",
    "email": "rechnung@hafenlicht.example",
    "phone": "+49 40 1234",
    "external_id": "H-7",
    "tax_id": "DE136695976",
    "registration_number": "HRB 7",
    "language": "de",
    "currency": "eur",
    "payment_terms_days": "30",
    "credit_limit": "5,000.00",
    "reminders_stopped": "yes",
    "staff_notes": "Pays late in August.\r\nCall Ms Kaya first.",
    **EMPTY,
    "billing.line1": "Kai 1",
    "billing.city": "Hamburg",
    "billing.country": "DE",
}


def _seen(client: Client, path: str) -> str:
    return client.get(path).content.decode().partition('name="seen" value="')[2].partition('"')[0]


def _typed(client: Client, customer: Customer, **changes: str) -> dict[str, str]:
    on_file = {"name": customer.name, "email": customer.email, "external_id": customer.external_id}
    return {**on_file, "seen": _seen(client, f"/customers/{customer.public_id}/edit"), **changes}


def test_a_customer_is_added_with_all_that_is_typed(owner: Client, shop: Business) -> None:
    answer = owner.post("/customers/new", HAFEN)
    made = Customer.objects.get(external_id="H-7")
    assert answer.headers["Location"] == f"/customers/{made.public_id}"
    assert (made.legal_name, made.currency, made.payment_terms_days) == ("Hafenlicht Leuchten GmbH", "EUR", 30)
    assert (made.credit_limit, made.credit_limit_currency, made.reminders_stopped) == (500_000, "EUR", True)
    assert made.staff_notes == "Pays late in August.\nCall Ms Kaya first."
    assert [(row.kind, row.city) for row in made.addresses.all()] == [("billing", "Hamburg")]
    assert Activity.objects.filter(verb="customer.created", subject_id=made.pk, actor_label="Olga").exists()
    html = owner.get(f"/customers/{made.public_id}").content.decode()
    for text in ("€5,000.00", "30 days", "Call Ms Kaya first.", "None are sent", "Hafenlicht Leuchten GmbH", "Kai 1"):
        assert text in html


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "Please fill this in."),
        ("email", "nobody", "This is not an e-mail address"),
        ("tax_id", "DE12", "A VAT ID of DE has another form"),
        ("currency", "XXQ", "Enter a currency code such as EUR."),
        ("payment_terms_days", "400", "Enter 365 or less."),
        ("payment_terms_days", "soon", "Enter a whole number."),
        ("credit_limit", "-5", "Enter an amount more than zero"),
        ("billing.country", "", "Choose the country."),
        ("external_id", "C-1", "Another customer has this external id."),
    ],
)
def test_wrong_input_is_said_at_its_field_and_what_was_typed_stays(
    owner: Client, acme: Customer, field: str, typed: str, said: str
) -> None:
    answer = owner.post("/customers/new", HAFEN | {field: typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert f'id="edit_{field}_error"' in html
    assert "Call Ms Kaya first." in html
    assert "Hafenlicht Leuchten GmbH" in html
    assert list(Customer.objects.all()) == [acme]


def test_a_change_is_kept_with_both_values_in_the_history(owner: Client, acme: Customer) -> None:
    here = f"/customers/{acme.public_id}/edit"
    assert owner.post(here, _typed(owner, acme, name="Acme AG", payment_terms_days="14")).status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.payment_terms_days) == ("Acme AG", 14)
    row = Activity.objects.filter(verb="customer.updated").latest("id")
    assert row.data["before"] == {"name": "Acme GmbH", "payment_terms_days": ""}
    assert row.data["after"] == {"name": "Acme AG", "payment_terms_days": "14"}
    timeline = owner.get(f"/customers/{acme.public_id}/timeline").content.decode()
    assert "Acme AG" in timeline
    assert "Payment terms" in timeline


def test_who_comes_second_sees_both_values_and_overwrites_on_purpose_only(owner: Client, acme: Customer) -> None:
    here = f"/customers/{acme.public_id}/edit"
    typed = _typed(owner, acme, name="Mine")
    owner.post(here, _typed(owner, acme, name="Theirs"))
    answer = owner.post(here, typed)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in html
    assert "Mine" in html
    acme.refresh_from_db()
    assert acme.name == "Theirs"
    seen = html.partition('name="seen" value="')[2].partition('"')[0]
    assert owner.post(here, typed | {"seen": seen}).status_code == 302
    acme.refresh_from_db()
    assert acme.name == "Mine"


def test_another_currency_takes_the_limit_along_and_none_takes_it_away(owner: Client, acme: Customer) -> None:
    here = f"/customers/{acme.public_id}/edit"
    owner.post(here, _typed(owner, acme, currency="KWD", credit_limit="1.500"))
    acme.refresh_from_db()
    assert (acme.credit_limit, acme.credit_limit_currency) == (1500, "KWD")
    owner.post(here, _typed(owner, acme, currency="JPY", credit_limit="9000"))
    acme.refresh_from_db()
    assert (acme.credit_limit, acme.credit_limit_currency) == (9000, "JPY")
    owner.post(here, _typed(owner, acme, currency="JPY", credit_limit=""))
    acme.refresh_from_db()
    assert (acme.credit_limit, acme.credit_limit_currency) == (None, "")


def test_the_credit_limit_is_warned_of_at_issue_and_on_the_page(owner: Client, acme: Customer) -> None:
    Customer.objects.filter(pk=acme.pk).update(credit_limit=15_000, credit_limit_currency="EUR")
    acme.refresh_from_db()
    first, second = (a_document(acme, Paper(draft=True)) for _ in range(2))
    page = owner.post(f"/documents/{first.public_id}/issue", follow=True).content.decode()
    assert "credit limit" not in page
    page = owner.post(f"/documents/{second.public_id}/issue", follow=True).content.decode()
    assert "The customer now owes €200.00, more than the credit limit of €150.00." in page
    assert "Over the credit limit of €150.00" in owner.get(f"/customers/{acme.public_id}").content.decode()


def test_an_archived_customer_leaves_the_lists_and_gets_no_documents(
    owner: Client, acme: Customer, invoice: Document
) -> None:
    here, draft = f"/customers/{acme.public_id}", a_document(acme, Paper(draft=True))
    grant, _secret = generate_portal_link(acme, by=OPERATOR)
    assert "Archive this customer?" in owner.post(f"{here}/archive").content.decode()
    assert "Acme GmbH" in owner.get("/customers").content.decode()
    owner.post(f"{here}/archive", {"confirmed": "yes"})
    assert "Acme GmbH" not in owner.get("/customers").content.decode()
    assert "Acme GmbH" in owner.get("/customers?owes=archived").content.decode()
    assert "Archived" in owner.get(here).content.decode()
    answer = owner.post(f"/documents/{draft.public_id}/issue")
    assert answer.status_code == 409
    assert "gets no new documents" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.lifecycle == "draft"
    grant.refresh_from_db()
    assert grant.state == "active"
    owner.post(f"{here}/archive", {"do": "unarchive"})
    assert "Acme GmbH" in owner.get("/customers").content.decode()
    assert owner.post(f"/documents/{draft.public_id}/issue").status_code == 302
    verbs = Activity.objects.filter(subject_id=acme.pk).values_list("verb", flat=True)
    assert {"customer.archived", "customer.unarchived"} <= set(verbs)


def test_contacts_are_added_changed_made_main_and_removed(owner: Client, acme: Customer) -> None:
    here = f"/customers/{acme.public_id}"
    eva = {"name": "Eva Klein", "role": "CFO", "email": "eva@acme.example", "phone": ""}
    assert owner.post(f"{here}/contacts/new", eva | {"email": "eva"}).status_code == 422
    assert acme.contacts.count() == 1
    owner.post(f"{here}/contacts/new", eva)
    added = acme.contacts.get(name="Eva Klein")
    page = f"/contacts/{added.public_id}"
    owner.post(page, {"action": "main"})
    assert [row.name for row in acme.contacts.all()] == ["Eva Klein", "Ada Ahrens"]
    owner.post(page, eva | {"seen": _seen(owner, page), "role": "Owner"})
    added.refresh_from_db()
    assert added.role == "Owner"
    assert "Remove this contact?" in owner.post(page, {"action": "remove"}).content.decode()
    assert acme.contacts.count() == 2
    owner.post(page, {"action": "remove", "confirmed": "yes"})
    assert [row.name for row in acme.contacts.all()] == ["Ada Ahrens"]


def test_a_contact_that_changed_in_the_meantime_is_not_overwritten(owner: Client, acme: Customer) -> None:
    ada = acme.contacts.get()
    page, typed = f"/contacts/{ada.public_id}", {"name": "Ada A.", "role": "", "email": "ada@acme.example", "phone": ""}
    seen = _seen(owner, page)
    owner.post(page, typed | {"seen": seen, "name": "Ada B."})
    assert owner.post(page, typed | {"seen": seen}).status_code == 409
    ada.refresh_from_db()
    assert ada.name == "Ada B."


@pytest.mark.parametrize("path", ["edit", "archive", "contacts/new"])
def test_strangers_find_nothing(stranger: Client, acme: Customer, path: str) -> None:
    before = list(Customer.objects.values())
    body: dict[str, Any] = {"name": "Mine", "confirmed": "yes"}
    assert stranger.post(f"/customers/{acme.public_id}/{path}", body).status_code == 404
    assert stranger.post(f"/contacts/{acme.contacts.get().public_id}", body).status_code == 404
    assert list(Customer.objects.values()) == before


def test_the_customer_never_sees_what_staff_keep_to_themselves(owner: Client, acme: Customer) -> None:
    Customer.objects.filter(pk=acme.pk).update(
        staff_notes="Slow payer", metadata={"crm": "cold lead"}, credit_limit=12_345, credit_limit_currency="EUR"
    )
    a_customer(acme.business, "Other")
    acme.refresh_from_db()
    _grant, secret = generate_portal_link(acme, by=OPERATOR)
    customer = Client(headers={"host": "testserver"})
    base = f"/portal/{acme.business.slug}"
    customer.get(f"{base}/s/{secret}")
    for page in ("", "/billing-details", "/activity", "/billing-details/edit"):
        html = customer.get(f"{base}{page}", follow=True).content.decode()
        assert "Acme" in html
        for text in ("Slow payer", "cold lead", "123.45"):
            assert text not in html
