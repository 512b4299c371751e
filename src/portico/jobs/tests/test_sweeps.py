import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import EmailVerification, PortalSession, RateLimitCounter, StoredResponse
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.access.sessions.actions.end import end_session
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sessions.actions.resume import viewer_of
from portico.domain.access.sign_in.actions.request_verification import request_verification
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.jobs import sweeps

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(clock: Clock) -> Business:
    return create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


def test_sessions_are_forgotten_ninety_days_after_their_end(clock: Clock, acme: Business) -> None:
    customer, _ = upsert_customer(acme, CustomerInput("1", "Ottokar"), by=OPERATOR)
    _, secret = regenerate_portal_link(customer, by=OPERATOR)
    left, token = open_session(find_grant(acme, secret), ClientInfo("testserver"))
    viewer = viewer_of(token, slug="acme", host="testserver")
    assert viewer is not None
    end_session(viewer)
    clock.advance(days=2)
    lapsed, _ = open_session(find_grant(acme, secret), ClientInfo("testserver"))
    clock.advance(days=88, seconds=-1)
    assert sweeps.sessions.call() == 0
    clock.advance(seconds=2)
    assert sweeps.sessions.call() == 1
    assert list(PortalSession.objects.all()) == [lapsed]
    assert left.pk != lapsed.pk
    clock.advance(days=3)
    assert sweeps.sessions.call() == 1


def test_answers_are_kept_for_a_day(clock: Clock, acme: Business) -> None:
    api_key, _ = create_api_key(acme, "Shop", by=OPERATOR)
    StoredResponse.objects.create(api_key=api_key, key="k", fingerprint="f")
    clock.advance(hours=24)
    assert sweeps.stored_responses.call() == 0
    clock.advance(seconds=1)
    assert sweeps.stored_responses.call() == 1
    assert not StoredResponse.objects.exists()


def test_sign_in_mails_and_counts_are_forgotten_a_day_after_their_end(clock: Clock, acme: Business) -> None:
    old = request_verification(acme, EmailVerification.Kind.SIGN_IN, "old@example.com", ClientInfo("testserver"))
    clock.set(old.expires_at + timedelta(hours=24))
    assert sweeps.verifications.call() == 0
    assert list(EmailVerification.objects.all()) == [old]
    new = request_verification(acme, EmailVerification.Kind.SIGN_IN, "new@example.com", ClientInfo("testserver"))
    clock.advance(seconds=1)
    sweeps.verifications.call()
    assert list(EmailVerification.objects.all()) == [new]
    assert RateLimitCounter.objects.filter(ends_at__gt=clock.now()).count() == RateLimitCounter.objects.count() > 0


def test_content_that_no_file_names_is_removed(clock: Clock, acme: Business) -> None:
    path = default_storage.save(f"{acme.pk}/b", ContentFile(b"left over"))
    written = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(default_storage.path(path), (written, written))
    assert sweeps.files.call() == 1
    assert not default_storage.exists(path)


def test_old_pdfs_are_removed(clock: Clock) -> None:
    old = Path(settings.PORTICO_HOME) / "cache" / "pdf" / "ab" / "abc.pdf"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_bytes(b"%PDF")
    written = (clock.now() - timedelta(days=31)).timestamp()
    os.utime(old, (written, written))
    assert sweeps.pdf_cache.call() >= 1
    assert not old.exists()
