"""`/dev/outbox`: a demonstration's mail, shown to the business that sent it, and not there anywhere else."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import React
from portico.config.mailers import demo_mailers
from portico.domain.access.links.actions.mail_portal_link import request_portal_link_mail
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.output.mail.models import Message


@pytest.fixture
def mailed(acme: Customer, react: React, settings: Settings, tmp_path: Path) -> Message:
    """A portal link that a demonstration has mailed."""
    settings.PORTICO_DEMO, settings.MAILERS, settings.PORTICO_HOME = True, demo_mailers(), tmp_path
    request_portal_link_mail(acme, by=OPERATOR)
    react()
    return Message.objects.get()


def test_the_mail_is_listed_and_shown(owner: Client, mailed: Message) -> None:
    listed = owner.get("/dev/outbox").content.decode()
    assert "Your account at Nordlicht" in listed
    assert "ap@acme.example" in listed
    page = owner.get(f"/dev/outbox/{mailed.public_id}")
    html = page.content.decode()
    assert mailed.message_id.strip("<>") in html
    link = re.search(r'<a href="(http://testserver/portal/nordlicht/s/pl_[\w-]+)" rel="[^"]*" target="_blank">', html)
    assert link is not None
    assert Client(headers={"host": "testserver"}).get(link[1]).status_code == 303
    assert f'src="/dev/outbox/{mailed.public_id}.html"' in html
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "script-src 'nonce-" in page["Content-Security-Policy"]


def test_a_mail_s_html_can_do_nothing(owner: Client, mailed: Message) -> None:
    answer = owner.get(f"/dev/outbox/{mailed.public_id}.html")
    assert answer.content.decode().startswith("<!DOCTYPE html>")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert answer["Cache-Control"] == "no-store"


def test_it_lies_where_only_the_owner_of_the_folder_reads_it(mailed: Message, tmp_path: Path) -> None:
    [file] = (tmp_path / "outbox").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_leads_there_when_it_is_no_demonstration(owner: Client, mailed: Message, settings: Settings) -> None:
    assert "/dev/outbox" in owner.get("/mail").content.decode()
    settings.PORTICO_DEMO = False
    for path in ("", f"/{mailed.public_id}", f"/{mailed.public_id}.html"):
        assert owner.get(f"/dev/outbox{path}").status_code == 404
    assert "/dev/outbox" not in owner.get("/mail").content.decode()


def test_it_is_the_business_s_own(stranger: Client, visitor: Client, mailed: Message) -> None:
    assert "ap@acme.example" not in stranger.get("/dev/outbox").content.decode()
    for path in (f"/{mailed.public_id}", f"/{mailed.public_id}.html"):
        assert stranger.get(f"/dev/outbox{path}").status_code == 404
        assert visitor.get(f"/dev/outbox{path}").status_code == 302


@pytest.mark.parametrize("name", ["msg_01j", "nothing", "..%2F..%2Fsecret-keys", "msg_7zzzzzzzzzzzzzzzzzzzzzzzzz"])
def test_an_unknown_mail_is_not_there(owner: Client, mailed: Message, name: str) -> None:
    assert owner.get(f"/dev/outbox/{name}").status_code == 404
    assert owner.get(f"/dev/outbox/{name}.html").status_code == 404


def test_a_mail_that_was_never_written_is_listed_and_has_no_page(
    owner: Client, mailed: Message, settings: Settings, react: React, acme: Customer
) -> None:
    settings.MAILERS = {}
    request_portal_link_mail(acme, by=OPERATOR)
    react()
    unsent = Message.objects.latest("id")
    assert "Not sent" in owner.get("/dev/outbox").content.decode()
    assert owner.get(f"/dev/outbox/{unsent.public_id}").status_code == 404
