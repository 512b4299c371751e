"""Exports hold exactly what the list shows, all pages of it."""

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.ledger.tests.history import new_document, pay
from portico.web.portal.conftest import Visitor, days_ago

pytestmark = pytest.mark.django_db


def test_csv_holds_every_page_of_the_filtered_list(visitor: Visitor, acme: Customer) -> None:
    for number in range(30):
        new_document(acme, 1000 + number, days_ago(number), due_on=days_ago(number - 5), number=f"A-{number:02}")
    new_document(acme, 1, days_ago(1), number="B-1")
    lines = visitor.csv(visitor.url("activity_csv", "invoices") + "?q=A-&sort=number")
    assert [line[1] for line in lines[1:]] == [f"A-{number:02}" for number in range(30)]
    assert lines[1] == ["Invoice", "A-00", "2026-11-20", "2026-11-25", "Open", "EUR", "10.00", "10.00", ""]
    assert lines[-1][4] == "Past due · 24 days"


def test_csv_of_payments(visitor: Visitor, acme: Customer) -> None:
    payment = pay(acme, 1234, days_ago(2))
    lines = visitor.csv(visitor.url("activity_csv", "payments"))
    assert lines[1][:8] == ["Payment", payment.number, "2026-11-18", "", "Received", "EUR", "12.34", "12.34"]


def test_files_are_downloads_that_nobody_keeps(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1))
    response = visitor.get(visitor.url("activity_csv", "invoices"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="nordlicht-activity-2026-11-20.csv"'
    assert response.headers["Content-Type"].startswith("text/csv")
    assert response.headers["Cache-Control"] == "no-store"


def test_pdf_of_the_list(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1))
    response = visitor.get(visitor.url("activity_pdf", "invoices") + "?status=unpaid")
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"] == 'attachment; filename="nordlicht-activity-2026-11-20.pdf"'


@pytest.mark.parametrize("name", ["activity_csv", "activity_pdf"])
def test_a_wrong_filter_gives_no_file(visitor: Visitor, name: str) -> None:
    assert visitor.get(visitor.url(name, "invoices") + "?status=nonsense").status_code == 404
    assert visitor.get(visitor.url(name, "nonsense")).status_code == 404


def test_a_switched_off_kind_has_no_export(visitor: Visitor, business: Business) -> None:
    change_portal_settings(business, {"show_credit_notes": False}, by=OPERATOR)
    assert visitor.get(visitor.url("activity_csv", "credit-notes")).status_code == 404
    assert visitor.get(visitor.url("activity_pdf", "credit-notes")).status_code == 404
