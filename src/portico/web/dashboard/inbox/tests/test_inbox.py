"""Staff read, answer, note, resolve and assign what customers ask; who is told of what by mail."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business, Membership, User
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import Author
from portico.domain.conversations.models import AuthorKind, Comment, Conversation, State
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.files.models import File
from portico.web.dashboard.tests.cast import Paper, a_customer, a_document, signed_in, staff_of
from tests.postbox import Postbox
from tests.rules.test_gates import read as answer_of

pytestmark = pytest.mark.django_db


def ask(customer: Customer, document: Document | None, body: str = "Is the discount in?") -> Comment:
    """Have the customer's contact write."""
    contact = customer.contacts.get()
    author = Author(AuthorKind.CUSTOMER, contact.public_id, contact.name, contact)
    return add_comment(customer, document, CommentInput(body), author, by=OPERATOR)


def page_of(document: Document) -> str:
    return f"/documents/{document.public_id}/conversation"


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_question_waits_in_the_inbox_the_list_and_the_navigation(
    owner: Client, acme: Customer, invoice: Document
) -> None:
    assert "Nothing needs attention" in html(owner, "/inbox")
    assert 'po-shape-alert">Needs attention' not in html(owner, "/documents")
    ask(acme, invoice)
    inbox = html(owner, "/inbox")
    assert "Is the discount in?" in inbox
    assert page_of(invoice) in inbox
    assert 'class="po-new">1' in html(owner, "/customers")
    assert 'po-shape-alert">Needs attention' in html(owner, "/documents")
    assert invoice.number in html(owner, "/documents?attention=on")
    assert invoice.number not in html(owner, "/documents?attention=on&kind=estimate")
    for path in (page_of(invoice), f"/documents/{invoice.public_id}"):
        assert "Is the discount in?" in html(owner, path)
        assert "Ada Ahrens" in html(owner, path)


def test_answer_waits_for_the_customer_and_is_mailed_once(
    owner: Client, acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    ask(acme, invoice)
    react()
    postbox.mails.clear()
    assert "ap@acme.example" in html(owner, page_of(invoice))
    answer = owner.post(page_of(invoice), {"do": "answer", "body": "Yes: line 2\n<b>3 %</b>"})
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(invoice))
    react()
    react()
    assert sorted(mail.recipients[0] for mail in postbox.mails) == ["ada@acme.example", "ap@acme.example"]
    mail = postbox.mails[0]
    assert "> Yes: line 2" in mail.text
    assert "&lt;b&gt;3 %&lt;/b&gt;" in mail.html
    assert "/s/dl_" in mail.text
    assert "?page=conversation" in mail.text
    invoice.refresh_from_db()
    assert not invoice.needs_attention
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.unread_by_customer) == (State.WAITING, True)
    assert "Yes: line 2" in html(owner, "/inbox?show=waiting")


@pytest.mark.parametrize("with_answer", [True, False])
def test_resolved_with_and_without_an_answer(
    owner: Client, acme: Customer, invoice: Document, with_answer: bool
) -> None:
    ask(acme, invoice)
    sent = {"do": "answer_and_resolve", "body": "Done"} if with_answer else {"do": "resolve"}
    owner.post(page_of(invoice), sent)
    invoice.refresh_from_db()
    assert not invoice.needs_attention
    assert invoice.number in html(owner, "/inbox?show=resolved")
    assert "Nothing needs attention" in html(owner, "/inbox")
    ask(acme, invoice, "One more thing")
    assert "One more thing" in html(owner, "/inbox")


def test_document_is_marked_by_hand(owner: Client, invoice: Document) -> None:
    owner.post(page_of(invoice), {"do": "reopen"})
    invoice.refresh_from_db()
    assert invoice.needs_attention
    assert invoice.number in html(owner, "/inbox")


