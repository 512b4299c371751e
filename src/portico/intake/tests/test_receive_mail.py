"""Answers by mail: who wrote becomes the author, quotes are cut, machines ignored, strangers held back."""

import io
import re
import signal
import sys
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from conftest import React
from portico.config.cli import run
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business, User
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import Author, staff_author
from portico.domain.conversations.models import AuthorKind, Comment, Conversation, State
from portico.domain.conversations.reply_address import reply_address
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.files.models import File
from portico.intake.actions import receive_mail as receiving
from portico.web.dashboard.tests.cast import a_business, a_customer, a_document, staff_of
from tests.postbox import Postbox
from tests.server import free_port

pytestmark = pytest.mark.django_db

ANSWER = "Yes, please.\n\nAda\n\nOn Sat, 28 Nov 2026 at 10:00, Nordlicht <a@b.example> wrote:\n> Line 2\n> more\n"
type Receive = Callable[..., int]


@pytest.fixture
def shop(db: None, settings: Settings) -> Business:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PORTICO_REPLY_ADDRESS = "reply@mail.example.com"
    return a_business("nordlicht")


@pytest.fixture
def olga(shop: Business) -> User:
    return staff_of(shop, "olga@nordlicht.example")


@pytest.fixture
def acme(shop: Business) -> Customer:
    return a_customer(shop)


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return a_document(acme)


@pytest.fixture
def asked(acme: Customer, invoice: Document, olga: User) -> Comment:
    """The contact has asked, and so takes part."""
    contact = acme.contacts.get()
    author = Author(AuthorKind.CUSTOMER, contact.public_id, contact.name, contact)
    return add_comment(acme, invoice, CommentInput("Is it in?"), author, by=OPERATOR)


@pytest.fixture
def receive(monkeypatch: pytest.MonkeyPatch) -> Receive:
    """Pipe a mail into the command."""

    def pipe(message: EmailMessage | bytes) -> int:
        content = message if isinstance(message, bytes) else message.as_bytes()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return run(["mail", "receive"])

    return pipe


@pytest.fixture
def mailed_to(acme: Customer, invoice: Document, olga: User, asked: Comment, postbox: Postbox, react: React) -> str:
    """The address that Ada's answers go to, as the mail to her has it."""
    add_comment(acme, invoice, CommentInput("In line 2. Enough?"), staff_author(olga), by=OPERATOR)
    react()
    return reply_to(postbox, "ada@acme.example")


def reply_to(postbox: Postbox, recipient: str) -> str:
    mail = [mail for mail in postbox.mails if mail.recipients == [recipient]][-1]
    found = re.fullmatch(r"reply\+[a-z2-7]{52}@mail\.example\.com", mail.message["Reply-To"])
    assert found is not None
    return found[0]


