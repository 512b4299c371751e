from datetime import date

from conftest import Clock
from portico.domain.customers.models import Customer
from portico.output.pdf.activity_sheet import ActivityRow, activity_sheet
from portico.output.pdf.sheets import Fact

ROWS = [
    ActivityRow("INV-2", date(2026, 10, 12), date(2026, 11, 11), "Past due", "EUR", 119_00, 19_00),
    ActivityRow("INV-1", date(2026, 10, 1), None, "Open", "JPY", 500, 500),
    ActivityRow("INV-0", date(2026, 9, 1), None, "Paid", "EUR", 81_00, 0),
]


def test_the_list_with_its_filters_and_sums_per_currency(customer: Customer, clock: Clock) -> None:
    sheet = activity_sheet(customer, "Invoices", [("Status", "All")], ROWS, "en")
    assert sheet.frame.title == "Invoices"
    assert sheet.subtitle == "20 November 2026"
    assert sheet.facts == (Fact("Customer", "Acme GmbH"), Fact("Status", "All"))
    assert sheet.table.rows[0].cells == ("INV-2", "12 Oct 2026", "Past due", "11 Nov 2026", "€119.00", "€19.00")
    assert [(total.label, total.value) for total in sheet.totals] == [
        ("Total", "€200.00"), ("Open", "€19.00"), ("Total", "JP¥500"), ("Open", "JP¥500"),
    ]  # fmt: skip


def test_estimates_have_nothing_open(customer: Customer) -> None:
    sheet = activity_sheet(
        customer, "Estimates", [], [ActivityRow("E", date(2026, 1, 1), None, "Open", "EUR", 1)], "en"
    )
    assert [column.label for column in sheet.table.columns] == ["Number", "Date", "Status", "Due date", "Total"]


def test_an_empty_list_says_so(customer: Customer) -> None:
    sheet = activity_sheet(customer, "Invoices", [], [], "en")
    assert sheet.table.rows == ()
    assert sheet.table.empty
