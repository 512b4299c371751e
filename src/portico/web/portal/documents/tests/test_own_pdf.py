"""The business's own PDF is the document: on the page, by its link, in the ZIP and with the mail."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from conftest import React
from portico.domain.activity.actor import OPERATOR
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
