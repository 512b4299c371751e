"""Files attached for the customer: listed, downloaded, and shown with what they are attached to."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import staff_author
from portico.domain.customers.models import Customer
from portico.domain.files.actions.change import change_file
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.files.models import File
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.conftest import Visitor, days_ago
from tests.rules.test_gates import read

pytestmark = pytest.mark.django_db


def sent(visitor: Visitor, url: str) -> bytes:
    """Return what is downloaded."""
    response = visitor.get(url)
    assert response.status_code == 200
    content = response.getvalue()
    # Not `response.close()`: that ends the request, and the test's database connection with it.
    for let_go in getattr(response, "_resource_closers", ()):
        let_go()
    return content


def test_no_files_no_entry_in_the_navigation(visitor: Visitor) -> None:
    assert visitor.url("documents") not in visitor.page("home")
    assert "Files that Nordlicht Studio attaches for you will appear here." in visitor.page("documents")


def test_a_file_brings_its_entry_at_once(visitor: Visitor, acme: Customer, stranger: Visitor) -> None:
    assert visitor.url("documents") not in visitor.page("home")
    file = store_file(
        acme,
        acme.ref,
        "contract.txt",
        b"As agreed.\n",
        FileInput(visible=True, description="Frame contract"),
        by=OPERATOR,
    )
    html = visitor.page("documents")
    assert f'href="{visitor.url("documents")}" aria-current="page"' in html
    assert "contract.txt" in html
    assert "Frame contract" in html
    assert visitor.url("documents") in visitor.page("home")
    download = visitor.url("file", file.public_id, file.name)
    assert download in html
    assert stranger.get(stranger.url("file", file.public_id, file.name)).status_code == 404
    assert stranger.url("documents") not in stranger.page("home")


def test_a_document_s_files_stand_on_it(visitor: Visitor, acme: Customer) -> None:
    invoice = new_document(acme, 100, days_ago(3))
    draft = new_document(acme, 100, days_ago(3), draft=True)
    store_file(acme, invoice.ref, "timesheet.txt", b"Hours\n", FileInput(visible=True), by=OPERATOR)
    store_file(acme, draft.ref, "secret.txt", b"Not yet\n", FileInput(visible=True), by=OPERATOR)
    assert "timesheet.txt" in visitor.page("invoice", invoice.public_id)
    html = visitor.page("documents")
    assert "timesheet.txt" in html
    assert f'<a href="{visitor.url("invoice", invoice.public_id)}"><bdi>Invoice {invoice.number}</bdi></a>' in html
    assert "secret.txt" not in html


def test_private_files_show_to_nobody(visitor: Visitor, acme: Customer) -> None:
    invoice = new_document(acme, 100, days_ago(3))
    for subject in (acme.ref, invoice.ref):
        file = store_file(acme, subject, "internal.txt", b"Among us\n", by=OPERATOR)
        assert visitor.url("documents") not in visitor.page("home")
        assert "internal.txt" not in visitor.page("documents") + visitor.page("invoice", invoice.public_id)
        assert visitor.get(visitor.url("file", file.public_id, file.name)).status_code == 404
        change_file(file, visible=True, by=OPERATOR)
        assert sent(visitor, visitor.url("file", file.public_id, file.name)) == b"Among us\n"
        change_file(file, visible=False, by=OPERATOR)
        assert visitor.get(visitor.url("file", file.public_id, file.name)).status_code == 404


def test_files_are_searched_by_name_description_and_document(visitor: Visitor, acme: Customer) -> None:
    invoice = new_document(acme, 100, days_ago(3), number="INV-2041")
    shown = FileInput(visible=True, description="Rahmenvertrag")
    store_file(acme, acme.ref, "\u00dcbersicht.txt", b"x", shown, by=OPERATOR)
    store_file(acme, invoice.ref, "hours.csv", b"a;b", FileInput(visible=True), by=OPERATOR)
    for query, found in (("uebersicht", 1), ("RAHMEN", 1), ("2041", 2), ("inv-2041 hours", 2), ("zip", 0)):
        html = visitor.page("documents", query=f"?q={query}")
        assert ("bersicht.txt" in html, "hours.csv" in html) == (found == 1, found == 2), query
    assert "No file fits this search." in visitor.page("documents", query="?q=zip")
    assert "hours.csv" in visitor.page("documents", query="?page=x&q=")


def test_all_of_them_come_as_a_zip(visitor: Visitor, acme: Customer, stranger: Visitor) -> None:
    for content in (b"first", b"second"):
        store_file(acme, acme.ref, "terms.txt", content, FileInput(visible=True), by=OPERATOR)
    store_file(acme, acme.ref, "private.txt", b"x", by=OPERATOR)
    with ZipFile(BytesIO(sent(visitor, visitor.url("documents_zip")))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "terms.txt": b"second",
            "terms-2.txt": b"first",
        }
    assert not ZipFile(BytesIO(sent(stranger, stranger.url("documents_zip")))).namelist()


def test_files_of_messages_stay_when_messages_are_switched_off(
    visitor: Visitor, acme: Customer, stranger: Visitor
) -> None:
    invoice = new_document(acme, 100, days_ago(3))
    user = create_staff(acme.business, "lena@nordlicht.example", "x" * 20, by=OPERATOR, name="Lena")
    for name, internal in (("answer.txt", False), ("note.txt", True)):
        data = CommentInput(f"See {name}", [(name, b"Hours\n")], internal=internal)
        add_comment(acme, invoice, data, staff_author(user), by=OPERATOR)
    change_portal_settings(acme.business, {"allow_messages": False}, by=OPERATOR)
    for html in (visitor.page("documents"), visitor.page("invoice", invoice.public_id)):
        assert "answer.txt" in html
        assert "note.txt" not in html
    for file in File.objects.all():
        url = visitor.url("comment_file", file.public_id, file.name)
        if file.name == "note.txt":
            assert visitor.get(url).status_code == 404
        else:
            assert sent(visitor, url) == b"Hours\n"
        assert stranger.get(stranger.url("comment_file", file.public_id, file.name)).status_code == 404


def test_a_picture_is_shown_by_what_was_drawn_anew(visitor: Visitor, acme: Customer) -> None:
    out = BytesIO()
    Image.new("RGB", (900, 900), "#336699").save(out, "PNG", pnginfo=_remark("secret remark"))
    file = store_file(acme, acme.ref, "shot.png", out.getvalue(), FileInput(visible=True), by=OPERATOR)
    url = visitor.url("file", file.public_id, file.name)
    assert sent(visitor, url) == out.getvalue()
    assert b"secret remark" not in sent(visitor, f"{url}?preview")
    preview = read(visitor.get(f"{url}?preview")).headers
    assert preview["Content-Disposition"].startswith("inline")
    assert preview["Content-Security-Policy"] == "sandbox"
    assert f'<img src="{url}?preview" alt=""' in visitor.page("documents")
    user = create_staff(acme.business, "lena@nordlicht.example", "x" * 20, by=OPERATOR, name="Lena")
    add_comment(acme, None, CommentInput("Look", [("two.png", out.getvalue())]), staff_author(user), by=OPERATOR)
    said = File.objects.get(name="two.png")
    assert f'<img src="{visitor.url("comment_file", said.public_id, said.name)}?preview"' in visitor.page("messages")


def _remark(text: str) -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", text)
    return info
