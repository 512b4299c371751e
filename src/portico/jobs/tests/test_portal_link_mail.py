"""A portal link by mail, from the request to the mailbox: made by the worker, known to nobody else."""

import re
import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from pytest_django import Settings

from conftest import Clock, React
from portico.config.mailers import mailers
from portico.domain.access.errors import NoAddress, PortalOff, TooManyMails
from portico.domain.access.links.actions.mail_portal_link import request_portal_link_mail
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR, Actor
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.jobs.outbox import react_to_next
from portico.output.mail.models import Message
from tests.postbox import Postbox, Received
from tests.server import free_port

_LINK = re.compile(r"http://testserver/portal/acme/s/(pl_[\w-]+)")
IDA = Actor("staff", "user_1", "Ida")


def a_customer(language: str = "de") -> Customer:
    acme = create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    data = CustomerInput("C-1", "Ottokar GmbH", email="ap@ottokar.example", language=language)
    return upsert_customer(acme, data, by=OPERATOR)[0]


@pytest.fixture
def ottokar(db: None, clock: Clock) -> Customer:
    return a_customer()


def secret_in(mail: Received) -> str:
    found = _LINK.search(mail.text)
    assert found is not None
    return found[1]


def test_the_mailed_link_opens_the_portal_and_the_former_one_does_not(
    ottokar: Customer, postbox: Postbox, react: React
) -> None:
    _, former = regenerate_portal_link(ottokar, by=OPERATOR)
    request_portal_link_mail(ottokar, by=IDA)
    assert find_grant(ottokar.business, former).state == "active", "until the mail goes"
    assert react() == 1
    mail = postbox.the_only()
    assert mail.recipients == ["ap@ottokar.example"]
    assert "20. Dezember 2026" in mail.text
    secret = secret_in(mail)
    assert secret in mail.html
    assert find_grant(ottokar.business, former).state == "replaced"
    grant = find_grant(ottokar.business, secret)
    assert (grant.customer, grant.state, grant.created_by) == (ottokar, "active", "Ida")
    visitor = Client(headers={"host": "testserver"})
    assert visitor.get(f"/portal/acme/s/{secret}").status_code == 303
    assert "Ottokar GmbH" in visitor.get("/portal/acme/").content.decode()


def test_the_secret_is_stored_nowhere(ottokar: Customer, postbox: Postbox, react: React) -> None:
    request_portal_link_mail(ottokar, by=IDA)
    react()
    secret = secret_in(postbox.the_only())
    rows: list[Any] = [row for model in apps.get_models() for row in model._base_manager.values_list()]
    assert "ap@ottokar.example" in repr(rows)
    assert secret[10:] not in repr(rows)


def test_the_history_tells_of_the_mail(ottokar: Customer, postbox: Postbox, react: React) -> None:
    request_portal_link_mail(ottokar, by=IDA)
    react()
    verbs = Activity.objects.filter(customer=ottokar).order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["link.mail_asked", "link.generated", "mail.sent"]


def test_one_wish_is_one_link_and_one_mail_though_it_is_handed_over_twice(
    ottokar: Customer, postbox: Postbox, react: React
) -> None:
    asked = request_portal_link_mail(ottokar, by=IDA)
    react()
    # As after a crash between the mail and the mark.
    Activity.objects.filter(pk=asked.pk).update(react_at=asked.at)
    react()
    assert find_grant(ottokar.business, secret_in(postbox.the_only())).state == "active"
    assert Grant.objects.count() == 1


def test_while_the_server_is_away_the_former_link_stays(
    ottokar: Customer, postbox: Postbox, react: React, settings: Settings, clock: Clock
) -> None:
    _, former = regenerate_portal_link(ottokar, by=OPERATOR)
    settings.MAILERS = mailers(f"smtp://127.0.0.1:{free_port()}")
    request_portal_link_mail(ottokar, by=IDA)
    react()
    assert find_grant(ottokar.business, former).state == "active"
    settings.MAILERS = mailers(postbox.url)
    assert react() == 0
    clock.advance(seconds=30)
    assert react() == 1
    assert find_grant(ottokar.business, secret_in(postbox.the_only())).state == "active"


def test_without_a_way_out_the_link_stays_and_the_log_says_why(
    ottokar: Customer, react: React, settings: Settings
) -> None:
    _, former = regenerate_portal_link(ottokar, by=OPERATOR)
    settings.MAILERS = mailers("")
    request_portal_link_mail(ottokar, by=IDA)
    react()
    assert find_grant(ottokar.business, former).state == "active"
    assert Message.objects.get().state == "unsent"
    assert Activity.objects.get(verb="mail.failed").data["reason"] == "no way out is set"


def test_who_has_no_address_gets_none(ottokar: Customer, react: React) -> None:
    upsert_customer(ottokar.business, CustomerInput("C-1", email=""), by=OPERATOR)
    with pytest.raises(NoAddress):
        request_portal_link_mail(ottokar, by=IDA)
    assert react() == 0
    assert not Grant.objects.exists()


def test_a_closed_portal_mails_no_links(ottokar: Customer, react: React) -> None:
    change_portal_settings(ottokar.business, {"portal_enabled": False}, by=OPERATOR)
    with pytest.raises(PortalOff):
        request_portal_link_mail(ottokar, by=IDA)
    assert react() == 0
    assert not Grant.objects.exists()


def test_five_an_hour_are_enough(ottokar: Customer, postbox: Postbox, react: React, clock: Clock) -> None:
    for _ in range(5):
        request_portal_link_mail(ottokar, by=IDA)
    with pytest.raises(TooManyMails):
        request_portal_link_mail(ottokar, by=IDA)
    assert react() == 5
    assert len(postbox.mails) == 5
    clock.advance(hours=1)
    request_portal_link_mail(ottokar, by=IDA)
    assert react() == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_in_the_customer_s_language(db: None, postbox: Postbox, react: React, language: str) -> None:
    request_portal_link_mail(a_customer(language), by=IDA)
    react()
    html = postbox.the_only().html
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_event_send_one_mail(postbox: Postbox) -> None:
    asked = request_portal_link_mail(a_customer(), by=IDA)
    for _ in range(5):
        _race(asked)
    assert len(postbox.mails) == 1
    assert Grant.objects.count() == 1


def _race(asked: Activity) -> None:
    """Two workers at once, with an activity that is due whatever has been done about it."""
    Activity.objects.filter(pk=asked.pk).update(react_at=asked.at)
    start = threading.Barrier(2)

    def worker() -> None:
        start.wait(30)
        try:
            react_to_next()
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(2)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(60)
