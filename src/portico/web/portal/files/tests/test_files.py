"""Files attached for the customer: listed, downloaded, and shown with what they are attached to."""

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.files.actions.store import store_file
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.conftest import Visitor, days_ago

pytestmark = pytest.mark.django_db


def test_no_files_no_entry_in_the_navigation(visitor: Visitor) -> None:
    assert visitor.url("documents") not in visitor.page("home")
    assert "Files that Nordlicht Studio attaches for you will appear here." in visitor.page("documents")


def test_a_file_brings_its_entry_at_once(visitor: Visitor, acme: Customer, stranger: Visitor) -> None:
    assert visitor.url("documents") not in visitor.page("home")
    file = store_file(acme, acme.ref, "contract.txt", b"As agreed.\n", by=OPERATOR, description="Frame contract")
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
    store_file(acme, invoice.ref, "timesheet.txt", b"Hours\n", by=OPERATOR)
    store_file(acme, draft.ref, "secret.txt", b"Not yet\n", by=OPERATOR)
    assert "timesheet.txt" in visitor.page("invoice", invoice.public_id)
    html = visitor.page("documents")
    assert "timesheet.txt" in html
    assert "secret.txt" not in html
