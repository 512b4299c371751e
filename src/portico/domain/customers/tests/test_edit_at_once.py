"""Several people change the same customer at the same moment: one is first, the others are told, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from portico.domain.access.errors import VerificationClosed
from portico.domain.access.models import EmailVerification
from portico.domain.access.sign_in.actions.change_email import confirm_email_change, undo_email_change
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.customers.actions.edit_contact import MOST_CONTACTS, add_contact, change_contact
from portico.domain.customers.actions.edit_details import edit_details
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.details import contact_details, details_of, version_of
from portico.domain.customers.errors import ChangedMeanwhile, TooManyContacts
from portico.domain.customers.models import Contact, Customer
from portico.lib.clock import now
from portico.lib.errors import PorticoError

pytestmark = pytest.mark.django_db(transaction=True)

_REFUSALS = (ChangedMeanwhile, TooManyContacts, VerificationClosed)


@pytest.fixture
def acme() -> Customer:
    business = create_business(BusinessInput("Nord", "nord", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    data = CustomerInput("acme", "Acme", email="ap@acme.example", phone="0", contacts=[ContactInput("Eva")])
    return upsert_customer(business, data, by=OPERATOR)[0]


def at_once(*actions: Callable[[], object]) -> list[type[PorticoError] | None]:
    """Do all of it at the same moment, each with a connection of its own; returns the refusals, None for what went."""
    gate = Barrier(len(actions), timeout=30)

    def act(action: Callable[[], object]) -> type[PorticoError] | None:
        try:
            gate.wait()
            action()
        except _REFUSALS as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(act, actions))


def test_one_of_several_edits_wins_and_is_the_one_that_is_announced(acme: Customer) -> None:
    seen = version_of(details_of(acme))
    phones = ["1", "2", "3", "4"]
    outcomes = at_once(
        *[lambda phone=phone: edit_details(acme, {"phone": phone}, seen=seen, by=OPERATOR) for phone in phones]
    )
    assert sorted(map(str, outcomes)) == sorted(["None", *[str(ChangedMeanwhile)] * 3])
    winner = phones[outcomes.index(None)]
    assert Customer.objects.get().phone == winner
    [event] = Activity.objects.filter(verb="customer.updated")
    assert event.data["after"] == {"phone": winner}


def test_one_of_several_edits_of_a_contact_wins(acme: Customer) -> None:
    eva = Contact.objects.get()
    seen, roles = version_of(contact_details(eva)), ["a", "b", "c"]
    outcomes = at_once(
        *[lambda role=role: change_contact(eva, {"role": role}, seen=seen, by=OPERATOR) for role in roles]
    )
    assert outcomes.count(None) == 1
    assert Contact.objects.get().role == roles[outcomes.index(None)]
    assert Activity.objects.filter(verb="contact.updated").count() == 1


def test_the_last_place_is_given_once(acme: Customer) -> None:
    Contact.objects.bulk_create(Contact(customer=acme, name="N") for _ in range(MOST_CONTACTS - 2))
    fields = {"name": "Udo", "email": "", "phone": "", "role": ""}
    outcomes = at_once(*[lambda: add_contact(acme, fields, by=OPERATOR)] * 3)
    assert outcomes.count(None) == 1
    assert Contact.objects.count() == MOST_CONTACTS


@pytest.mark.parametrize(
    ("kind", "act", "verb"),
    [
        (EmailVerification.Kind.EMAIL_CHANGE, confirm_email_change, "email.changed"),
        (EmailVerification.Kind.EMAIL_UNDO, undo_email_change, "email.change_undone"),
    ],
)
def test_a_mailed_link_acts_once(
    acme: Customer, kind: EmailVerification.Kind, act: Callable[..., None], verb: str
) -> None:
    verification = EmailVerification.objects.create(
        business=acme.business, customer=acme, kind=kind, email="new@acme.example", expires_at=now().replace(year=2100)
    )
    secret, _code = issue_secrets(verification)
    outcomes = at_once(*[lambda: act(acme.business, secret, ip=None)] * 3)
    assert outcomes.count(None) == 1
    assert Customer.objects.get().email == "new@acme.example"
    assert Activity.objects.filter(verb=verb).count() == 1
