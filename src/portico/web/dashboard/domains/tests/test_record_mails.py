"""Owners get a mail when the daily look-up first finds wrong records of a domain, and when all is right again."""

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business, Membership
from portico.domain.custom_domains.actions.remove import remove_domain
from portico.domain.custom_domains.models import CustomDomain
from portico.jobs.domains import check_domains
from portico.web.dashboard.domains.tests.test_domains import NAME, press, prove, proven
from portico.web.dashboard.tests.cast import staff_of
from tests.dns import NameServer
from tests.postbox import Postbox


@pytest.fixture
def used(owner: Client, shop: Business, dns: NameServer) -> CustomDomain:
    """A domain that links lead to. Besides its owner there is a member, who does not decide about domains."""
    domain = proven(owner, dns)
    press(owner, domain, "use")
    member = staff_of(shop, "mia@nordlicht.example")
    Membership.objects.filter(user=member).update(role=Membership.Role.MEMBER)
    return domain


def days(number: int, clock: Clock, react: React) -> None:
    for _ in range(number):
        clock.advance(days=1)
        check_domains.func()
        react()


def test_missing_proof_is_said_once_and_that_it_is_there_again(
    used: CustomDomain, dns: NameServer, clock: Clock, react: React, postbox: Postbox
) -> None:
    days(2, clock, react)
    assert postbox.mails == []
    dns.enter(used.proof_name, "TXT")
    days(3, clock, react)
    mail = postbox.the_only()
    assert mail.recipients == ["olga@nordlicht.example"]
    assert mail.subject == f"The DNS records of {NAME} are wrong"
    assert used.proof_value in mail.text
    assert f"CNAME {NAME}" not in mail.text
    assert "https://portico.hosting.net/settings/domains" in mail.text
    postbox.mails.clear()
    prove(dns, used)
    days(3, clock, react)
    mail = postbox.the_only()
    assert mail.subject == f"The DNS records of {NAME} are right again"
    # Links have been moved away meanwhile, and nobody has led them back.
    assert "Links lead to the address of this installation." in mail.text


def test_way_that_was_wrong_has_to_be_right_again(
    used: CustomDomain, dns: NameServer, clock: Clock, react: React, postbox: Postbox
) -> None:
    dns.enter(NAME, "CNAME", "elsewhere.example.net.")
    dns.enter("elsewhere.example.net", "A", "198.51.100.9")
    days(4, clock, react)
    mail = postbox.the_only()
    assert f"CNAME {NAME}" in mail.text
    assert used.proof_value not in mail.text
    postbox.mails.clear()
    dns.silent = {used.proof_name}
    days(2, clock, react)
    assert postbox.mails == []
    dns.silent = set()
    dns.enter(NAME, "CNAME", "portico.hosting.net.")
    days(2, clock, react)
    assert "are right again" in postbox.the_only().subject


def test_what_an_owner_has_seen_or_let_go_is_not_mailed(
    owner: Client, used: CustomDomain, dns: NameServer, clock: Clock, react: React, postbox: Postbox
) -> None:
    dns.enter(used.proof_name, "TXT")
    assert "Records are wrong" in press(owner, used, "check")
    react()
    days(2, clock, react)
    assert postbox.mails == []
    prove(dns, used)
    press(owner, used, "check")
    dns.enter(used.proof_name, "TXT")
    clock.advance(days=1)
    check_domains.func()
    used.refresh_from_db()
    remove_domain(used, by=OPERATOR)
    react()
    assert postbox.mails == []


def test_domain_that_was_not_proven_is_nobody_s_worry(
    owner: Client, dns: NameServer, clock: Clock, react: React, postbox: Postbox
) -> None:
    owner.post("/settings/domains", {"name": "waiting.nordlicht.org"})
    days(3, clock, react)
    assert postbox.mails == []
