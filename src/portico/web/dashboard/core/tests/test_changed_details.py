"""The timeline says what customers changed of themselves: each field as it is now, and as it was."""

from django.test import Client

from portico.domain.access.models import EmailVerification
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.actions.edit_contact import add_contact, change_contact, remove_contact
from portico.domain.customers.actions.edit_details import edit_details
from portico.domain.customers.details import contact_details, details_of, version_of
from portico.domain.customers.models import Customer
from portico.lib.l10n import apart

BY = Actor("customer", "cus_1", "Eva Klein")


def test_the_timeline_says_what_was_changed(owner: Client, acme: Customer) -> None:
    before = details_of(acme)
    changes = {"phone": "030 22", "shipping.city": "Bremen"}
    edit_details(acme, changes, seen=version_of(before), by=BY)
    eva = add_contact(acme, {"name": "Eva", "email": "eva@x.example", "phone": "", "role": ""}, by=BY)
    change_contact(eva, {"email": "e@x.example"}, seen=version_of(contact_details(eva)), by=BY)
    remove_contact(eva, by=BY)
    change = EmailVerification(business=acme.business, customer=acme)
    record(Event.EMAIL_CHANGED, change, by=BY, data={"before": "old@x.example", "after": "new@x.example"})
    html = owner.get(f"/customers/{acme.public_id}/timeline").content.decode()
    assert "Eva Klein" in html
    assert f"Phone: {apart('030 22')}" in html
    assert f"Town: {apart('Bremen')}" in html
    assert "Contact Eva added" in html
    assert f"E-mail: {apart('e@x.example')}, before: {apart('eva@x.example')}" in html
    assert f"Name: {apart('–')}, before: {apart('Eva')}" in html
    assert "E-mail address changed" in html
    assert f"E-mail: {apart('new@x.example')}, before: {apart('old@x.example')}" in html