def test_internal_note_changes_nothing_for_the_customer(
    owner: Client, acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    ask(acme, invoice)
    react()
    postbox.mails.clear()
    owner.post(page_of(invoice), {"do": "note", "body": "He always asks"})
    react()
    assert "He always asks" in html(owner, page_of(invoice))
    assert "Internal note" in html(owner, page_of(invoice))
    assert not postbox.mails
    assert Conversation.objects.get().state == State.OPEN
    assert "Is the discount in?" in html(owner, "/inbox")
    assert "He always asks" not in html(owner, "/inbox")


def test_a_draft_takes_notes_alone(owner: Client, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    for path in (page_of(draft), f"/documents/{draft.public_id}"):
        page = html(owner, path)
        assert 'value="note"' in page
        assert 'value="answer' not in page
        assert "An answer" not in page


def test_assigned_to_a_colleague_of_the_same_business_alone(
    owner: Client, shop: Business, acme: Customer, invoice: Document, stranger: Client
) -> None:
    ask(acme, invoice)
    colleague = staff_of(shop, "kim@nordlicht.example")
    foreign = User.objects.get(email="fritz@fremd.example")
    assert owner.post(page_of(invoice), {"do": "assign", "assignee": foreign.public_id}).status_code == 404
    assert Conversation.objects.get().assignee is None
    owner.post(page_of(invoice), {"do": "assign", "assignee": colleague.public_id})
    assert "Kim" in html(owner, "/inbox")
    assert invoice.number in html(signed_in(colleague), "/inbox?show=mine")
    assert invoice.number not in html(owner, "/inbox?show=mine")
    owner.post(page_of(invoice), {"do": "assign", "assignee": ""})
    assert Conversation.objects.get().assignee is None


def _alerted(postbox: Postbox, react: React) -> list[str]:
    postbox.mails.clear()
    react()
    return sorted(mail.recipients[0] for mail in postbox.mails)


def test_who_is_alerted(
    owner: Client, shop: Business, acme: Customer, invoice: Document, postbox: Postbox, react: React, clock: Clock
) -> None:
    kim, olga = staff_of(shop, "kim@nordlicht.example"), User.objects.get(email="olga@nordlicht.example")
    ask(acme, invoice)
    assert _alerted(postbox, react) == [kim.email, olga.email]
    mail = postbox.mails[0]
    assert "Is the discount in?" in mail.text
    assert page_of(invoice) in mail.text
    assert acme.name in mail.subject
    owner.post(page_of(invoice), {"do": "assign", "assignee": kim.public_id})
    ask(acme, invoice, "Second")
    assert _alerted(postbox, react) == [kim.email]
    answer = signed_in(kim).post("/inbox/alerts", {"alerts": "none"})
    assert answer.status_code == 302
    ask(acme, invoice, "Third")
    assert _alerted(postbox, react) == [olga.email]
    owner.post("/inbox/alerts", {"alerts": "mine"})
    ask(acme, invoice, "Fourth")
    assert _alerted(postbox, react) == []
    owner.post("/inbox/alerts", {"alerts": "all"})
    assert owner.post("/inbox/alerts", {"alerts": "sometimes"}).status_code == 422
    assert Membership.objects.get(user=olga).comment_alerts == "all"
    owner.post(f"{page_of(invoice)}/seen")
    ask(acme, invoice, "Fifth")
    assert _alerted(postbox, react) == [], "she has it on her screen"
    clock.instant += timedelta(minutes=2)
    ask(acme, invoice, "Sixth")
    assert _alerted(postbox, react) == [olga.email]


def test_screen_gets_what_is_new_and_marks_it_read(owner: Client, acme: Customer, invoice: Document) -> None:
    said = ask(acme, invoice)
    page = html(owner, page_of(invoice))
    assert ">New<" in page
    url = page.partition('data-poll="')[2].partition('"')[0].replace("&amp;", "&")
    assert owner.post(url).status_code == 204
    assert ">New<" not in html(owner, page_of(invoice))
    assert not Conversation.objects.get().unread_by_staff
    assert owner.get(url).status_code == 405
    ask(acme, invoice, "More")
    fresh = owner.post(f"{page_of(invoice)}/seen?up_to={said.public_id}")
    assert (fresh.status_code, "More" in fresh.content.decode()) == (200, True)
    assert Conversation.objects.get().unread_by_staff, "what came since is unread"


def test_general_question_on_the_customer_s_page(owner: Client, acme: Customer) -> None:
    ask(acme, None, "Who are you?")
    path = f"/customers/{acme.public_id}/conversation"
    assert "General question" in html(owner, "/inbox")
    assert "Who are you?" in html(owner, path)
    owner.post(path, {"body": "We are we"})
    assert "We are we" in html(owner, path)
    assert f'href="{path}"' in html(owner, f"/customers/{acme.public_id}")


def test_own_answer_is_edited_and_removed_while_fresh(
    owner: Client, shop: Business, acme: Customer, invoice: Document, clock: Clock
) -> None:
    owner.post(page_of(invoice), {"body": "Yse"})
    said = Comment.objects.get()
    path = f"/comments/{said.public_id}"
    colleague = signed_in(staff_of(shop, "kim@nordlicht.example"))
    colleague.post(f"{path}/edit", {"body": "No"})
    colleague.post(f"{path}/remove", {"confirmed": "yes"})
    said.refresh_from_db()
    assert (said.body, said.removed_at) == ("Yse", None)
    assert owner.post(f"{path}/edit", {"body": ""}).status_code == 422
    owner.post(f"{path}/edit", {"body": "Yes"})
    assert "Edited" in html(owner, page_of(invoice))
    assert "Yes" in html(owner, f"{path}/remove")
    owner.post(f"{path}/remove", {"confirmed": "yes"})
    assert "This message was removed" in html(owner, page_of(invoice))
    owner.post(page_of(invoice), {"body": "Late"})
    late = Comment.objects.latest("id")
    clock.instant += timedelta(hours=1)
    owner.post(f"/comments/{late.public_id}/edit", {"body": "Later"})
    assert Comment.objects.get(pk=late.pk).body == "Late"


def test_refused_answer_keeps_what_was_typed(owner: Client, invoice: Document) -> None:
    for sent in ({"body": " "}, {"body": "x" * 5001}):
        response = owner.post(page_of(invoice), sent)
        assert response.status_code == 422
        assert 'id="comment_body_error"' in response.content.decode()
    upload = SimpleUploadedFile("run.exe", b"MZ\x90\x00\x03\x00\x00\x00")
    response = owner.post(page_of(invoice), {"body": "Typed", "attachments": upload})
    assert response.status_code == 422
    assert "Typed" in response.content.decode()
    assert not Comment.objects.exists()


def test_file_of_an_answer(owner: Client, stranger: Client, invoice: Document) -> None:
    upload = SimpleUploadedFile("offer.txt", b"one two")
    owner.post(page_of(invoice), {"body": "See here", "attachments": upload})
    file = File.objects.get()
    assert "offer.txt" in html(owner, page_of(invoice))
    assert answer_of(owner.get(f"/files/{file.public_id}")).text == "one two"
    assert stranger.get(f"/files/{file.public_id}").status_code == 404
    assert owner.post(f"/files/{file.public_id}/remove", {"confirmed": "yes"}).status_code == 404
    assert File.objects.exists()


def test_timeline_leads_to_the_conversation(owner: Client, shop: Business, acme: Customer, invoice: Document) -> None:
    ask(acme, invoice)
    ask(acme, None, "Who are you?")
    timeline = html(owner, f"/customers/{acme.public_id}/timeline")
    assert "Message by Ada Ahrens" in timeline
    assert f'href="{page_of(invoice)}"' in timeline
    assert f'href="/customers/{acme.public_id}/conversation"' in timeline
    change_portal_settings(shop, {"allow_messages": False}, by=OPERATOR)
    assert "/conversation" not in html(owner, f"/customers/{acme.public_id}/timeline")


def test_another_business_finds_nothing(stranger: Client, acme: Customer, invoice: Document) -> None:
    said = ask(acme, invoice)
    for path in (page_of(invoice), f"/customers/{acme.public_id}/conversation"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"body": "Mine"}).status_code == 404
        assert stranger.post(f"{path}/seen").status_code == 404
    assert stranger.get(f"/comments/{said.public_id}/edit").status_code == 404
    assert "discount" not in html(stranger, "/inbox")
    assert Comment.objects.count() == 1


def test_switched_off_there_is_no_inbox_and_no_mail(
    owner: Client, shop: Business, acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    owner.post(page_of(invoice), {"body": "Yes"})
    ask(acme, invoice)
    change_portal_settings(shop, {"allow_messages": False}, by=OPERATOR)
    assert _alerted(postbox, react) == []
    for path in ("/inbox", page_of(invoice), f"/customers/{acme.public_id}/conversation"):
        assert owner.get(path).status_code == 404
    assert owner.post(page_of(invoice), {"body": "No"}).status_code == 404
    page = html(owner, f"/documents/{invoice.public_id}")
    assert "discount" not in page
    assert "/inbox" not in page
    assert 'po-shape-alert">Needs attention' not in html(owner, "/documents")
    assert Comment.objects.count() == 2


def test_removed_before_it_was_mailed_is_not_mailed(
    owner: Client, acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    owner.post(page_of(invoice), {"body": "Oops"})
    said = Comment.objects.get()
    owner.post(f"/comments/{said.public_id}/remove", {"confirmed": "yes"})
    assert _alerted(postbox, react) == []


def test_contacts_who_took_no_part_are_not_written_to(
    owner: Client, shop: Business, invoice: Document, postbox: Postbox, react: React
) -> None:
    quiet = a_customer(shop, "Quiet Ltd", email="quiet@example.com")
    owner.post(f"/customers/{quiet.public_id}/conversation", {"body": "Hello"})
    assert _alerted(postbox, react) == ["quiet@example.com"]
    assert "/portal/nordlicht/messages" in postbox.mails[0].text
