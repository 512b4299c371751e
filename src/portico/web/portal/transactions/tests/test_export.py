"""Exports hold exactly what the list shows, all pages of it."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

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
    assert lines[1][:7] == ["Invoice", "A-00", "", "2026-11-20", "2026-11-25", "Open", ""]
    assert lines[1][7:] == ["", "", "EUR", "10.00", "10.00"]
    assert lines[-1][5:7] == ["Past due", "24"]


def test_csv_of_payments(visitor: Visitor, acme: Customer) -> None:
    payment = pay(acme, 1234, days_ago(2))
    lines = visitor.csv(visitor.url("activity_csv", "payments"))
    assert lines[1][:7] == ["Payment", payment.number, "", "2026-11-18", "", "Received", ""]
    assert lines[1][7:] == ["Bank transfer", "", "EUR", "12.34", "12.34"]


def test_numbers_are_in_their_natural_order_and_amounts_by_currency(visitor: Visitor, acme: Customer) -> None:
    for number, amount, currency in [
        ("HB-10", 50_000, "EUR"), ("HB-9999", 60_000, "JPY"), ("HB-2", 100_000, "KWD"), ("HB-10000", 1, "EUR"),
        ("2026-9", 5, "EUR"), ("2026-10", 6, "EUR"), ("10/2026", 7, "EUR"), ("9/2026", 8, "EUR"), ("HB-007", 9, "EUR"),
    ]:  # fmt: skip
        new_document(acme, amount, days_ago(1), number=number, currency=currency)
    lines = visitor.csv(visitor.url("activity_csv", "invoices") + "?sort=number")
    numbers = ["HB-2", "HB-007", "HB-10", "HB-9999", "HB-10000", "9/2026", "10/2026", "2026-9", "2026-10"]
    assert [line[1] for line in lines[1:]] == numbers
    lines = visitor.csv(visitor.url("activity_csv", "invoices") + "?sort=-number")
    assert [line[1] for line in lines[1:]] == numbers[::-1]
    lines = visitor.csv(visitor.url("activity_csv", "invoices") + "?sort=total")
    assert [line[1] for line in lines[1:]][-3:] == ["HB-10", "HB-9999", "HB-2"]
    html = visitor.page("activity_of_kind", "invoices", query="?sort=number")
    assert [html.index(f"<bdi>{number}</bdi>") for number in numbers] == sorted(
        html.index(f"<bdi>{number}</bdi>") for number in numbers
    )


def test_a_workbook_holds_the_same(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 1050, days_ago(20), due_on=days_ago(3), number="=A-1")
    response = visitor.get(visitor.url("activity_xlsx", "invoices"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="nordlicht-invoices-2026-11-20.xlsx"'
    [sheet] = load_workbook(BytesIO(b"".join(response))).worksheets
    header, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    found = dict(zip(header, row, strict=True))
    assert (found["Number"], found["Days past due"], found["Total"], found["Currency"]) == ("=A-1", 3, 10.5, "EUR")
    assert found["Date"].date() == days_ago(20)


def test_a_german_spreadsheet_gets_semicolons_and_commas(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 283101, days_ago(20), number="A-1")
    url = visitor.url("activity_csv", "invoices") + "?csv=local"
    response = visitor.client.get(url, headers={"Accept-Language": "de"})
    text = b"".join(response).decode("utf-8-sig")
    assert "Rechnung;A-1;;31.10.2026;" in text
    assert ";EUR;2831,01;2831,01" in text


def test_files_are_downloads_that_nobody_keeps(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1))
    response = visitor.get(visitor.url("activity_csv", "invoices"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="nordlicht-invoices-2026-11-20.csv"'
    assert response.headers["Content-Type"].startswith("text/csv")
    assert response.headers["Cache-Control"] == "no-store"


def test_pdf_of_the_list(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1))
    response = visitor.get(visitor.url("activity_pdf", "invoices") + "?status=unpaid")
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"] == 'attachment; filename="nordlicht-invoices-2026-11-20.pdf"'


@pytest.mark.parametrize("name", ["activity_csv", "activity_xlsx", "activity_pdf"])
def test_a_wrong_filter_gives_no_file(visitor: Visitor, name: str) -> None:
    assert visitor.get(visitor.url(name, "invoices") + "?status=nonsense").status_code == 404
    assert visitor.get(visitor.url(name, "nonsense")).status_code == 404


def test_a_switched_off_kind_has_no_export(visitor: Visitor, business: Business) -> None:
    change_portal_settings(business, {"show_credit_notes": False}, by=OPERATOR)
    assert visitor.get(visitor.url("activity_csv", "credit-notes")).status_code == 404
    assert visitor.get(visitor.url("activity_pdf", "credit-notes")).status_code == 404
