"""Portal links by e-mail from the dashboard: asked first, then on their way, and told what became of them."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import React
from portico.config.mailers import mailers
from portico.domain.access.links.actions.make_portal_link import generate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.web.dashboard.tests.cast import a_business, a_customer
from tests.postbox import Postbox

TOKENS = "/settings/portal/tokens"
_LINK = re.compile(r"http://testserver/portal/nordlicht/s/(pl_[\w-]+)")


def _said(answer: Any) -> str:
    html: str = answer.content.decode()
    return html


def _path(customer: Customer) -> str:
    return f"/customers/{customer.public_id}/link"


def test_a_customer_s_link_is_mailed_after_a_question(
    owner: Client, shop: Business, acme: Customer, postbox: Postbox, react: React
) -> None:
    _, former = generate_portal_link(acme, by=OPERATOR)
    question = _said(owner.post(_path(acme), {"do": "mail"}))
    assert "E-mail 1 link?" in question
    assert "ap@acme.example" in question
    assert "The former one then stops working" in question
    assert react() == 0
    answer = owner.post(_path(acme), {"do": "mail", "confirmed": "yes"}, follow=True)
    assert "1 link is on its way." in _said(answer)
    assert react() == 1
    found = _LINK.search(postbox.the_only().text)
    assert found is not None
    assert find_grant(shop, found[1]).state == "active"
    assert find_grant(shop, former).state == "replaced"
    timeline = _said(owner.get(f"/customers/{acme.public_id}/timeline"))
    assert "Mail sent to ap@acme.example" in timeline
    assert "Your account at Nordlicht" in timeline
    assert "Portal link to be e-mailed" in timeline
    assert found[1] not in timeline


def test_a_mail_that_failed_is_in_the_timeline_with_the_reason(
    owner: Client, acme: Customer, postbox: Postbox, react: React
) -> None:
    postbox.refuse_recipients = "550 5.1.1 No such user"
    owner.post(_path(acme), {"do": "mail", "confirmed": "yes"})
    react()
    timeline = _said(owner.get(f"/customers/{acme.public_id}"))
    assert "Mail to ap@acme.example not sent" in timeline
    assert "550 5.1.1 No such user" in timeline


def test_an_address_that_mail_does_not_reach_is_marked_until_one_arrives(
    owner: Client, shop: Business, acme: Customer, postbox: Postbox, react: React
) -> None:
    marked = "The last mail did not arrive: <bdi>Nobody has this address there (550 5.1.1 No such user)</bdi>"
    page = f"/customers/{acme.public_id}"
    postbox.refuse_recipients = "550 5.1.1 No such user"
    owner.post(_path(acme), {"do": "mail", "confirmed": "yes"})
    assert marked not in _said(owner.get(page)), "nobody has tried yet"
    react()
    details = _said(owner.get(page)).partition('id="details-heading"')[2]
    assert marked in details.partition("ap@acme.example")[2].partition("</div>")[0]
    other = a_customer(shop, "Bell Ltd", email="ap@bell.example")
    assert marked not in _said(owner.get(f"/customers/{other.public_id}"))
    postbox.refuse_recipients = ""
    owner.post(_path(acme), {"do": "mail", "confirmed": "yes"})
    react()
    assert marked not in _said(owner.get(page))


def test_many_are_mailed_at_once_and_who_can_t_be_is_told(
    owner: Client, shop: Business, acme: Customer, postbox: Postbox, react: React
) -> None:
    mute = a_customer(shop, "Mute Ltd", email="")
    bell = a_customer(shop, "Bell Ltd", email="ap@bell.example")
    data = {"do": "mail", "customer": [customer.public_id for customer in (acme, mute, bell)]}
    question = _said(owner.post(TOKENS, data))
    assert "E-mail 3 links?" in question
    assert "No e-mail address" in question.partition("Mute Ltd")[2].partition("</li>")[0]
    answer = _said(owner.post(TOKENS, {**data, "confirmed": "yes"}, follow=True))
    assert "2 links are on their way. No e-mail address: Mute Ltd." in answer
    assert react() == 2
    assert sorted(mail.recipients for mail in postbox.mails) == [["ap@acme.example"], ["ap@bell.example"]]
    links = {mail.recipients[0]: _LINK.findall(mail.text) for mail in postbox.mails}
    assert find_grant(shop, links["ap@bell.example"][0]).customer == bell, "each gets their own"


def test_a_row_s_own_button_mails_that_row(
    owner: Client, shop: Business, acme: Customer, postbox: Postbox, react: React
) -> None:
    other = a_customer(shop, "Other Ltd", email="ap@other.example")
    data = {"one": f"mail:{acme.public_id}", "customer": other.public_id}
    assert "E-mail 1 link?" in _said(owner.post(TOKENS, data))
    # The question's own form.
    owner.post(TOKENS, {"do": "mail", "customer": acme.public_id, "confirmed": "yes"})
    react()
    assert postbox.the_only().recipients == ["ap@acme.example"]


@pytest.mark.parametrize("place", ["page", "list"])
def test_the_button_is_where_one_looks_for_it(owner: Client, acme: Customer, place: str) -> None:
    page = _said(owner.get(TOKENS if place == "list" else f"/customers/{acme.public_id}"))
    assert 'name="do" value="mail"' in page


def test_nothing_is_promised_that_can_t_be_kept(
    owner: Client, shop: Business, acme: Customer, postbox: Postbox, react: React, settings: Settings
) -> None:
    generate_portal_link(acme, by=OPERATOR)
    data = {"do": "mail", "confirmed": "yes"}
    change_portal_settings(shop, {"portal_enabled": False}, by=OPERATOR)
    assert "The portal is switched off" in _said(owner.post(_path(acme), data, follow=True))
    change_portal_settings(shop, {"portal_enabled": True}, by=OPERATOR)
    settings.MAILERS = mailers("")
    assert "No mail server is set up." in _said(owner.post(_path(acme), data, follow=True))
    settings.MAILERS = mailers(postbox.url)
    assert react() == 0
    assert postbox.mails == []
    assert Grant.objects.get().state == "active"
    assert not Activity.objects.filter(verb="link.mail_asked").exists()


def test_the_sixth_within_an_hour_has_to_wait(owner: Client, acme: Customer, postbox: Postbox, react: React) -> None:
    for _ in range(5):
        owner.post(_path(acme), {"do": "mail", "confirmed": "yes"})
    answer = _said(owner.post(_path(acme), {"do": "mail", "confirmed": "yes"}, follow=True))
    assert "please wait: Acme GmbH." in answer
    assert 'role="alert"' in answer
    assert react() == 5


def test_a_stranger_s_customer_is_not_mailed(stranger: Client, acme: Customer, react: React) -> None:
    a_customer(a_business("anders"))
    data = {"do": "mail", "confirmed": "yes"}
    assert stranger.post(_path(acme), data).status_code == 404
    assert stranger.post(TOKENS, {**data, "customer": acme.public_id}).status_code == 404
    assert react() == 0
