"""The business's own PDF is the document: on the page, by its link, in the ZIP and with the mail."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from PIL import Image

from conftest import React
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.actions.own_pdf import set_own_pdf
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Document, Kind
from portico.domain.files.actions.store import remove_file
from portico.domain.ledger.tests.history import new_document
from portico.output.mail.actions.mail_document import mail_document
from portico.web.portal.conftest import Visitor, days_ago
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nlaid out by the ERP\n%%EOF\n"
NOTE = "The PDF is the original. Payments and changes since then are on this page."


def scanned(pages: int, colour: str = "teal") -> bytes:
    """A PDF of pages that are pictures, as a scanner makes it."""
    out, page = BytesIO(), Image.new("RGB", (595, 842), colour)
    page.save(out, "PDF", save_all=True, append_images=[page] * (pages - 1), resolution=72)
    return out.getvalue()


def pictures(html: str) -> list[str]:
    """The addresses of the original's pages."""
    return [url.replace("&amp;", "&") for url in re.findall(r'<img src="([^"]+[?]page=[^"]+)"', html)]


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 198016, days_ago(9), due_on=days_ago(-8), number="INV-2041")


def test_customers_get_it_in_place_of_the_drawn_one(
    visitor: Visitor, acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    other = new_document(acme, 500, days_ago(3), kind=Kind.ESTIMATE, number="EST-1")
    path = visitor.url("invoice_pdf", invoice.public_id)
    assert NOTE not in visitor.page("invoice", invoice.public_id)
    own = set_own_pdf(invoice, "RE-2041.pdf", PDF, by=OPERATOR)

    html = visitor.page("invoice", invoice.public_id)
    assert NOTE in html
    assert path in html
    assert "RE-2041.pdf" not in html, "it is the document, not a file beside it"
    assert NOTE not in visitor.page("estimate", other.public_id)
    secret = link_to(acme, invoice.ref, by=OPERATOR)[1]
    for url in (path, f"/portal/nordlicht/s/{secret}.pdf"):
        answer = visitor.get(url)
        assert (answer.content, answer.headers["Content-Type"]) == (PDF, "application/pdf")
    zipped: HttpResponseBase = visitor.get(visitor.url("activity_zip", "invoices"))
    assert isinstance(zipped, StreamingHttpResponse)
    assert ZipFile(BytesIO(zipped.getvalue())).read("nordlicht-invoice-INV-2041.pdf") == PDF
    mail_document(invoice, MailInput(["ap@acme.example"], attach_pdf=True), by=OPERATOR)
    react()
    (attached,) = postbox.the_only().message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("nordlicht-invoice-INV-2041.pdf", PDF)

    remove_file(own, by=OPERATOR)
    assert NOTE not in visitor.page("invoice", invoice.public_id)
    assert "INV-2041" in visitor.pdf(path)


def test_its_first_pages_are_shown_in_place_of_the_sheet(visitor: Visitor, invoice: Document) -> None:
    path = visitor.url("invoice_pdf", invoice.public_id)
    set_own_pdf(invoice, "RE-2041.pdf", scanned(7), by=OPERATOR)
    html = visitor.page("invoice", invoice.public_id)
    urls = pictures(html)
    assert [url.partition("&")[0] for url in urls] == [f"{path}?page={number}" for number in range(1, 6)]
    assert "The first 5 of 7 pages are shown." in html
    assert f'<a href="{path}">Download the original PDF</a>' in html
    assert html.index("Read as text") < html.index("1,980.16"), "the sheet is there for who reads no pictures"
    first = visitor.get(urls[0])
    assert first.headers["Content-Type"] == "image/webp"
    assert first.headers["Content-Security-Policy"] == "sandbox"
    with Image.open(BytesIO(first.content)) as picture:
        width, height = picture.size
        assert picture.getpixel((width // 2, height // 2)) == pytest.approx((0, 128, 128), abs=6)
    assert f'width="{width}" height="{height}"' in html
    for asked in ("0", "6", "-1", "1.webp", "../1", ""):
        assert visitor.get(f"{path}?page={asked}").status_code == 404, asked

    set_own_pdf(invoice, "RE-2041.pdf", scanned(1, "red"), by=OPERATOR)
    (other,) = pictures(visitor.page("invoice", invoice.public_id))
    assert other not in urls, "no browser shows the one before"


def test_pictures_are_had_by_who_may_have_the_pdf(
    visitor: Visitor, stranger: Visitor, acme: Customer, invoice: Document
) -> None:
    own = set_own_pdf(invoice, "RE-2041.pdf", scanned(1), by=OPERATOR)
    (url,) = pictures(visitor.page("invoice", invoice.public_id))
    assert visitor.get(url).status_code == 200
    assert stranger.get(url).status_code == 404
    other = new_document(acme, 500, days_ago(3), number="INV-2042")
    for document, status in ((invoice, 200), (other, 404)):
        client = Client(headers={"host": "testserver"})
        client.get(f"/portal/nordlicht/s/{link_to(acme, document.ref, by=OPERATOR)[1]}")
        assert client.get(url).status_code == status, "a link to one document opens that one"
    assert Client(headers={"host": "testserver"}).get(url).status_code != 200
    remove_file(own, by=OPERATOR)
    assert visitor.get(url).status_code == 404
    assert not pictures(visitor.page("invoice", invoice.public_id))
    set_own_pdf(invoice, "RE-2041.pdf", scanned(1), by=OPERATOR)
    assert visitor.get(url).status_code == 200
    change_portal_settings(acme.business, {"portal_enabled": False}, by=OPERATOR)
    assert visitor.get(url).status_code == 404


@pytest.mark.parametrize("content", [PDF, scanned(1)[:400]], ids=["no pages", "cut off"])
def test_one_that_cannot_be_drawn_leaves_the_sheet(visitor: Visitor, invoice: Document, content: bytes) -> None:
    set_own_pdf(invoice, "RE-2041.pdf", content, by=OPERATOR)
    html = visitor.page("invoice", invoice.public_id)
    assert NOTE in html
    assert not pictures(html)
    assert "Read as text" not in html
    assert visitor.get(f"{visitor.url('invoice_pdf', invoice.public_id)}?page=1").status_code == 404


def test_content_that_is_away_takes_no_page_along(visitor: Visitor, invoice: Document) -> None:
    content = scanned(1, "navy")
    own = set_own_pdf(invoice, "RE-2041.pdf", content, by=OPERATOR)
    default_storage.delete(own.path)
    url = visitor.url("invoice", invoice.public_id)
    page = visitor.get(url)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store", "it looks different once the content is back"
    assert "ETag" not in page.headers
    assert visitor.get(f"{visitor.url('invoice_pdf', invoice.public_id)}?page=1").status_code == 503
    assert default_storage.save(own.path, BytesIO(content)) == own.path
    page = visitor.get(url)
    assert pictures(page.content.decode())
    assert "ETag" in page.headers
