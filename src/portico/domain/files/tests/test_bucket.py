"""Files in a bucket, behind every way that leads to them, and what is said while it is away."""

import hashlib
import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.conversations.models import Comment
from portico.domain.customers.models import Customer
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.files.actions.sweep import sweep_content
from portico.domain.files.bucket import Bucket
from portico.domain.files.models import File
from portico.lib import faults
from portico.web.dashboard.tests.cast import a_document
from portico.web.portal.core.gate import cookie_name
from tests.s3 import S3Server
from tests.server import free_port

type Capture = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
# More than stays in memory, and than boto sends in one piece by itself.
LARGE = b"%PDF-1.7\n" + b"0123456789abcdef" * (600 * 1024) + b"\n%%EOF\n"


@pytest.fixture(autouse=True)
def frozen(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def visitor(acme: Customer) -> Client:
    _grant, secret = regenerate_portal_link(acme, by=OPERATOR)
    _session, token = open_session(find_grant(acme.business, secret), ClientInfo("testserver"))
    client = Client(headers={"host": "testserver"})
    client.cookies[cookie_name("nordlicht")] = token
    return client


def go_away(settings: Settings) -> None:
    """Let nobody answer where the bucket was."""
    options = settings.STORAGES["s3"]["OPTIONS"] | {"endpoint_url": f"http://127.0.0.1:{free_port()}"}
    settings.STORAGES = settings.STORAGES | {"s3": settings.STORAGES["s3"] | {"OPTIONS": options}}
    faults.forget()


def received(client: Client, url: str) -> bytes:
    """Return what is downloaded."""
    response: Any = client.get(url)
    assert (response.status_code, response.streaming) == (200, True)
    content: bytes = response.getvalue()
    for let_go in response._resource_closers:
        let_go()
    return content


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (900, 400), "#336699").save(out, "PNG")
    return out.getvalue()


def test_what_staff_upload_is_in_the_bucket_and_comes_back_as_it_was(
    bucket: Bucket, s3_server: S3Server, staff: Client, visitor: Client, acme: Customer, tmp_path: Path
) -> None:
    sent = {"plan.pdf": LARGE, "roof.png": picture(), "hours.csv": b"a;b\n"}
    chosen = [SimpleUploadedFile(name, content) for name, content in sent.items()]
    assert staff.post(f"/customers/{acme.public_id}/files", {"file": chosen, "visible": "on"}).status_code == 302
    rows = {row.name: row for row in File.objects.all()}
    paths = [path for row in rows.values() for path in (row.path, row.preview_path) if path]
    assert s3_server.keys(bucket.bucket_name) == sorted(f"portico/{path}" for path in paths)
    assert not (tmp_path / "files").exists()
    for name, content in sent.items():
        assert rows[name].sha256 == hashlib.sha256(content).hexdigest()
        assert received(staff, f"/files/{rows[name].public_id}") == content
        assert received(visitor, f"/portal/nordlicht/files/{rows[name].public_id}/{name}") == content
    preview = received(visitor, f"/portal/nordlicht/files/{rows['roof.png'].public_id}/roof.png?preview")
    assert Image.open(BytesIO(preview)).size[0] < 900
    with ZipFile(BytesIO(received(visitor, "/portal/nordlicht/documents.zip"))) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == sent


def test_nobody_gets_a_file_but_from_portico(bucket: Bucket, s3_server: S3Server, acme: Customer) -> None:
    file = store_file(acme, acme.ref, "a.pdf", PDF, by=OPERATOR)
    grants = s3_server.client.get_object_acl(Bucket=bucket.bucket_name, Key=f"portico/{file.path}")["Grants"]
    assert {grant["Grantee"]["Type"] for grant in grants} == {"CanonicalUser"}


