"""Staff add, show, hide and remove files of customers and documents."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.files.actions.store import MAX_BYTES
from portico.domain.files.models import File
from portico.domain.ledger.tests.history import new_document

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
JSON = {"Accept": "application/json"}


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_each_of_several_is_kept_or_refused_by_itself(owner: Client, acme: Customer) -> None:
    chosen = [upload("offer.pdf"), upload("page.pdf", b"<html><script>1</script>"), upload("hours.csv", b"a;b\n")]
    response = owner.post(f"/customers/{acme.public_id}/files", {"file": chosen, "visible": "on"}, follow=True)
    assert {(row.name, row.visible) for row in File.objects.all()} == {("offer.pdf", True), ("hours.csv", True)}
    html = response.content.decode()
    assert "page.pdf: Files of this type" in html
    assert "offer.pdf" in html
    assert "Visible to the customer" in html


def test_files_are_private_until_they_are_shown(owner: Client, acme: Customer) -> None:
    answer = owner.post(f"/customers/{acme.public_id}/files", {"file": upload("a.pdf")}, headers=JSON)
    assert (answer.status_code, answer.json()) == (201, {"added": ["a.pdf"], "refused": []})
    file = File.objects.get()
    assert not file.visible
    for said, visible in (("yes", True), ("yes", True), ("no", False)):
        assert owner.post(f"/files/{file.public_id}/visibility", {"visible": said}).status_code == 302
        file.refresh_from_db()
        assert file.visible is visible
    assert Activity.objects.filter(verb="file.changed", customer=acme).count() == 2


@pytest.mark.parametrize(
    ("name", "content", "kept_as"),
    [
        ("../../etc/passwd", b"text", "passwd.txt"),
        ("a\r\nSet-Cookie: x=1.pdf", PDF, None),
        ("invoice\u202efdp.exe", PDF, "invoicefdp.exe.pdf"),
    ],
)
def test_a_hostile_name_is_a_name(
    owner: Client, acme: Customer, name: str, content: bytes, kept_as: str | None
) -> None:
    owner.post(f"/customers/{acme.public_id}/files", {"file": upload(name, content)})
    file = File.objects.get()
    assert kept_as in {file.name, None}
    sent = owner.get(f"/files/{file.public_id}")
    assert b"".join(sent) == content
    assert "\r" not in sent["Content-Disposition"]
    assert "Set-Cookie" not in sent.headers
    assert (sent["X-Content-Type-Options"], sent["Content-Security-Policy"]) == ("nosniff", "sandbox")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("page.pdf", b"<!doctype html><script>1</script>"),
        ("virus.txt", rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
        ("both.gif", b"GIF89a=1;<script>1</script>//"),
        ("empty.pdf", b""),
    ],
)
def test_what_may_harm_is_refused_and_named(owner: Client, acme: Customer, name: str, content: bytes) -> None:
    answer = owner.post(f"/customers/{acme.public_id}/files", {"file": upload(name, content)}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["refused"]
    assert not File.objects.exists()


def test_of_a_file_over_the_limit_no_more_is_written_than_tells(
    owner: Client, acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []

    def completed(self: TemporaryFileUploadHandler, file_size: int) -> object:
        sizes.append(self.file.tell())
        return file_complete(self, file_size)

    file_complete = TemporaryFileUploadHandler.file_complete
    monkeypatch.setattr(TemporaryFileUploadHandler, "file_complete", completed)
    big = upload("big.pdf", PDF + b"1" * 25 * 2**20)
    answer = owner.post(f"/customers/{acme.public_id}/files", {"file": big}, headers=JSON)
    assert answer.status_code == 422
    assert "20 MB" in answer.json()["refused"][0]
    assert MAX_BYTES < sizes[0] < MAX_BYTES + 2**17
    assert not File.objects.exists()


def test_strangers_find_no_file(owner: Client, stranger: Client, acme: Customer) -> None:
    owner.post(f"/customers/{acme.public_id}/files", {"file": upload("a.pdf")})
    file = File.objects.get()
    assert stranger.get(f"/files/{file.public_id}").status_code == 404
    for path in (f"files/{file.public_id}/visibility", f"files/{file.public_id}/remove"):
        assert stranger.post(f"/{path}", {"visible": "yes", "confirmed": "yes"}).status_code == 404
    assert stranger.post(f"/customers/{acme.public_id}/files", {"file": upload("b.pdf")}).status_code == 404
    file.refresh_from_db()
    assert not file.visible
    assert File.objects.count() == 1


def test_a_pdf_that_is_the_document_is_what_everybody_gets(owner: Client, acme: Customer) -> None:
    invoice = new_document(acme, 100, date(2026, 11, 1))
    path = f"/documents/{invoice.public_id}"
    drawn = owner.get(f"{path}.pdf").content
    refused = owner.post(f"{path}/files", {"file": upload("a.txt", b"x"), "is_document": "on"}, headers=JSON)
    assert (refused.status_code, File.objects.count()) == (422, 0)
    assert owner.get(f"{path}.pdf").content == drawn
    owner.post(f"{path}/files", {"file": upload("RE-1.pdf"), "is_document": "on"})
    assert owner.get(f"{path}.pdf").content == PDF
    assert "The document itself" in owner.get(path).content.decode()
    owner.post(f"/files/{File.objects.get().public_id}/remove", {"confirmed": "yes"})
    assert owner.get(f"{path}.pdf").content == drawn
