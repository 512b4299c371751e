"""A customer asks about a document or in general: what is shown, kept, changed, limited and refused."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Business
from portico.domain.conversations.actions import comment
from portico.domain.conversations.actions.change_comment import remove_comment
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import staff_author
from portico.domain.conversations.models import Comment, Conversation, State
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.models import Document, Kind
from portico.domain.files.models import File
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.conftest import Visitor, days_ago
from tests.postbox import Postbox
from tests.rules.test_gates import read

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 120400, days_ago(39), due_on=days_ago(8), number="INV-2041")


def ask(visitor: Visitor, document: Document, body: str = "Is the discount in?", **more: str) -> HttpResponse:
    return visitor.post(visitor.url(f"{document.kind}_comments", document.public_id), body=body, **more)


def answer(document: Document, body: str, *, internal: bool = False, resolve: bool = False) -> Comment:
    """Have a member of staff write."""
    business = Business.objects.get(pk=document.business_id)
    staff = business.memberships.first()
    user = staff.user if staff else create_staff(business, "lena@nordlicht.example", "x" * 20, by=OPERATOR, name="Lena")
    customer = Customer.objects.select_related("business").get(pk=document.customer_id)
    data = CommentInput(body, internal=internal, resolve=resolve)
    return add_comment(customer, document, data, staff_author(user), by=OPERATOR)


def linked(document: Document) -> Visitor:
    """A browser that has opened the document's own link."""
    _grant, secret = link_to(document.customer, document.ref, by=OPERATOR)
    client = Client(headers={"host": "testserver"})
    client.get(f"/portal/{document.business.slug}/s/{secret}")
    return Visitor(client, document.business, document.customer)


@pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.ESTIMATE, Kind.CREDIT_NOTE])
def test_question_shows_below_the_document_and_flags_it(visitor: Visitor, acme: Customer, kind: Kind) -> None:
    document = new_document(acme, 5000, days_ago(3), kind=kind)
    assert "Have questions?" in visitor.page(kind, document.public_id)
    response = ask(visitor, document, "First line\nsecond <b>line</b>\r\n\r\nhttps://acme.example/a?b=(c).", name="Ada")
    place = visitor.url(kind, document.public_id)
    assert (response.status_code, response.headers["Location"]) == (303, f"{place}#conversation")
    page = visitor.page(kind, document.public_id)
    assert "First line\nsecond &lt;b&gt;line&lt;/b&gt;\n\n" in page
    assert '<a href="https://acme.example/a?b=(c)" rel="nofollow noopener noreferrer ugc">' in page
    assert "<bdi>Ada</bdi>" in page
    document.refresh_from_db()
    assert document.needs_attention
    assert Conversation.objects.get().state == State.OPEN
    assert Activity.objects.filter(verb="comment.created", customer=acme).count() == 1


def test_document_link_opens_that_conversation_alone(invoice: Document, acme: Customer, visitor: Visitor) -> None:
    other = new_document(acme, 5000, days_ago(3))
    ask(visitor, other, "Something else")
    holder = linked(invoice)
    assert ask(holder, invoice, "From the mail").status_code == 303
    assert "From the mail" in holder.page("invoice", invoice.public_id)
    said = Comment.objects.get(body="From the mail")
    assert (said.author_name, said.contact) == ("Acme GmbH", None)
    assert ask(holder, other).status_code == 404
    assert holder.post(holder.url("messages"), body="General").status_code == 403
    assert Comment.objects.count() == 2


def test_strangers_see_and_say_nothing(visitor: Visitor, stranger: Visitor, invoice: Document) -> None:
    ask(visitor, invoice)
    said = Comment.objects.get()
    url = stranger.url("invoice_comments", invoice.public_id)
    assert stranger.get(f"{url}?stamp=x").status_code == 404
    assert ask(stranger, invoice, "Mine").status_code == 404
    for name in ("edit_comment", "remove_comment"):
        assert stranger.get(stranger.url(name, said.public_id)).status_code == 404
        assert stranger.post(stranger.url(name, said.public_id), body="X").status_code == 404
    assert "discount" not in stranger.page("messages")
    assert [row.body for row in Comment.objects.all()] == ["Is the discount in?"]


