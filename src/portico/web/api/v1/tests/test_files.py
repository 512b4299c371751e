"""Files through the API: sent as a form and as JSON, listed, downloaded, shown, hidden, removed, and refused."""

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from portico.domain.access.viewer import OperatorViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import staff_author
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.files.models import File
from portico.output.pdf.pdf_files import document_pdf
from portico.web.api.v1.tests.conftest import Answer, Program

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


@pytest.fixture
def selling(program: Program) -> Program:
    program.customer()
    return program


def form(program: Program, content: bytes, name: str = "hours.csv", once: str = "", **fields: str) -> Answer:
    body = encode_multipart(BOUNDARY, fields | {"file": SimpleUploadedFile(name, content)})
    headers = {"Content-Type": MULTIPART_CONTENT} | ({"Idempotency-Key": once} if once else {})
    return program.send("POST", "/files", body, headers=headers)


def as_json(program: Program, sent: bytes, name: str = "hours.csv", **fields: Any) -> Answer:
    return program.post("/files", {"name": name, "content": base64.b64encode(sent).decode()} | fields)


def content_of(program: Program, file: str) -> bytes:
    response = program._client.get(f"/api/v1/files/{file}/content", headers={"Authorization": f"Bearer {program.key}"})
    assert response.status_code == 200
    content: bytes = response.getvalue()
    for let_go in getattr(response, "_resource_closers", ()):
        let_go()
    return content


def test_a_form_and_json_keep_the_same(selling: Program) -> None:
    invoice = selling.invoice()
    sent = form(selling, b"a;b\n", document=invoice["number"], visible="true", description="Hours")
    assert sent.status == 201, sent.content
    again = as_json(selling, b"a;b\n", document=invoice["id"], visible=True, description="Hours")
    assert again.status == 201, again.content
    same = {name: value for name, value in sent.json.items() if name not in {"id", "created_at"}}
    assert same == {name: value for name, value in again.json.items() if name not in {"id", "created_at"}}
    assert same["document"] == invoice["id"]
    assert (same["visible"], same["purpose"], same["media_type"]) == (True, "attachment", "text/csv")
    assert content_of(selling, sent.json["id"]) == b"a;b\n"


def test_files_are_listed_shown_hidden_and_removed(selling: Program) -> None:
    invoice = selling.invoice()
    of_customer = as_json(selling, b"terms", "terms.txt", customer="acme").json
    of_invoice = as_json(selling, b"a;b", document=invoice["id"]).json
    listed = selling.get("/files").json["data"]
    assert [row["id"] for row in listed] == [of_invoice["id"], of_customer["id"]]
    assert [row["id"] for row in selling.get(f"/files?document={invoice['id']}").json["data"]] == [of_invoice["id"]]
    assert of_customer["visible"] is False
    changed = selling.patch(f"/files/{of_customer['id']}", {"visible": True, "description": "Ours"}).json
    assert (changed["visible"], changed["description"]) == (True, "Ours")
    assert selling.get(f"/files/{of_customer['id']}").json == changed
    assert selling.delete(f"/files/{of_customer['id']}").status == 204
    assert selling.get(f"/files/{of_customer['id']}").status == 404
    types = [row["type"] for row in selling.get("/events?type=file").json["data"]]
    assert types == ["file.removed", "file.changed", "file.added", "file.added"]


def test_the_same_form_sent_twice_keeps_one_file(selling: Program) -> None:
    first = form(selling, b"a;b", once="one", customer="acme")
    second = form(selling, b"a;b", once="one", customer="acme")
    assert (first.status, second.status, second.json) == (201, 201, first.json)
    assert form(selling, b"a;c", once="one", customer="acme").status in {409, 422}
    assert File.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({}, "/document"),
        ({"document": "none"}, "/document"),
        ({"customer": "none"}, "/customer"),
        ({"customer": "acme", "content": "!"}, "/content"),
        ({"customer": "acme", "visible": "yes"}, "/visible"),
        ({"customer": "acme", "purpose": "logo"}, "/purpose"),
        ({"customer": "acme", "purpose": "document_pdf"}, "/document"),
        ({"customer": "acme", "other": 1}, "/other"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(selling: Program, fields: dict[str, Any], pointer: str) -> None:
    answer = as_json(selling, b"a;b", **fields)
    assert answer.status in {404, 422}, answer.content
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        ("page.pdf", b"<html><script>1</script>", "file_kind"),
        ("virus.txt", b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$", "file_kind"),
        ("empty.txt", b"", "file_empty"),
        ("big.pdf", PDF + b"1" * 25 * 2**20, "file_too_large"),
    ],
)
def test_what_may_not_be_kept_is_refused(selling: Program, name: str, content: bytes, code: str) -> None:
    answer = form(selling, content, name, customer="acme")
    assert (answer.status, answer.json["code"]) == (422, code)
    assert not File.objects.exists()


def test_a_broken_form_is_told_so(selling: Program) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary="}
    assert selling.send("POST", "/files", b"--x", headers=headers).status == 400
    headers = {"Content-Type": MULTIPART_CONTENT}
    empty = encode_multipart(BOUNDARY, {"customer": "acme"})
    assert selling.send("POST", "/files", empty, headers=headers).json["errors"][0]["pointer"] == "/file"
    assert not File.objects.exists()


def test_strangers_and_notes_stay_out(selling: Program, stranger: Program) -> None:
    invoice = selling.invoice()
    file = as_json(selling, b"a;b", customer="acme").json
    for answer in (
        stranger.get(f"/files/{file['id']}"),
        stranger.get(f"/files/{file['id']}/content"),
        stranger.patch(f"/files/{file['id']}", {"visible": True}),
        stranger.delete(f"/files/{file['id']}"),
        as_json(stranger, b"x", customer=file["customer"]),
    ):
        assert answer.status == 404
    user = create_staff(selling.business, "lena@nordlicht.example", "x" * 20, by=OPERATOR, name="Lena")
    found = document_of(OperatorViewer(selling.business), invoice["id"], *Kind)
    for name, internal in (("note.txt", True), ("answer.txt", False)):
        data = CommentInput(name, [(name, b"x")], internal=internal)
        add_comment(found.customer, found, data, staff_author(user), by=OPERATOR)
    rows = selling.get("/files").json["data"]
    assert [row["name"] for row in rows] == ["answer.txt", "hours.csv"]
    assert selling.delete(f"/files/{rows[0]['id']}").json["code"] == "file_of_comment"


def test_the_business_s_own_pdf_is_the_document(selling: Program) -> None:
    invoice = selling.invoice()
    found = document_of(OperatorViewer(selling.business), invoice["id"], *Kind)
    drawn = document_pdf(found, "en")
    refused = as_json(selling, b"words", "a.pdf", document=invoice["id"], purpose="document_pdf")
    assert (refused.status, refused.json["code"]) == (422, "file_no_pdf")
    assert document_pdf(found, "en") == drawn
    first = form(selling, PDF, "RE-1.pdf", document=invoice["id"], purpose="document_pdf").json
    assert (first["visible"], document_pdf(found, "de")) == (True, PDF)
    assert selling.patch(f"/files/{first['id']}", {"visible": False}).json["code"] == "file_is_document"
    second = as_json(selling, PDF + b"2", "RE-1.pdf", document=invoice["id"], purpose="document_pdf").json
    assert document_pdf(found, "en") == PDF + b"2"
    before = selling.get(f"/files/{first['id']}").json
    assert (before["visible"], before["purpose"]) == (False, "attachment")
    selling.delete(f"/files/{second['id']}")
    assert document_pdf(found, "en") == drawn
