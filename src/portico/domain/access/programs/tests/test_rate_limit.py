"""Limits hold for everybody by themselves, over a window that begins with the first time."""

from datetime import timedelta

import pytest

from conftest import Clock
from portico.domain.access.models import RateLimitCounter
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.sign_in.actions.sweep import sweep_verifications
from portico.lib.visitors import subnet_of

MAILS = Limit("mail", 3, timedelta(hours=1))


@pytest.mark.django_db
def test_a_limit_holds_for_each_by_itself_until_its_window_ends(clock: Clock) -> None:
    assert [hit(MAILS, "a@example.com") for _ in range(5)] == [True, True, True, False, False]
    assert hit(MAILS, "b@example.com")
    assert hit(Limit("code", 3, timedelta(hours=1)), "a@example.com")
    clock.advance(minutes=59)
    assert not hit(MAILS, "a@example.com")
    clock.advance(minutes=1)
    assert [hit(MAILS, "a@example.com") for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_nobody_s_address_is_stored_and_old_counts_are_swept(clock: Clock) -> None:
    hit(MAILS, "a@example.com")
    assert "example" not in repr(list(RateLimitCounter.objects.values_list()))
    clock.advance(hours=2)
    assert sweep_verifications(clock.now()) == 1
    assert not RateLimitCounter.objects.exists()


@pytest.mark.parametrize(
    ("ip", "network"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), (None, "")],
)
def test_a_household_on_ipv6_is_one(ip: str | None, network: str) -> None:
    assert subnet_of(ip) == network