@pytest.mark.parametrize("body", ["", "   \n", "x" * 5001])
def test_refused_text_is_kept_in_the_form(visitor: Visitor, invoice: Document, body: str) -> None:
    response = ask(visitor, invoice, body, name="Ada")
    html = response.content.decode()
    assert response.status_code == 422
    assert 'id="comment_body_error"' in html
    assert 'value="Ada"' in html
    assert body.strip() in html
    assert not Conversation.objects.exists()


def test_too_many_messages_are_refused_for_a_while(visitor: Visitor, invoice: Document, clock: Clock) -> None:
    for number in range(15):
        assert ask(visitor, invoice, f"Message {number}").status_code == 303
    refused = ask(visitor, invoice, "One more")
    assert refused.status_code == 429
    assert "Please try again in a few minutes" in refused.content.decode()
    assert "One more" in refused.content.decode()
    assert Comment.objects.count() == 15
    clock.instant += timedelta(minutes=11)
    assert ask(visitor, invoice, "One more").status_code == 303


def test_typed_name_turns_no_letters_round(visitor: Visitor, invoice: Document) -> None:
    ask(visitor, invoice, "Hello \u202eolleH", name="A\u202eda\nLovelace")
    said = Comment.objects.get()
    assert (said.author_name, said.body) == ("Ada Lovelace", "Hello olleH")


def test_same_form_sent_twice_is_one_message(visitor: Visitor, invoice: Document) -> None:
    for _ in range(2):
        ask(visitor, invoice)
    assert Comment.objects.count() == 1


def test_own_message_is_edited_and_removed_with_a_trace(visitor: Visitor, invoice: Document, clock: Clock) -> None:
    ask(visitor, invoice, "Frist")
    said = Comment.objects.get()
    edit, remove = (visitor.url(name, said.public_id) for name in ("edit_comment", "remove_comment"))
    assert "Frist" in visitor.page("edit_comment", said.public_id)
    assert visitor.post(edit, body=" ").status_code == 422
    assert visitor.post(edit, body="First").status_code == 303
    page = visitor.page("invoice", invoice.public_id)
    assert "Edited 20 Nov 2026" in page
    assert "Frist" not in page
    visitor.page("remove_comment", said.public_id)
    assert visitor.post(remove).status_code == 303
    page = visitor.page("invoice", invoice.public_id)
    assert "This message was removed on 20 Nov 2026" in page
    assert ">First<" not in page
    assert Comment.objects.get().body == ""
    ask(visitor, invoice, "Again")
    later = Comment.objects.latest("id")
    clock.instant += timedelta(hours=1)
    for name in ("edit_comment", "remove_comment"):
        assert visitor.post(visitor.url(name, later.public_id), body="No").status_code == 303
    assert Comment.objects.get(pk=later.pk).body == "Again"


def test_another_session_of_the_customer_changes_nothing(visitor: Visitor, invoice: Document) -> None:
    holder = linked(invoice)
    ask(visitor, invoice)
    said = Comment.objects.get()
    assert "/edit" not in holder.page("invoice", invoice.public_id)
    holder.post(holder.url("edit_comment", said.public_id), body="Changed")
    holder.post(holder.url("remove_comment", said.public_id))
    said.refresh_from_db()
    assert (said.body, said.removed_at) == ("Is the discount in?", None)


