"""Files are looked at by clamd before they are kept, where the settings name one."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from portico.config.scanner import clamd_address
from portico.domain.activity.actor import OPERATOR
from portico.domain.conversations.models import Comment
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.decide import Evidence, approve
from portico.domain.documents.models import Document, Kind
from portico.domain.files.models import File
from portico.intake.actions.import_file import Run
from portico.intake.ubl.tests.samples import Sample
from portico.lib import faults
from portico.web.dashboard.tests.cast import Paper, a_document
from tests.clamd import VIRUS, Clamd
from tests.server import free_port

pytestmark = pytest.mark.django_db

GOOD = b"name;hours\nIda;3\n" * 9000
BAD = GOOD + VIRUS
AWAY = "Files can’t be checked for viruses at the moment, so none is taken. Please try again later."


@pytest.fixture
def clamd(settings: Settings, tmp_path: Path) -> Iterator[Clamd]:
    with Clamd(tmp_path / "clamd.ctl") as server:
        settings.PORTICO_CLAMD = clamd_address(server.address)
        yield server


def test_what_clamd_finds_is_refused_wherever_it_comes_in(
    clamd: Clamd, acme: Customer, staff: Client, program: Client
) -> None:
    chosen = [SimpleUploadedFile("good.csv", GOOD), SimpleUploadedFile("bad.csv", BAD)]
    html = staff.post(f"/customers/{acme.public_id}/files", {"file": chosen}, follow=True).content.decode()
    assert "bad.csv: A virus was found in the file." in html
    refused = program.post("/api/v1/files", {"customer": acme.public_id, "file": SimpleUploadedFile("bad.csv", BAD)})
    assert (refused.status_code, refused.json()["code"]) == (422, "file_infected")
    said = {"body": "See", "attachments": SimpleUploadedFile("bad.csv", BAD), "do": "answer"}
    answer = staff.post(f"/customers/{acme.public_id}/conversation", said)
    assert answer.status_code == 422
    assert "A virus was found in the file." in answer.content.decode()
    assert [file.name for file in File.objects.all()] == ["good.csv"]
    assert not Comment.objects.exists()
    assert clamd.seen == [GOOD, BAD, BAD, BAD]


@pytest.mark.parametrize("why", ["away", "too large"])
def test_what_nobody_can_look_at_is_not_taken(
    clamd: Clamd, settings: Settings, acme: Customer, staff: Client, program: Client, why: str
) -> None:
    faults.forget()
    if why == "away":
        settings.PORTICO_CLAMD = clamd_address(f"127.0.0.1:{free_port()}")
    clamd.most_bytes = 1000
    chosen = [SimpleUploadedFile("good.csv", GOOD)]
    html = staff.post(f"/customers/{acme.public_id}/files", {"file": chosen}, follow=True).content.decode()
    assert AWAY in html
    refused = program.post("/api/v1/files", {"customer": acme.public_id, "file": SimpleUploadedFile("a.csv", GOOD)})
    assert (refused.status_code, refused.json()["code"]) == (503, "scanner_unavailable")
    assert refused.headers["Retry-After"] == "30"
    said = {"body": "See", "attachments": SimpleUploadedFile("good.csv", GOOD), "do": "answer"}
    answer = staff.post(f"/customers/{acme.public_id}/conversation", said)
    assert answer.status_code == 503
    assert AWAY in answer.content.decode()
    assert not File.objects.exists()
    assert not Comment.objects.exists()


def test_what_portico_makes_itself_is_kept_while_clamd_is_away(clamd: Clamd, acme: Customer) -> None:
    estimate = a_document(acme, Paper(kind=Kind.ESTIMATE))
    approve(estimate, Evidence(name="Ida", pdf=b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"), by=OPERATOR)
    assert File.objects.get().subject_id == estimate.pk
    assert clamd.seen == []


def test_clamd_on_a_port_is_asked_too(settings: Settings, acme: Customer, program: Client) -> None:
    with Clamd() as server:
        settings.PORTICO_CLAMD = clamd_address(server.address)
        body = {"customer": acme.public_id, "file": SimpleUploadedFile("good.csv", GOOD)}
        assert program.post("/api/v1/files", body).status_code == 201
    assert server.seen == [GOOD]


@pytest.mark.parametrize("text", ["clamd.ctl", "localhost", "localhost:", ":3310", "localhost:port", "localhost:99999"])
def test_an_address_that_is_none_stops_the_start(text: str) -> None:
    with pytest.raises(SystemExit, match="PORTICO_CLAMD must be"):
        clamd_address(text)


def test_addresses_of_clamd() -> None:
    assert clamd_address("") is None
    assert clamd_address("/run/clamav/clamd.ctl") == "/run/clamav/clamd.ctl"
    assert clamd_address("[::1]:3310") == ("::1", 3310)


def test_an_import_that_nobody_can_look_at_leaves_nothing(settings: Settings, acme: Customer) -> None:
    attached = base64.b64encode(GOOD).decode()
    references = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject"
        f' mimeCode="text/csv" filename="hours.csv">{attached}</cbc:EmbeddedDocumentBinaryObject>'
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )
    invoice = Sample(references=references).bytes()
    settings.PORTICO_CLAMD = ("127.0.0.1", free_port())
    outcome = Run(acme.business, OPERATOR).take(invoice, name="a.xml")
    assert (outcome.status, outcome.code) == ("refused", "scanner_unavailable")
    assert not Document.objects.exists()
    settings.PORTICO_CLAMD = None
    assert Run(acme.business, OPERATOR).take(invoice, name="a.xml").status == "imported"
    assert File.objects.get().name == "hours.csv"
