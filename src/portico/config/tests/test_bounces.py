"""Mail that comes back: a mail server's report flags the contact, stands in the log in words, and staff are notice."""

import io
import sys
from collections.abc import Callable

import pytest
from django.test import Client

from conftest import Clock, React
from portico.config.cli import run
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.mailing import MailInput
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.models import Message
from portico.web.dashboard.tests.cast import a_business, a_customer, a_document, signed_in, staff_of
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db
type Receive = Callable[[bytes], int]

# As Postfix writes them.
_POSTFIX = b"""From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: no-reply@testserver
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Fri, 20 Nov 2026 12:00:00 +0000 (UTC)

Final-Recipient: rfc822; ap@acme.example
Original-Recipient: rfc822;ap@acme.example
Action: %(action)s
Status: %(status)s
Remote-MTA: dns; mail.acme.example
Diagnostic-Code: smtp; %(said)s

--B1
Content-Type: message/rfc822

Message-ID: %(id)s
From: no-reply@testserver
To: ap@acme.example
Subject: Invoice

Text
--B1--
"""
# As Exchange writes them: no answer of a server, and the headers alone.
_EXCHANGE = b"""From: postmaster@acme.example
To: no-reply@testserver
Subject: Undeliverable: Invoice
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B2"

--B2
Content-Type: text/html; charset="utf-8"

<p>Your message couldn't be delivered.</p>
--B2
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.acme.example

Final-Recipient: rfc822;ap@acme.example
Action: failed
Status: 5.2.2

--B2
Content-Type: text/rfc822-headers

From: <no-reply@testserver>
Message-ID: %(id)s
Subject: Invoice

--B2--
"""


@pytest.fixture
def shop(db: None, clock: Clock) -> Business:
    return a_business("nordlicht")


@pytest.fixture
def owner(shop: Business) -> Client:
    return signed_in(staff_of(shop, "olga@nordlicht.example"))


@pytest.fixture
def acme(shop: Business) -> Customer:
    return a_customer(shop)


@pytest.fixture
def mailed(acme: Customer, owner: Client, postbox: Postbox, react: React) -> Message:
    [row] = mail_document(a_document(acme), MailInput(), by=OPERATOR)
    react()
    row.refresh_from_db()
    postbox.mails.clear()
    return row


@pytest.fixture
def receive(monkeypatch: pytest.MonkeyPatch) -> Receive:
    def pipe(content: bytes) -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return run(["mail", "receive"])

    return pipe


def _report(
    mailed: Message, action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 No such user"
) -> bytes:
    values = {"id": mailed.message_id, "action": action, "status": status, "said": said}
    return _POSTFIX % {key.encode(): value.encode() for key, value in values.items()}


def test_a_bounce_flags_the_contact_and_staff_are_notified_once(
    mailed: Message, owner: Client, acme: Customer, receive: Receive, postbox: Postbox, react: React
) -> None:
    assert receive(_report(mailed)) == 0
    assert receive(_report(mailed)) == 0
    react()
    mailed.refresh_from_db()
    assert (mailed.state, mailed.error) == ("bounced", "550 5.1.1 No such user")
    for path in (f"/customers/{acme.public_id}", "/mail?state=bounced", f"/mail/{mailed.public_id}"):
        assert "Nobody has this address there" in owner.get(path).content.decode(), path
    notice = postbox.the_only()
    assert notice.recipients == ["olga@nordlicht.example"]
    assert f"/mail/{mailed.public_id}" in notice.text
    assert "550 5.1.1 No such user" in notice.text


def test_headers_without_an_answer_read_in_words_too(mailed: Message, owner: Client, receive: Receive) -> None:
    assert receive(_EXCHANGE % {b"id": mailed.message_id.encode()}) == 0
    assert "The mailbox is full" in owner.get(f"/mail/{mailed.public_id}").content.decode()


def test_a_delivery_is_noted_and_a_delay_is_not(mailed: Message, receive: Receive) -> None:
    assert receive(_report(mailed, "delayed", "4.4.1", "connect timed out")) == 0
    mailed.refresh_from_db()
    assert mailed.state == "sent"
    assert receive(_report(mailed, "delivered", "2.0.0", "250 OK")) == 0
    mailed.refresh_from_db()
    assert mailed.state == "delivered"
    assert Activity.objects.filter(verb="mail.delivered").count() == 1


@pytest.mark.parametrize(
    "name", ["<msg_01kb5f0v7se9mt2mdpxhvqgyyy@testserver>", "<x@y>", "nothing", "<msg_@testserver>"]
)
def test_a_report_of_somebody_else_s_mail_changes_nothing(
    mailed: Message, receive: Receive, name: str, react: React
) -> None:
    mailed_as = mailed.message_id
    mailed.message_id = name
    assert receive(_report(mailed)) == 67
    mailed.refresh_from_db()
    assert (mailed.state, mailed.message_id) == ("sent", mailed_as)
    assert react() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: multipart/report; boundary=x\n\n"
        b"--x\nContent-Type: message/delivery-status\n\nAction: failed\n--x--",
        b"Content-Type: multipart/report\n\nnothing",
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\nContent-Type: message/rfc822\n\n" * 5000,
    ],
)
def test_a_report_that_says_nothing_is_ignored(mailed: Message, receive: Receive, content: bytes) -> None:
    assert receive(content) == 0
    mailed.refresh_from_db()
    assert mailed.state == "sent"