def test_answer_is_new_until_it_was_seen(visitor: Visitor, invoice: Document) -> None:
    ask(visitor, invoice)
    answer(invoice, "It is in line 2")
    page = visitor.page("invoice", invoice.public_id)
    assert "It is in line 2" in page
    assert ">Lena<" in page
    assert ">New<" in page
    assert 'class="po-new">1' in visitor.page("home")
    said = Comment.objects.latest("id")
    first = Comment.objects.earliest("id")
    read = visitor.url("invoice_read", invoice.public_id)
    assert visitor.post(f"{read}?up_to={first.public_id}").status_code == 204
    assert Conversation.objects.get().unread_by_customer, "there is a later one"
    assert visitor.post(f"{read}?up_to={said.public_id}").status_code == 204
    assert ">New<" not in visitor.page("invoice", invoice.public_id)
    assert 'class="po-new"' not in visitor.page("home")


def test_page_gets_what_is_new_and_nothing_else(visitor: Visitor, invoice: Document) -> None:
    url = visitor.url("invoice_comments", invoice.public_id)
    page = visitor.page("invoice", invoice.public_id)
    stamp = page.partition(f'data-poll="{url}?stamp=')[2].partition('"')[0]
    assert visitor.get(f"{url}?stamp={stamp}").status_code == 204
    answer(invoice, "News")
    fresh = visitor.get(f"{url}?stamp={stamp}")
    assert fresh.status_code == 200
    assert "News" in fresh.content.decode()
    assert "<html" not in fresh.content.decode()
    assert visitor.get(url).headers["Location"].endswith("#conversation")


def test_internal_note_is_nowhere_to_be_seen(
    visitor: Visitor, invoice: Document, postbox: Postbox, react: React
) -> None:
    ask(visitor, invoice)
    react()
    before = len(postbox.mails)
    answer(invoice, "SECRET note", internal=True)
    react()
    note = Comment.objects.get(internal=True)
    url = visitor.url("invoice_comments", invoice.public_id)
    pages = [visitor.page(name) for name in ("home", "messages")]
    pages += [visitor.page("activity_of_kind", "invoices")]
    pages += [visitor.page("invoice", invoice.public_id), visitor.get(f"{url}?stamp=x").content.decode()]
    pages += [visitor.pdf(visitor.url("invoice_pdf", invoice.public_id))]
    pages += [repr(visitor.csv(visitor.url("activity_csv", "invoices")))]
    assert not any("SECRET" in page for page in pages)
    assert visitor.get(visitor.url("edit_comment", note.public_id)).status_code == 404
    assert len(postbox.mails) == before
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.unread_by_customer) == (State.OPEN, False)


def test_general_question_from_my_account(visitor: Visitor) -> None:
    assert visitor.url("messages") in visitor.page("home")
    url = visitor.url("messages")
    assert visitor.post(url, body="").status_code == 422
    assert visitor.post(url, body="Who are you?").headers["Location"] == f"{url}#conversation"
    assert "Who are you?" in visitor.page("messages")
    conversation = Conversation.objects.get()
    assert (conversation.document, conversation.state) == (None, State.OPEN)


def test_resolved_conversation_opens_again(visitor: Visitor, invoice: Document) -> None:
    ask(visitor, invoice)
    answer(invoice, "Done", resolve=True)
    assert not Document.objects.filter(needs_attention=True).exists()
    assert "marked as resolved" in visitor.page("invoice", invoice.public_id)
    ask(visitor, invoice, "Not quite")
    invoice.refresh_from_db()
    assert invoice.needs_attention
    assert Conversation.objects.get().state == State.OPEN


def test_switched_off_there_are_no_messages(visitor: Visitor, invoice: Document, business: Business) -> None:
    ask(visitor, invoice)
    said = Comment.objects.get()
    change_portal_settings(business, {"allow_messages": False}, by=OPERATOR)
    page = visitor.page("invoice", invoice.public_id)
    assert "Have questions?" not in page
    assert "discount" not in page
    assert visitor.url("messages") not in visitor.page("home")
    comments = visitor.url("invoice_comments", invoice.public_id)
    for url in (visitor.url("messages"), f"{comments}?stamp=x", visitor.url("edit_comment", said.public_id)):
        assert visitor.get(url).status_code == 404
    assert ask(visitor, invoice, "More").status_code == 404
    assert Comment.objects.count() == 1


