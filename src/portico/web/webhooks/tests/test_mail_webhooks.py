"""Notices of mail providers: only with the secret; what came back is flagged, and answers become messages."""

import base64
import hashlib
import hmac
import json
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock, React
from portico.config.mailers import webhook_secret
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import staff_author
from portico.domain.conversations.models import Comment
from portico.domain.customers.models import Customer, MailOptOut
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Document, Kind
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.models import Message
from portico.web.dashboard.tests.cast import Paper, a_business, a_customer, a_document, staff_of
from tests.postbox import Postbox

SECRET, KEY = "portico:0123456789abcdef", "key-of-mailgun"
JSON = "application/json"


@pytest.fixture(autouse=True)
def _set_up(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    settings.PORTICO_REPLY_ADDRESS = "reply@mail.example.com"


@pytest.fixture
def acme(db: None, clock: Clock) -> Customer:
    business = a_business("nordlicht")
    staff_of(business, "olga@nordlicht.example")
    return a_customer(business)


@pytest.fixture
def sent(acme: Customer, postbox: Postbox, react: React) -> Message:
    """A mail that a mail server has taken."""
    mail_document(a_document(acme, Paper(kind=Kind.ESTIMATE)), MailInput(), by=OPERATOR)
    react()
    postbox.mails.clear()
    return Message.objects.get(letter="estimate")


def post(path: str, body: Any, secret: str = SECRET) -> int:
    """Post what a provider would, and return the status."""
    headers = {"host": "testserver"}
    if secret:
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    client = Client(headers=headers, enforce_csrf_checks=True)
    if isinstance(body, dict) and "body-mime" in body:
        return client.post(f"/webhooks/mail/{path}", body).status_code
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(f"/webhooks/mail/{path}", content, content_type=JSON).status_code


def postmark(record: str, message: Message, **more: str) -> dict[str, Any]:
    return {
        "RecordType": record, "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Email": message.recipient,
        "Metadata": {"message": message.public_id}, "BouncedAt": "2026-11-20T12:00:00Z", **more,
    }  # fmt: skip


def bounce(message: Message) -> dict[str, Any]:
    return postmark("Bounce", message, Type="HardBounce", Details="smtp;550 5.1.1 No such user"[5:])


def mailgun(event: str, message: Message, *, key: str = KEY) -> dict[str, Any]:
    proof = hmac.new(key.encode(), b"1234token", hashlib.sha256).hexdigest()
    data = {
        "event": event, "recipient": message.recipient, "timestamp": 1, "severity": "permanent",
        "message": {"headers": {"message-id": message.message_id.strip("<>")}},
        "delivery-status": {"message": "5.1.1 No such user"},
    }  # fmt: skip
    return {"signature": {"timestamp": "1234", "token": "token", "signature": proof}, "event-data": data}


def brevo(event: str, message: Message) -> dict[str, Any]:
    custom = json.dumps({"message": message.public_id})
    return {"event": event, "email": message.recipient, "message-id": "<1@brevo>", "ts_event": 1,
            "X-Mailin-custom": custom, "reason": "554 5.7.1 refused"}  # fmt: skip


@pytest.mark.parametrize("provider", ["postmark", "mailgun", "brevo"])
def test_a_mail_that_came_back_flags_the_address_and_tells_staff(
    sent: Message, postbox: Postbox, react: React, provider: str
) -> None:
    notices = {
        "postmark": bounce(sent),
        "mailgun": mailgun("failed", sent),
        "brevo": brevo("hard_bounce", sent),
    }
    for _ in range(2):
        assert post(f"{provider}/tracking", notices[provider]) == 200
    sent.refresh_from_db()
    assert (sent.state, sent.error[:3]) == ("bounced", "554" if provider == "brevo" else "550")
    assert Activity.objects.filter(verb="mail.bounced").count() == 1
    react()
    assert postbox.the_only().recipients == ["olga@nordlicht.example"]


def test_a_delivery_is_noted(sent: Message) -> None:
    assert post("postmark/tracking", postmark("Delivery", sent)) == 200
    sent.refresh_from_db()
    assert (sent.state, sent.error) == ("delivered", "")


def test_what_is_reported_as_unwanted_is_switched_off(sent: Message) -> None:
    assert post("mailgun/tracking", mailgun("complained", sent)) == 200
    assert list(MailOptOut.objects.values_list("email", "topic")) == [(sent.recipient, "estimates")]


@pytest.mark.parametrize("secret", ["", "portico:guessed", "portico:", SECRET.upper()])
def test_without_the_secret_nothing_is_taken(sent: Message, secret: str) -> None:
    before = Activity.objects.count()
    for path, body in (
        ("postmark/tracking", bounce(sent)),
        ("mailgun/tracking", mailgun("failed", sent)),
        ("brevo/tracking", brevo("hard_bounce", sent)),
        ("postmark/inbound", {"RawEmail": "From: a@b.example\n\nHello"}),
    ):
        assert post(path, body, secret) == 401
    sent.refresh_from_db()
    assert (sent.state, Activity.objects.count()) == ("sent", before)


def test_mailgun_signs_its_notices_besides(sent: Message, settings: Settings) -> None:
    assert post("mailgun/tracking", mailgun("failed", sent, key="guessed")) == 401
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": ""}
    assert post("mailgun/tracking", mailgun("failed", sent)) == 404
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_what_is_not_set_up_is_not_there(sent: Message, settings: Settings) -> None:
    for path in ("sendgrid/tracking", "brevo/inbound", "postmark/other"):
        assert post(path, bounce(sent)) == 404
    settings.ANYMAIL = {"WEBHOOK_SECRET": "", "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    assert post("postmark/tracking", bounce(sent)) == 404
    assert post("postmark/tracking", bounce(sent), secret="") == 404


@pytest.mark.parametrize("body", ["", "[", "[]", "{}", "null", '{"RecordType": 7}', b"\xff", '{"event-data": []}'])
def test_nonsense_with_the_secret_changes_nothing(sent: Message, body: str | bytes) -> None:
    before = Activity.objects.count()
    for path in ("postmark/tracking", "postmark/inbound", "mailgun/tracking", "brevo/tracking"):
        assert post(path, body) in {200, 400, 401}
    assert Activity.objects.count() == before


def test_mail_of_somebody_else_is_answered_and_ignored(sent: Message) -> None:
    other = bounce(sent) | {"Metadata": {}}
    assert post("postmark/tracking", other) == 200
    sent.refresh_from_db()
    assert sent.state == "sent"


def an_answer(acme: Customer, invoice: Document, postbox: Postbox, react: React) -> EmailMessage:
    """An answer to a mail about a message, as the customer's program writes it."""
    olga = staff_of(acme.business, "lena@nordlicht.example")
    add_comment(acme, invoice, CommentInput("In line 2. Enough?"), staff_author(olga), by=OPERATOR)
    react()
    asked = next(mail for mail in postbox.mails if mail.recipients == [acme.email])
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Message-ID"] = acme.email, asked.message["Reply-To"], "<9@acme.example>"
    answer.set_content("Yes, thank you.")
    answer.add_attachment(b"one two", maintype="text", subtype="plain", filename="list.txt")
    return answer


@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_an_answer_becomes_a_message_once(acme: Customer, postbox: Postbox, react: React, provider: str) -> None:
    answer = an_answer(acme, a_document(acme), postbox, react)
    raw = answer.as_string()
    proof = hmac.new(KEY.encode(), b"1234token", hashlib.sha256).hexdigest()
    body: dict[str, Any] = (
        {"RawEmail": raw, "FromFull": {"Email": acme.email}, "OriginalRecipient": str(answer["To"])}
        if provider == "postmark"
        else {"body-mime": raw, "recipient": str(answer["To"]), "sender": acme.email,
              "timestamp": "1234", "token": "token", "signature": proof}
    )  # fmt: skip
    for _ in range(2):
        assert post(f"{provider}/inbound", body) == 200
    said = Comment.objects.filter(author_kind="customer").get()
    assert (said.body, said.verified, said.customer) == ("Yes, thank you.", True, acme)


def test_mail_to_nobody_is_answered_and_not_kept(acme: Customer) -> None:
    raw = "From: a@b.example\nTo: reply@mail.example.com\nMessage-ID: <1@b.example>\n\nHello"
    assert post("postmark/inbound", {"RawEmail": raw, "FromFull": {"Email": "a@b.example"}}) == 200
    assert not Comment.objects.exists()


@pytest.mark.parametrize("secret", ["short:secret", "0123456789abcdef0123", ":0123456789abcdef", "u:0123456789abcdefé"])
def test_a_secret_that_is_none_stops_the_start(secret: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        webhook_secret(secret)
    assert "0123456789" not in str(refusal.value)


@pytest.mark.parametrize(("host", "header"), [("smtp.postmarkapp.com", "X-PM-Metadata-message"),
                                              ("smtp-relay.brevo.com", "X-Mailin-custom")])  # fmt: skip
def test_providers_get_what_they_give_back(
    acme: Customer, postbox: Postbox, react: React, monkeypatch: pytest.MonkeyPatch, host: str, header: str
) -> None:
    monkeypatch.setattr("portico.output.mail.actions.send.getattr", lambda *_: host, raising=False)
    mail_document(a_document(acme), MailInput(), by=OPERATOR)
    react()
    assert Message.objects.get().public_id in postbox.the_only().message[header]