def mail(to: str, sender: str = "ada@acme.example", text: str = ANSWER, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Somebody <{sender}>", f"Nordlicht <{to}>", "Re: Invoice"
    message["Message-ID"] = "<1@acme.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def test_answer_of_a_contact_opens_the_conversation_again(receive: Receive, mailed_to: str, invoice: Document) -> None:
    message = mail(mailed_to)
    message.add_attachment(b"one two", maintype="text", subtype="plain", filename="list.txt")
    assert receive(message) == 0
    said = Comment.objects.latest("id")
    assert (said.body, said.author_name, said.verified) == ("Yes, please.\n\nAda", "Ada Ahrens", True)
    assert File.objects.get(subject_id=said.pk).name == "list.txt"
    invoice.refresh_from_db()
    assert invoice.needs_attention
    assert receive(message) == 0, "piped once more"
    assert Comment.objects.count() == 3


def test_answer_with_a_file_that_nobody_can_scan_is_to_come_again(
    receive: Receive, mailed_to: str, settings: Settings
) -> None:
    message, before = mail(mailed_to), Comment.objects.count()
    message.add_attachment(b"one two", maintype="text", subtype="plain", filename="list.txt")
    settings.PORTICO_CLAMD = ("127.0.0.1", free_port())
    assert receive(message) == 75
    assert (Comment.objects.count(), File.objects.count()) == (before, 0)
    settings.PORTICO_CLAMD = None
    assert receive(message) == 0
    assert File.objects.get().name == "list.txt"


def test_answer_of_staff_goes_to_the_customer(
    receive: Receive, asked: Comment, postbox: Postbox, react: React, olga: User
) -> None:
    react()
    assert receive(mail(reply_to(postbox, olga.email), olga.email.upper(), "Yes, in line 2.")) == 0
    said = Comment.objects.latest("id")
    assert (said.author_kind, said.author_id) == ("staff", olga.public_id)
    assert Conversation.objects.get().state == State.WAITING
    postbox.mails.clear()
    react()
    assert {mail.recipients[0] for mail in postbox.mails} == {"ap@acme.example", "ada@acme.example"}


@pytest.mark.parametrize("sender", ["mallory@example.com", "ap@acme.example", "olga@nordlicht.example"])
def test_sender_whom_the_address_was_not_made_for_is_seen_by_staff_alone(
    receive: Receive, mailed_to: str, sender: str
) -> None:
    assert receive(mail(mailed_to, sender)) == 0
    said = Comment.objects.latest("id")
    assert (said.verified, said.author_kind, said.author_name) == (False, "customer", sender)
    assert Conversation.objects.get().state == State.OPEN


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<all.acme.example>"},
    ],
)
def test_machines_are_ignored(receive: Receive, mailed_to: str, headers: dict[str, str]) -> None:
    assert receive(mail(mailed_to, **headers)) == 0
    assert Comment.objects.count() == 2


def test_only_what_is_quoted_says_nothing(receive: Receive, mailed_to: str) -> None:
    assert receive(mail(mailed_to, text="> In line 2. Enough?\n")) == 0
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("نعم، هذا مناسب.\n\nفي 28 نوفمبر كتب Nordlicht:\n> سؤال\n> آخر\n", "نعم، هذا مناسب."),
        ("Ja.\n\nAm 28.11.2026 um 10:00 schrieb Nordlicht <a@b.example>:\n> Frage\n", "Ja."),
        ("> not mine\n\nMine below", "> not mine\n\nMine below"),
        (f"{'Yes, ' * 200}yes.\n\nOn Sat, 28 Nov 2026, Nordlicht wrote:\n> Old\n", f"{'Yes, ' * 200}yes."),
    ],
)
def test_quotes_are_cut_in_every_language(receive: Receive, mailed_to: str, text: str, said: str) -> None:
    receive(mail(mailed_to, text=text))
    assert Comment.objects.latest("id").body == said


def test_html_alone_is_read_as_its_words(receive: Receive, mailed_to: str) -> None:
    message = mail(mailed_to)
    message.clear_content()
    message.set_content(
        "<style>p{}</style><p>Yes &amp; <b>no</b></p><script>alert(1)</script><blockquote>Old</blockquote>",
        subtype="html",
    )
    assert receive(message) == 0
    assert Comment.objects.latest("id").body == "Yes & no"


def test_plain_part_that_is_empty_hides_no_words(receive: Receive, mailed_to: str) -> None:
    message = mail(mailed_to, text="\n\N{NO-BREAK SPACE}\n")
    message.add_alternative("<p>Yes, <b>please</b>.</p>", subtype="html")
    assert receive(message) == 0
    assert Comment.objects.latest("id").body == "Yes, please."


def test_words_behind_a_file_are_kept(receive: Receive, mailed_to: str) -> None:
    message = mail(mailed_to, text="\n")
    message.add_attachment(b"one two", maintype="text", subtype="plain", filename="list.txt")
    words = EmailMessage()
    words.set_content("See above.")
    message.attach(words)
    assert receive(message) == 0
    assert Comment.objects.latest("id").body == "See above."
    assert File.objects.get().name == "list.txt"


def test_refused_file_is_named_and_the_words_kept(receive: Receive, mailed_to: str) -> None:
    message = mail(mailed_to)
    message.add_attachment(b"MZ\x90\x00\x03\x00", maintype="application", subtype="octet-stream", filename="run.exe")
    assert receive(message) == 0
    assert Comment.objects.latest("id").body == "Yes, please.\n\nAda\n\nAttached files were not kept: run.exe"
    assert not File.objects.exists()


