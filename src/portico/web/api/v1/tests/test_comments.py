"""Comments through the API: listed, written on behalf of staff, edited, removed; what needs attention is resolved."""

from typing import Any

import pytest

from portico.domain.access.viewer import OperatorViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import Author, staff_author
from portico.domain.conversations.models import AuthorKind, Comment, Conversation
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.web.api.v1.tests.conftest import Program

_BODY = "The discount is in line 2."


@pytest.fixture
def selling(program: Program) -> Program:
    program.customer()
    return program


def _asks(program: Program, invoice: dict[str, Any], body: str = "Is it in?") -> Comment:
    """Have the customer ask."""
    found = document_of(OperatorViewer(program.business), invoice["id"], *Kind)
    author = Author(AuthorKind.CUSTOMER, found.customer.public_id, "Jane Doe")
    return add_comment(found.customer, found, CommentInput(body), author, by=OPERATOR)


def test_question_flags_the_invoice_and_an_answer_unflags_it(selling: Program) -> None:
    invoice = selling.invoice()
    other = selling.invoice(number="INV-77")
    assert invoice["needs_attention"] is False
    said = _asks(selling, invoice)
    path = f"/invoices/{invoice['id']}"
    assert selling.get(path).json["needs_attention"] is True
    flagged = selling.get("/invoices?needs_attention=true").json["data"]
    assert [row["id"] for row in flagged] == [invoice["id"]]
    assert [row["id"] for row in selling.get("/invoices?needs_attention=false").json["data"]] == [other["id"]]
    listed = selling.get(f"/comments?document={invoice['number']}").json["data"]
    assert [row["id"] for row in listed] == [said.public_id]
    assert listed[0]["author"] == {"type": "customer", "name": "Jane Doe"}
    assert selling.get(f"/comments?document={other['id']}").json["data"] == []
    user = create_staff(selling.business, "lena@nordlicht.example", "x" * 20, by=OPERATOR, name="Lena Vogt")
    made = selling.post("/comments", {"document": invoice["id"], "body": _BODY, "author": user.email}, once="key-1")
    assert made.status == 201
    repeated = selling.post("/comments", {"document": invoice["id"], "body": _BODY, "author": user.email}, once="key-1")
    assert repeated.json == made.json
    assert made.json["author"] == {"type": "staff", "name": "Lena Vogt"}
    assert made.json["document"] == invoice["id"]
    assert made.json["files"] == []
    assert selling.get(path).json["needs_attention"] is False
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("kind", ["invoices", "estimates", "credit_notes"])
def test_resolved_by_a_program(selling: Program, kind: str) -> None:
    line = {"description": "x", "quantity": "1", "unit_price": "100"}
    customer = selling.get("/customers").json["data"][0]["id"]
    written = {"customer": customer, "issued_on": "2026-11-01", "currency": "EUR", "lines": [line]}
    made = selling.post(f"/{kind}", written).json
    _asks(selling, made)
    assert selling.get(f"/{kind}/{made['id']}").json["needs_attention"] is True
    for _ in range(2):
        answer = selling.post(f"/{kind}/{made['id']}/resolve")
        assert (answer.status, answer.json["needs_attention"]) == (200, False)
    assert Conversation.objects.get().state == "resolved"


def test_general_message_is_edited_and_removed_with_a_trace(selling: Program) -> None:
    customer = selling.get("/customers").json["data"][0]["id"]
    made = selling.post("/comments", {"customer": customer, "body": "Helo"}).json
    assert (made["document"], made["author"]["type"]) == (None, "program")
    path = f"/comments/{made['id']}"
    edited = selling.send("PATCH", path, {"body": "Hello"}).json
    assert edited["body"] == "Hello"
    assert edited["edited_at"]
    assert selling.get(path).json == edited
    removed = selling.send("DELETE", path)
    assert (removed.status, removed.json["body"]) == (200, "")
    assert removed.json["removed_at"]
    assert selling.send("PATCH", path, {"body": "Again"}).json["code"] == "comment_closed"


def test_what_a_customer_wrote_is_the_customer_s(selling: Program) -> None:
    said = _asks(selling, selling.invoice())
    for method, body in (("PATCH", {"body": "Never mind"}), ("DELETE", None)):
        answer = selling.send(method, f"/comments/{said.public_id}", body)
        assert (answer.status, answer.json["code"]) == (409, "comment_closed")
    said.refresh_from_db()
    assert (said.body, said.removed_at) == ("Is it in?", None)


def test_internal_note_is_not_for_programs(selling: Program) -> None:
    invoice = selling.invoice()
    user = create_staff(selling.business, "lena@nordlicht.example", "x" * 20, by=OPERATOR)
    found = document_of(OperatorViewer(selling.business), invoice["id"], *Kind)
    note = add_comment(found.customer, found, CommentInput("SECRET", internal=True), staff_author(user), by=OPERATOR)
    assert selling.get("/comments").json["data"] == []
    for method, body in (("GET", None), ("PATCH", {"body": "x"}), ("DELETE", None)):
        assert selling.send(method, f"/comments/{note.public_id}", body).status == 404
    assert Comment.objects.get().body == "SECRET"


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"body": ""}, 422, "/body"),
        ({"body": "  "}, 422, "/body"),
        ({"body": "x" * 5001}, 422, "/body"),
        ({"body": 7}, 422, "/body"),
        ({"document": None}, 422, "/document"),
        ({"document": "INV-9999"}, 404, "/document"),
        ({"customer": "nobody"}, 404, "/customer"),
        ({"author": "nobody@nordlicht.example"}, 404, "/author"),
        ({"internal": True}, 422, "/internal"),
    ],
)
def test_wrong_comment_is_refused_at_its_field(
    selling: Program, change: dict[str, Any], status: int, pointer: str
) -> None:
    answer = selling.post("/comments", {"document": selling.invoice()["id"], "body": _BODY} | change)
    assert answer.status == status
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert not Comment.objects.exists()


def test_switched_off_and_for_strangers_there_is_nothing(selling: Program, stranger: Program) -> None:
    invoice = selling.invoice()
    said = _asks(selling, invoice)
    assert stranger.get("/comments").json["data"] == []
    assert stranger.post("/comments", {"document": invoice["id"], "body": _BODY}).status == 404
    assert stranger.post(f"/invoices/{invoice['id']}/resolve").status == 404
    change_portal_settings(selling.business, {"allow_messages": False}, by=OPERATOR)
    for method, path, body in (
        ("GET", "/comments", None),
        ("GET", f"/comments/{said.public_id}", None),
        ("POST", "/comments", {"document": invoice["id"], "body": _BODY}),
        ("POST", f"/invoices/{invoice['id']}/resolve", None),
    ):
        assert selling.send(method, path, body).status == 404
    assert Comment.objects.count() == 1
