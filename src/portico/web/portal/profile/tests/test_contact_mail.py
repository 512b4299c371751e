"""Nobody is let in unseen: the customer and the former address are told by mail."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.access.models import EmailVerification, Grant
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.activity.actor import OPERATOR, Actor
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.edit_contact import add_contact, change_contact
from portico.domain.customers.details import contact_details, version_of
from portico.domain.customers.models import Contact, Customer
from portico.output.mail.models import Message
from portico.web.portal.conftest import SignIn, Visitor
from portico.web.portal.profile.tests.test_contacts import EVA, is_in, proved, seen
from tests.postbox import Postbox, Received

pytestmark = pytest.mark.django_db

MAIN, UDO = "ap@acme.example", "udo@acme.example"
IDA = Actor("staff", "user_1", "Ida")


@pytest.fixture
def eva(acme: Customer) -> Contact:
    acme.external_id, acme.email = "acme", MAIN
    acme.save()
    return Contact.objects.create(customer=acme, **EVA)


def add(visitor: Visitor, email: str = UDO, name: str = "Udo Groß") -> str:
    """Add a contact, and return what the page that follows says."""
    answer = visitor.post(visitor.url("add_contact"), name=name, email=email)
    assert answer.status_code == 303
    return visitor.page("billing_details", query="?" + urlsplit(answer["Location"]).query)


def change(visitor: Visitor, contact: Contact, **fields: str) -> str:
    """Change a contact, and return what the page that follows says."""
    answer = visitor.post(visitor.url("edit_contact", contact.public_id), seen=seen(visitor, contact), **fields)
    assert answer.status_code == 303
    return visitor.page("billing_details", query="?" + urlsplit(answer["Location"]).query)


def sent(postbox: Postbox, react: React) -> dict[str, Received]:
    """The mails that follow, by recipient, taken out of the box; nobody gets two."""
    react()
    mails = {mail.recipients[0]: mail for mail in postbox.mails}
    assert len(mails) == len(postbox.mails)
    postbox.mails.clear()
    return mails


def test_the_main_address_is_told_who_came_when_and_from_where(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React
) -> None:
    assert "We tell the account’s main address by mail." in add(visitor)
    assert not postbox.mails, "not before it is kept"
    [(recipient, mail)] = sent(postbox, react).items()
    assert recipient == MAIN
    assert mail.subject == "A contact can now sign in at Nordlicht Studio"
    for part in (mail.text, mail.html):
        for said in ("Acme GmbH", "Udo Groß", UDO, "20 Nov 2026, 13:00", "127.0.0.1", "hello@nordlicht.example"):
            assert said in part
    assert "Former address" not in mail.text
    assert react() == 0
    event = Activity.objects.get(verb="mail.sent")
    assert (event.customer, event.data["recipient"]) == (eva.customer, MAIN)
    assert event.data["letter"] == "contact_address"


def test_the_mail_leads_through_the_sign_in_page_to_where_the_contact_is_removed(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React
) -> None:
    add(visitor)
    grants = Grant.objects.count()
    mail = sent(postbox, react)[MAIN]
    [link] = set(re.findall(r"http://\S+", mail.text))
    assert urlsplit(link).path == visitor.url("billing_details")
    assert f'href="{link}"' in mail.html
    assert (Grant.objects.count(), EmailVerification.objects.count()) == (grants, 0), "nothing in it opens anything"
    outside = Client(headers={"host": "testserver"}).get(urlsplit(link).path)
    assert outside.status_code == 403
    assert UDO not in outside.content.decode().replace("<wbr>", "")
    reader, udo = proved(eva.customer, MAIN), Contact.objects.get(email=UDO)
    as_udo = proved(eva.customer, UDO, udo)
    assert UDO in reader.get(urlsplit(link).path).content.decode().replace("<wbr>", "")
    assert reader.post(visitor.url("remove_contact", udo.public_id)).status_code == 303
    assert not is_in(as_udo)


def test_it_is_told_once_though_it_is_handed_over_twice(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React
) -> None:
    add(visitor)
    assert list(sent(postbox, react)) == [MAIN]
    added = Activity.objects.get(verb="contact.added")
    # As after a crash between the mail and the mark.
    Activity.objects.filter(pk=added.pk).update(react_at=added.at)
    assert react() == 1
    assert not postbox.mails


def test_both_sides_of_a_changed_address_are_told(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React
) -> None:
    assert "We tell" not in change(visitor, eva, phone="030 6")
    assert react() == 0
    assert "We tell" in change(visitor, eva, email="klein@acme.example")
    mails = sent(postbox, react)
    assert mails.keys() == {MAIN, "eva@acme.example"}
    former, main = mails["eva@acme.example"], mails[MAIN]
    assert "k•••@acme.example" in former.text
    assert "please tell us" in former.text
    assert "Eva Klein" in main.text
    assert "klein@acme.example" in main.text
    assert "Former address: eva@acme.example" in main.text
    assert "We tell" not in change(visitor, eva, email="")
    mails = sent(postbox, react)
    assert mails.keys() == {"klein@acme.example"}, "nobody came"
    assert "•••" not in mails["klein@acme.example"].text
    change(visitor, eva, email="eva@acme.example")
    mails = sent(postbox, react)
    assert mails.keys() == {MAIN}
    assert "Former address" not in mails[MAIN].text


def test_an_address_that_lets_nobody_else_in_is_not_told_to_the_customer(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React
) -> None:
    for page in (add(visitor, email=""), add(visitor, email="AP@acme.example")):
        assert "The contact is saved." in page
        assert "We tell" not in page
    assert not sent(postbox, react)
    change(visitor, eva, email="EVA@acme.example")
    assert MAIN not in sent(postbox, react)


def test_a_contact_who_had_the_main_address_too_is_told_once(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React
) -> None:
    Contact.objects.update(email="Ap@acme.example")
    change(visitor, eva, email=UDO)
    assert "A contact was given an e-mail address" in sent(postbox, react)[MAIN].text
    assert Message.objects.count() == 1


def test_without_a_main_address_the_oldest_other_contact_is_told(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React
) -> None:
    Customer.objects.update(email="")
    Contact.objects.create(customer=eva.customer, name="Zoe", email="zoe@acme.example", position=1)
    Contact.objects.create(customer=eva.customer, name="No address", position=2)
    assert "We tell" not in add(visitor)
    assert list(sent(postbox, react)) == ["eva@acme.example"]
    change(visitor, eva, email="klein@acme.example")
    mails = sent(postbox, react)
    assert mails.keys() == {"eva@acme.example", "zoe@acme.example"}
    assert "klein@acme.example" in mails["zoe@acme.example"].text


def test_without_anybody_else_nobody_is_told(visitor: Visitor, acme: Customer, postbox: Postbox, react: React) -> None:
    add(visitor)
    add(visitor, email=UDO.upper(), name="The same")
    assert not sent(postbox, react)
    assert not Message.objects.exists()


@pytest.mark.parametrize("email", [UDO, "thief@evil.example"])
def test_whoever_can_take_the_main_address_back_learns_who_else_came_in(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React, clock: Clock, sign_in: SignIn, email: str
) -> None:
    thief = "thief@evil.example"
    visitor.post(visitor.url("change_email"), email=thief)
    link = re.search(r"http://\S+", sent(postbox, react)[thief].text)
    assert link
    # The browser that asked has proved the new address by it, and goes on.
    assert visitor.post(urlsplit(link[0]).path).status_code == 200
    assert sent(postbox, react).keys() == {MAIN}
    add(visitor, email=email)
    mails = sent(postbox, react)
    assert mails.keys() == {MAIN, thief} - ({thief} if email == thief else set())
    mail = mails[MAIN].text
    assert "Udo Groß" in mail
    assert f"{email[0]}•••@{email.partition('@')[2]}" in mail
    assert email not in mail
    assert "Take the change of your own address back as well" in mail
    assert "this was your address" in mail
    assert not re.search(r"http://", mail)
    clock.advance(days=7)
    change(sign_in(eva.customer), Contact.objects.get(email=email), email="other@evil.example")
    assert MAIN not in sent(postbox, react)


@pytest.mark.parametrize("typed", [{"name": "", "email": UDO}, {"name": "Udo", "email": "udo@acme"}])
def test_a_refused_form_tells_nobody(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React, typed: dict[str, str]
) -> None:
    assert visitor.post(visitor.url("add_contact"), **typed).status_code == 422
    url = visitor.url("edit_contact", eva.public_id)
    assert visitor.post(url, seen=seen(visitor, eva), **typed).status_code == 422
    assert visitor.post(url, seen="0" * 32, name="Eva", email=UDO).status_code == 409
    assert react() == 0
    assert not postbox.mails
    assert not Message.objects.exists()


def test_what_staff_and_programs_do_is_not_told_to_the_customer(eva: Contact, postbox: Postbox, react: React) -> None:
    _key, secret = create_api_key(eva.customer.business, "ERP", by=OPERATOR)
    program = Client(headers={"host": "testserver", "authorization": f"Bearer {secret}"})
    body = {"external_id": "acme", "contacts": [EVA, {"name": "Udo", "email": UDO}]}
    assert program.post("/api/v1/customers", body, "application/json").status_code == 200
    add_contact(eva.customer, {"name": "Ann", "email": "ann@acme.example", "phone": "", "role": ""}, by=IDA)
    assert not sent(postbox, react)
    change_contact(eva, {"email": "klein@acme.example"}, seen=version_of(contact_details(eva)), by=IDA)
    assert sent(postbox, react).keys() == {"eva@acme.example"}


def test_a_main_address_that_has_to_wait_keeps_nothing_from_the_former_one(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React, clock: Clock
) -> None:
    Contact.objects.update(email="nobody")
    postbox.refuse_content = "451 4.7.1 Later"
    change(visitor, eva, email=UDO)
    assert not sent(postbox, react)
    assert Message.objects.get(recipient="nobody").state == "failed", "it was tried all the same"
    postbox.refuse_content = ""
    clock.advance(seconds=30)
    assert sent(postbox, react).keys() == {MAIN}


@pytest.mark.parametrize("switch", ["portal_enabled", "allow_contact_edits"])
def test_where_customers_remove_nobody_the_mail_does_not_send_them_there(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React, switch: str
) -> None:
    add(visitor)
    Business.objects.update(**{switch: False})
    mail = sent(postbox, react)[MAIN]
    assert "please write to hello@nordlicht.example" in mail.text
    assert "Remove the contact" not in mail.text
    assert "http" not in mail.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Ein Ansprechpartner hat im Portal eine E-Mail-Adresse bekommen."), ("ar", "صار بإمكان جهة اتصال")],
)
def test_it_is_in_the_customer_s_language(
    visitor: Visitor, eva: Contact, postbox: Postbox, react: React, language: str, said: str
) -> None:
    Customer.objects.update(language=language)
    add(visitor)
    mail = sent(postbox, react)[MAIN]
    assert said in mail.text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in mail.html


def test_a_name_stays_a_name(visitor: Visitor, eva: Contact, postbox: Postbox, react: React) -> None:
    add(visitor, name="<b>Udo</b> %(business)s")
    mail = sent(postbox, react)[MAIN]
    assert "<b>Udo</b> %(business)s" in mail.text
    assert "<b>" not in mail.html
    assert "Udo" not in mail.subject