def test_refused_files_of_mails_count_once(receive: Receive, mailed_to: str) -> None:
    def with_file(number: int) -> EmailMessage:
        message = mail(mailed_to, text=f"Look {number}")
        message.replace_header("Message-ID", f"<{number}@acme.example>")
        message.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="run.exe")
        return message

    assert [receive(with_file(number)) for number in range(15)] == [0] * 14 + [75], "one was asked before"


def test_unverified_mails_have_a_limit_of_their_own(
    receive: Receive, mailed_to: str, acme: Customer, postbox: Postbox, olga: User, react: React
) -> None:
    def by(sender: str, number: int, to: str) -> EmailMessage:
        message = mail(to, sender, f"Look {number}")
        message.replace_header("Message-ID", f"<{number}@{sender}>")
        return message

    stranger = "mallory@example.com"
    assert [receive(by(stranger, number, mailed_to)) for number in range(16)] == [0] * 15 + [75]
    assert receive(by("ada@acme.example", 1, mailed_to)) == 0, "the customer's own is not used up"
    other = a_customer(a_business("fjord"), name="Other")
    staff = staff_of(other.business, "nils@fjord.example")
    add_comment(other, None, CommentInput("Hello?"), staff_author(staff), by=OPERATOR)
    address = reply_address(Conversation.objects.get(customer=other), other.email)
    assert receive(by(stranger, 99, address)) == 0, "nor that of another conversation"


def test_unverified_mail_reads_nothing_for_the_customer(
    receive: Receive, mailed_to: str, postbox: Postbox, react: React
) -> None:
    postbox.mails.clear()
    assert receive(mail(mailed_to, "mallory@example.com", "Pay here instead.")) == 0
    found = Conversation.objects.get()
    assert (found.unread_by_customer, found.unread_by_staff, found.state) == (True, True, State.OPEN)
    react()
    alert = [one.message for one in postbox.mails if one.recipients == ["olga@nordlicht.example"]][-1]
    assert alert["Subject"].startswith("Sender not verified: mail about Invoice")
    assert "Acme" not in alert["Subject"]
    message = mail(mailed_to, text="It is me.")
    message.replace_header("Message-ID", "<2@acme.example>")
    assert receive(message) == 0
    assert not Conversation.objects.get().unread_by_customer


def test_address_dies_with_what_it_leads_to(receive: Receive, mailed_to: str, shop: Business) -> None:
    change_portal_settings(shop, {"allow_messages": False}, by=OPERATOR)
    assert receive(mail(mailed_to)) == 67
    assert Comment.objects.count() == 2


def test_forged_and_unreadable_mails_change_nothing(receive: Receive, mailed_to: str) -> None:
    token = mailed_to.partition("+")[2].partition("@")[0]
    other = token[:-8] + ("a" * 8 if token[-8:] != "a" * 8 else "b" * 8)
    assert receive(mail(mailed_to.replace(token, other))) == 67
    assert receive(mail("reply@mail.example.com")) == 67
    assert receive(b"") == 65
    assert receive(b"From: nobody\r\nTo: x\r\n\r\nHello") == 65
    assert receive(b"\xff\xfe\x00" * 1000) == 65
    assert receive(mail(mailed_to, text="x" * 6000)) == 65
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi" + "\n" * 4_000 + "x", "plain"),
        ("hi" + "\n \t\xa0" * 4_000 + "x", "plain"),
        ("hi\n" + "On " * 20_000, "plain"),
        ("hi" + "<div><br></div>" * 3_000 + "x", "html"),
        ("hi" + "<style></style>x" * 65_000, "html"),
        ("hi" + "<b>" * 60_000, "html"),
    ],
)
def test_mails_made_to_take_long_are_read_or_refused(receive: Receive, mailed_to: str, text: str, kind: str) -> None:
    message = mail(mailed_to)
    message.clear_content()
    message.set_content(text, subtype=kind)
    status = receive(message)
    assert status in {0, 65}
    assert Comment.objects.count() == (3 if status == 0 else 2)
    assert status == 65 or Comment.objects.latest("id").body.startswith("hi")


