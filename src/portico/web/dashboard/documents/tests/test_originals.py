"""What a document was imported from: offered to staff as it came, and to nobody else."""

import base64
import hashlib
import re

import pytest
from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document
from portico.intake.actions.import_file import Run
from portico.intake.ubl.tests.samples import Sample

PROGRAM = b"MZ\x90\x00 no file for a customer"
CONTENT = Sample(
    references="<cac:AdditionalDocumentReference><cbc:ID>Z-1</cbc:ID><cac:Attachment>"
    '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="run.exe">'
    f"{base64.b64encode(PROGRAM).decode()}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
    "</cac:AdditionalDocumentReference>"
    "<cac:AdditionalDocumentReference><cbc:ID>Z-2</cbc:ID><cbc:DocumentDescription>Time sheet</cbc:DocumentDescription>"
    "<cac:Attachment><cac:ExternalReference><cbc:URI>https://fjord.example/z2</cbc:URI></cac:ExternalReference>"
    "</cac:Attachment></cac:AdditionalDocumentReference>"
).bytes()


@pytest.fixture
def imported(shop: Business) -> Document:
    document = Run(shop, by=OPERATOR).take(CONTENT, name="R-117.xml").document
    assert document is not None
    return document


def _links(client: Client, document: Document) -> list[str]:
    html = client.get(f"/documents/{document.public_id}").content.decode()
    return re.findall(r'href="(/originals/[^"]+)"', html)


def test_staff_get_the_file_byte_for_byte(owner: Client, imported: Document) -> None:
    html = owner.get(f"/documents/{imported.public_id}").content.decode()
    for text in ("Imported from", "R-117.xml", hashlib.sha256(CONTENT).hexdigest(), "0088:7300010000001"):
        assert text in html, text
    source, aside = (owner.get(url) for url in _links(owner, imported))
    assert b"".join(source) == CONTENT
    assert source["Content-Disposition"] == 'attachment; filename="R-117.xml"'
    assert (source["Content-Type"], source["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert b"".join(aside) == PROGRAM


def test_what_was_kept_aside_is_said(owner: Client, imported: Document) -> None:
    html = owner.get(f"/documents/{imported.public_id}").content.decode()
    assert "the attachment “run.exe” is kept aside: it is of a kind that is not kept." in html
    assert 'href="https://fjord.example/z2"' in html, "a paper that the file only points to"


def test_strangers_and_visitors_get_nothing(
    owner: Client, stranger: Client, visitor: Client, imported: Document
) -> None:
    for url in _links(owner, imported):
        assert stranger.get(url).status_code == 404
        assert visitor.get(url).status_code == 302
    assert owner.get("/originals/orig_nothing").status_code == 404


def test_other_documents_came_from_no_file(owner: Client, invoice: Document) -> None:
    assert "Imported from" not in owner.get(f"/documents/{invoice.public_id}").content.decode()