def test_a_large_file_is_never_in_memory_as_a_whole(bucket: Bucket, acme: Customer, tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(LARGE)
    # What the first use of the library needs is not the file's.
    store_file(acme, acme.ref, "small.pdf", PDF, by=OPERATOR).read()
    tracemalloc.start()
    with path.open("rb") as content:
        file = store_file(acme, acme.ref, "large.pdf", content, by=OPERATOR)
    with file.open() as stored:
        assert sum(len(piece) for piece in iter(lambda: stored.read(64 * 1024), b"")) == len(LARGE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(LARGE) / 2


def test_programs_keep_read_and_remove_files(
    bucket: Bucket, s3_server: S3Server, program: Client, acme: Customer, django_capture_on_commit_callbacks: Capture
) -> None:
    invoice = a_document(acme)
    body = {"document": invoice.public_id, "purpose": "document_pdf", "file": SimpleUploadedFile("RE-1.pdf", LARGE)}
    made = program.post("/api/v1/files", body)
    assert made.status_code == 201
    url = f"/api/v1/files/{made.json()['id']}"
    assert received(program, f"{url}/content") == LARGE
    with django_capture_on_commit_callbacks(execute=True):
        assert program.delete(url).status_code == 204
    assert s3_server.keys(bucket.bucket_name) == []


def test_what_is_left_behind_is_swept_from_the_bucket_and_nothing_else(
    bucket: Bucket, s3_server: S3Server, acme: Customer, clock: Clock
) -> None:
    kept = store_file(acme, acme.ref, "a.pdf", PDF, by=OPERATOR)
    bucket.save(f"{acme.business_id}/left", ContentFile(b"left over"))
    bucket.save("another/program", ContentFile(b"not ours"))
    clock.set(bucket.get_modified_time(kept.path))
    assert sweep_content() == 0
    clock.advance(days=2)
    assert sweep_content() == 1
    assert s3_server.keys(bucket.bucket_name) == [f"portico/{kept.path}", "portico/another/program"]


def test_while_the_bucket_is_away_nothing_is_half_written(
    bucket: Bucket,
    settings: Settings,
    staff: Client,
    visitor: Client,
    program: Client,
    acme: Customer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = store_file(acme, acme.ref, "a.pdf", PDF, FileInput(visible=True), by=OPERATOR)
    before = Activity.objects.count()
    go_away(settings)
    for client in (staff, visitor, program):
        client.raise_request_exception = False
    for client, url in (
        (staff, f"/files/{file.public_id}"),
        (visitor, f"/portal/nordlicht/files/{file.public_id}/a.pdf"),
    ):
        gone = client.get(url)
        assert (gone.status_code, gone.headers["Retry-After"]) == (503, "30")
        assert "Files can’t be stored or read at the moment." in gone.content.decode()
    answers = [
        program.get(f"/api/v1/files/{file.public_id}/content"),
        program.post("/api/v1/files", {"customer": acme.public_id, "file": SimpleUploadedFile("b.pdf", PDF)}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
        assert answer.headers["Retry-After"] == "30"
    chosen = [SimpleUploadedFile(name, PDF) for name in ("b.pdf", "c.pdf")]
    html = staff.post(f"/customers/{acme.public_id}/files", {"file": chosen}, follow=True).content.decode()
    assert html.count("Files can’t be stored or read at the moment.") == 1
    written = {"body": "Here it is", "attachments": SimpleUploadedFile("b.pdf", PDF)}
    again = visitor.post("/portal/nordlicht/messages", written)
    assert again.status_code == 503
    assert "Files can’t be stored or read at the moment." in again.content.decode()
    assert "Here it is</textarea>" in again.content.decode()
    assert File.objects.get() == file
    assert (Comment.objects.count(), Activity.objects.count()) == (0, before)
    said = [line for line in caplog.messages if line.startswith("The bucket of the files")]
    assert len(said) == 1


def test_files_of_before_are_found_in_the_folder(
    bucket: Bucket, settings: Settings, staff: Client, acme: Customer, django_capture_on_commit_callbacks: Capture
) -> None:
    storages["local"].save(f"{acme.business_id}/old", ContentFile(PDF))
    file = store_file(acme, acme.ref, "a.pdf", PDF, by=OPERATOR)
    File.objects.filter(pk=file.pk).update(path=f"{acme.business_id}/old")
    assert received(staff, f"/files/{file.public_id}") == PDF
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"/files/{file.public_id}/remove", {"confirmed": "yes"})
    assert not storages["local"].exists(f"{acme.business_id}/old")