def test_address_is_checked_before_the_rest_is_read(
    receive: Receive, mailed_to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "read_reply", None)
    assert receive(mail("reply@mail.example.com")) == 67
    assert receive(mail(mailed_to, Auto_Submitted="auto-replied")) == 0


def raw(to: str, rest: bytes, sender: str = "ada@acme.example") -> bytes:
    return f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <9@acme.example>\r\n".encode() + rest


def test_headers_longer_than_any_are_left_out(receive: Receive, mailed_to: str) -> None:
    crowd = ", ".join(f"a{number}@b.example" for number in range(20_000))
    assert receive(raw(crowd, b"\r\nHello")) == 67
    assert receive(raw(mailed_to, f"Cc: {crowd}\r\nContent-Type: {'a' * 400_000}\r\n\r\nHello".encode())) == 0
    assert receive(raw(", ".join(["a@b.example"] * 60), b"\r\nHello")) == 67


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Type: text/html\r\n\r\n<!-- nothing -->",
        b"Content-Type: text/html\r\n\r\n<?nothing?>",
        b"Cc: " + b"(" * 7_000 + b"\r\n\r\n",
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2_000)),
        b"Content-Type: text/plain; charset=undefined\r\n\r\n",
    ],
)
def test_mails_that_readers_stumble_over_say_nothing(receive: Receive, mailed_to: str, rest: bytes) -> None:
    assert receive(raw(mailed_to, rest)) in {0, 65}
    assert Comment.objects.count() == 2


def test_names_are_kept_without_controls(receive: Receive, mailed_to: str) -> None:
    content = raw(mailed_to, b"\r\nHello", "=?utf-8?q?=E2=80=AE?= <mal\x00lory\u202e@example.com>")
    content = content.replace(b"<9@", b"<9\x00\xff\xe2\x80\xae@")
    assert receive(content) in {0, 65}
    for said in Comment.objects.filter(verified=False):
        assert said.author_name.isprintable()
        assert said.mail_id.isprintable()


def test_reading_ends_after_a_while(
    receive: Receive, mailed_to: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never_done(_content: bytes) -> None:
        signal.raise_signal(signal.SIGALRM)
        pytest.fail("The alarm was not heard.")

    monkeypatch.setattr(receiving, "read_reply", never_done)
    assert receive(mail(mailed_to)) == 65
    assert capsys.readouterr().err == "The mail can't be read within 20 seconds.\n"
    assert Comment.objects.count() == 2


def test_ten_thousand_parts_are_read_or_refused_and_never_all_kept(receive: Receive, mailed_to: str) -> None:
    head = f"From: ada@acme.example\nTo: {mailed_to}\nMessage-ID: <7@acme.example>\n"
    part = "--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\na\n"
    first = "--x\nContent-Type: text/plain\n\nYes, please.\n"
    raw = f"{head}Content-Type: multipart/mixed; boundary=x\n\n{first}{part * 10_000}--x--\n"
    assert receive(raw.encode()) in {0, 65}
    assert File.objects.count() <= 5


def test_arabic_is_kept_as_it_was_written(receive: Receive, mailed_to: str) -> None:
    text = "نعم، شكرًا جزيلًا.\nهل الخصم مشمول في 12.50؟"
    assert receive(mail(mailed_to, text=text)) == 0
    assert Comment.objects.latest("id").body == text


def test_line_ends_in_headers_are_refused(receive: Receive, mailed_to: str) -> None:
    before = Comment.objects.count()
    name = "=?utf-8?q?Ada=0D=0ABcc=3A_evil=40evil.example=0D=0A?="
    raw = f"From: {name} <ada@acme.example>\nTo: {mailed_to}\nMessage-ID: <8@acme.example>\nSubject: {name}\n\nYes\n"
    assert receive(raw.encode()) == 65
    assert Comment.objects.count() == before


def test_a_mail_of_more_than_25_mb_is_refused(receive: Receive, mailed_to: str) -> None:
    before = Comment.objects.count()
    assert receive(mail(mailed_to, text="a" * 70 + "\n").as_bytes() + b"a" * 26 * 1024 * 1024) == 65
    assert Comment.objects.count() == before
