import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image
from pytest_django import Settings

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.files.actions import store, sweep
from portico.domain.files.actions.store import FileInput, remove_file, store_file
from portico.domain.files.actions.sweep import sweep_content
from portico.domain.files.content import OPAQUE
from portico.domain.files.errors import FileRefused
from portico.domain.files.models import File
from portico.domain.files.names import clean_name

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def _own_storage(tmp_path: Path, settings: Settings) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": str(tmp_path)}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


@pytest.fixture
def customer(db: None) -> Customer:
    data = BusinessInput("Nordlicht Technik", "nordlicht", "EUR", "DE", "Europe/Berlin")
    business = create_business(data, by=OPERATOR)
    return upsert_customer(business, CustomerInput("c-1", name="Acme"), by=OPERATOR)[0]


def picture(kind: str = "JPEG", size: tuple[int, int] = (8, 4), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#336699").save(out, kind, **options)
    return out.getvalue()


def archive(**parts: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/"), text)
    return out.getvalue()


XLSX = archive(**{"[Content_Types].xml": "<Types/>", "xl__workbook.xml": "<workbook/>"})
DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<document/>"})
ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<x/>"})
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<x/>"})


@pytest.mark.parametrize(
    ("name", "content", "media_type", "kept_as"),
    [
        ("offer.pdf", PDF, "application/pdf", "offer.pdf"),
        ("photo.JPEG", picture(), "image/jpeg", "photo.JPEG"),
        ("mark.png", picture("PNG"), "image/png", "mark.png"),
        ("mark.gif", picture("GIF"), "image/gif", "mark.gif"),
        ("mark.webp", picture("WEBP"), "image/webp", "mark.webp"),
        ("hours.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "hours.xlsx"),
        ("terms.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "terms.docx"),
        ("hours.ods", ODS, "application/vnd.oasis.opendocument.spreadsheet", "hours.ods"),
        ("terms.odt", ODT, "application/vnd.oasis.opendocument.text", "terms.odt"),
        ("hours.csv", b"day;hours\r\n1;8\r\n", "text/csv", "hours.csv"),
        ("stunden.csv", "Tag;für\r\n".encode("cp1252"), "text/csv", "stunden.csv"),
        ("note.txt", "Grüße".encode("utf-16"), "text/plain", "note.txt"),
        ("MZ list.txt", b"MZ-1, MZ-2", "text/plain", "MZ list.txt"),
        ("data.xml", b"<?xml version='1.0'?><a xmlns='urn:x'><b/></a>", "application/xml", "data.xml"),
        ("offer.exe", PDF, "application/pdf", "offer.exe.pdf"),
        ("claims to be.pdf", b"only words", "text/plain", "claims to be.pdf.txt"),
    ],
)
def test_the_content_decides_what_a_file_is(
    customer: Customer, name: str, content: bytes, media_type: str, kept_as: str
) -> None:
    file = store_file(customer, customer.ref, name, content, FileInput(description=" A paper "), by=OPERATOR)
    file.refresh_from_db()
    assert (file.media_type, file.name, file.description) == (media_type, kept_as, "A paper")
    assert (file.business_id, file.customer_id, file.subject_id) == (customer.business_id, customer.pk, customer.pk)
    assert file.path == f"{customer.business_id}/{file.id}"
    assert file.size == len(file.read())
    assert Activity.objects.filter(verb="file.added", subject_id=file.id, customer=customer).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "file_empty"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "file_kind"),
        (
            "logo.xml",
            b"<?xml version='1.0'?><!--" + b" " * 5000 + b"--><svg xmlns='http://www.w3.org/2000/svg'/>",
            "file_kind",
        ),
        ("page.txt", b"\n\n<!DOCTYPE html><p>hello", "file_kind"),
        ("page.csv", "<html><p>hello".encode("utf-16"), "file_kind"),
        ("page.xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "file_kind"),
        ("half.xml", b"<a><b></a>", "file_kind"),
        ("styled.xml", b"<?xml version='1.0'?><!--" + b" " * 9000 + b"--><?xml-stylesheet href='x'?><a/>", "file_kind"),
        ("page.pdf", b"<html><script>alert(1)</script>", "file_kind"),
        ("run.pdf", b"MZ\x90\x00\x03" + b"\x00" * 60, "file_kind"),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n", "file_kind"),
        ("run.png", b"\x7fELF\x02\x01", "file_kind"),
        ("virus.txt", EICAR, "file_kind"),
        ("virus.pdf", PDF + EICAR, "file_kind"),
        ("macros.xlsx", archive(**{"xl__workbook.xml": "<w/>", "xl__vbaProject.bin": "x"}), "file_kind"),
        ("any.zip", archive(**{"a.txt": "a"}), "file_kind"),
        ("broken.xlsx", b"PK\x03\x04broken", "file_kind"),
        ("broken.png", picture("PNG")[:40], "file_broken"),
        ("bytes.pdf", b"\x01\x02\x03\x04", "file_kind"),
    ],
)
def test_what_may_harm_is_refused(customer: Customer, name: str, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        store_file(customer, customer.ref, name, content, by=OPERATOR)
    assert refusal.value.code == code
    assert not File.objects.exists()
    assert not Activity.objects.filter(verb="file.added").exists()
    assert not default_storage.exists(str(customer.business_id))


def test_unknown_content_is_kept_as_such_on_request_and_programs_are_not(customer: Customer) -> None:
    file = store_file(customer, customer.ref, "scan.pdf", b"\x01\x02\x03", FileInput(keep_unknown=True), by=OPERATOR)
    assert (file.media_type, file.name) == (OPAQUE, "scan.pdf.bin")
    with pytest.raises(FileRefused):
        store_file(customer, customer.ref, "scan.pdf", b"MZ\x90\x00", FileInput(keep_unknown=True), by=OPERATOR)
    assert File.objects.count() == 1


def test_a_picture_is_kept_as_it_came_and_its_preview_is_pixels_alone(customer: Customer) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Taken at home"
    shot = picture(size=(800, 400), exif=exif, comment=b"secret remark")
    file = store_file(customer, customer.ref, "shot.jpg", shot, by=OPERATOR)
    assert file.read() == shot
    assert file.sha256 == hashlib.sha256(shot).hexdigest()
    with file.open_preview() as content:
        preview = content.read()
    assert b"Taken at home" not in preview
    assert b"secret remark" not in preview
    with Image.open(BytesIO(preview)) as drawn:
        assert not drawn.getexif()
        assert drawn.size == (240, 480), "the picture stands upright, and small"


def test_markup_in_a_pdf_is_data_and_around_one_is_none(customer: Customer) -> None:
    marked = PDF.replace(b"<<>>", b"<< /Note (<html><script>1</script>) >>")
    assert store_file(customer, customer.ref, "a.pdf", marked, by=OPERATOR).read() == marked
    for both in (b"<html><script>1</script>\n" + PDF, b"GIF89a=1;<script>1</script>//" + PDF):
        with pytest.raises(FileRefused):
            store_file(customer, customer.ref, "both.pdf", both, by=OPERATOR)
    assert File.objects.count() == 1


class Counted(BytesIO):
    """A content that knows the longest piece that was read of it."""

    longest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.longest = max(self.longest, len(piece))
        return piece


def test_a_file_is_read_piece_by_piece(customer: Customer) -> None:
    large = Counted(b"%PDF-1.7\n" + b"1" * (5 * 1024 * 1024))
    file = store_file(customer, customer.ref, "large.pdf", large, by=OPERATOR)
    assert file.read() == large.getvalue()
    text = Counted(b"a line of words\n" * 100_000)
    assert store_file(customer, customer.ref, "words.csv", text, by=OPERATOR).media_type == "text/csv"
    assert max(large.longest, text.longest) <= 64 * 1024


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(customer: Customer) -> None:
    with pytest.raises(FileRefused, match="image"):
        store_file(customer, customer.ref, "bomb.png", picture("PNG", (10_000, 4_001)), by=OPERATOR)
    assert not File.objects.exists()


def test_size_and_number_are_limited(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", len(PDF))
    monkeypatch.setattr(store, "MAX_FILES_OF_SUBJECT", 1)
    with pytest.raises(FileRefused) as refusal:
        store_file(customer, customer.ref, "a.pdf", PDF + b" ", by=OPERATOR)
    assert refusal.value.code == "file_too_large"
    store_file(customer, customer.ref, "a.pdf", PDF, by=OPERATOR)
    with pytest.raises(FileRefused) as refusal:
        store_file(customer, customer.ref, "b.pdf", PDF, by=OPERATOR)
    assert refusal.value.code == "too_many_files"
    assert File.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "media_type", "clean"),
    [
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Users\\me\\scan.PDF", "application/pdf", "scan.PDF"),
        ("invoice\u202efdp.exe", "application/pdf", "invoicefdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.csv", "text/csv", "aSet-Cookie x.csv"),
        (" .htaccess ", "text/plain", "htaccess.txt"),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("", "image/png", "file.png"),
        ("Rechnung Müller.pdf", "application/pdf", "Rechnung Müller.pdf"),
        ("x" * 300 + ".jpeg", "image/jpeg", "x" * 145 + ".jpeg"),
    ],
)
def test_names_are_names_and_end_as_their_kind_does(given: str, media_type: str, clean: str) -> None:
    assert clean_name(given, media_type) == clean


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_no_row_and_its_content_is_swept(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store_file(customer, customer.ref, "kept.pdf", PDF, by=OPERATOR)
    with transaction.atomic():
        lost = store_file(customer, customer.ref, "lost.pdf", PDF, by=OPERATOR)
        transaction.set_rollback(True)
    assert list(File.objects.all()) == [kept]
    assert sweep_content() == 0, "a transaction may still be under way"
    monkeypatch.setattr(sweep, "GRACE", -sweep.GRACE)
    assert sweep_content() == 1
    assert not default_storage.exists(lost.path)
    assert kept.read() == PDF


@pytest.mark.django_db(transaction=True)
def test_removing_takes_the_content_only_when_the_row_is_gone(customer: Customer) -> None:
    file = store_file(customer, customer.ref, "a.pdf", PDF, by=OPERATOR)
    with transaction.atomic():
        remove_file(file, by=OPERATOR)
        transaction.set_rollback(True)
    assert File.objects.get().read() == PDF
    remove_file(file, by=OPERATOR)
    assert not File.objects.exists()
    assert not Path(default_storage.path(file.path)).exists()
    assert Activity.objects.filter(verb="file.removed", customer=customer).count() == 1