def test_files_go_with_a_message_and_to_those_who_see_it(
    visitor: Visitor, stranger: Visitor, invoice: Document
) -> None:
    url = visitor.url("invoice_comments", invoice.public_id)
    uploads = [SimpleUploadedFile("bill.pdf", PDF), SimpleUploadedFile("list.csv", b"a,b\n")]
    assert visitor.client.post(url, {"body": "See here", "attachments": uploads}).status_code == 303
    files = list(File.objects.order_by("id"))
    assert [file.name for file in files] == ["bill.pdf", "list.csv"]
    page = visitor.page("invoice", invoice.public_id)
    download = visitor.url("comment_file", files[0].public_id, "bill.pdf")
    assert download in page
    assert read(visitor.get(download)).text == PDF.decode()
    assert read(linked(invoice).get(download)).status == 200
    assert stranger.get(download).status_code == 404
    assert visitor.get(visitor.url("file", files[0].public_id, "bill.pdf")).status_code == 404
    visitor.post(visitor.url("remove_comment", Comment.objects.get().public_id))
    assert visitor.get(download).status_code == 404
    assert not File.objects.exists()


@pytest.mark.parametrize(
    "uploads",
    [
        [SimpleUploadedFile("run.exe", b"MZ\x90\x00\x03\x00\x00\x00")],
        [SimpleUploadedFile(f"{number}.txt", b"text") for number in range(6)],
    ],
)
def test_refused_file_keeps_nothing_but_the_text(
    visitor: Visitor, invoice: Document, uploads: list[SimpleUploadedFile]
) -> None:
    url = visitor.url("invoice_comments", invoice.public_id)
    response = visitor.client.post(url, {"body": "Typed", "attachments": uploads})
    assert response.status_code == 422
    assert 'id="comment_attachments_error"' in response.content.decode()
    assert "Typed" in response.content.decode()
    assert not Comment.objects.exists()
    assert not File.objects.exists()
    assert not Conversation.objects.exists()


def test_refused_file_counts_and_leaves_no_content(visitor: Visitor, invoice: Document) -> None:
    for number in range(15):
        good = [SimpleUploadedFile(f"{number}-{part}.pdf", PDF) for part in range(4)]
        files = [*good, SimpleUploadedFile("run.exe", b"MZ\x90\x00\x03\x00")]
        address = visitor.url("invoice_comments", invoice.public_id)
        visitor.client.post(address, {"body": f"Look {number}", "attachments": files})
    assert not default_storage.exists(str(invoice.business_id))
    assert ask(visitor, invoice, "Once more").status_code == 429
    assert not Comment.objects.exists()
    assert not File.objects.exists()


def test_contents_go_when_the_message_fails_later(
    visitor: Visitor, invoice: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_facts: object) -> None:
        raise RuntimeError("Fault")

    monkeypatch.setattr(comment, "facts_of", fail)
    business = invoice.business
    user = create_staff(business, "lena@nordlicht.example", "x" * 20, by=OPERATOR, name="Lena")
    data = CommentInput("See", [("a.pdf", PDF), ("b.pdf", PDF)])
    with pytest.raises(RuntimeError):
        add_comment(invoice.customer, invoice, data, staff_author(user), by=OPERATOR)
    assert not File.objects.exists()
    assert default_storage.listdir(str(business.pk))[1] == []


def test_file_of_a_note_is_no_public_event(acme: Customer, invoice: Document) -> None:
    user = create_staff(invoice.business, "lena@nordlicht.example", "x" * 20, by=OPERATOR, name="Lena")
    data = CommentInput("Among us", [("a.pdf", PDF)], internal=True)
    note = add_comment(acme, invoice, data, staff_author(user), by=OPERATOR)
    remove_comment(note, author_id=user.public_id, by=OPERATOR)
    verbs = set(Activity.objects.filter(subject_kind="file").values_list("verb", flat=True))
    assert verbs == {"note_file.added", "note_file.removed"}
    assert not verbs & {event.value for event in Event if event.public}
