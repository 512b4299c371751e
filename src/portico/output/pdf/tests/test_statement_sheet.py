from datetime import date

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.ledger.queries import account_of, accounts_of
from portico.domain.ledger.statements import balance_forward, open_item
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.models import Method
from portico.output.pdf.sheets import Fact, Row
from portico.output.pdf.statement_sheet import statement_sheet
from portico.output.pdf.tests.conftest import Write

EDGES = (30, 60, 90)
TODAY = date(2026, 11, 20)


def history(customer: Customer, write: Write) -> None:
    invoice = write(issued_on=date(2026, 9, 15), due_on=date(2026, 10, 15))
    write(issued_on=date(2026, 10, 12), due_on=date(2026, 12, 12))
    data = PaymentInput(60_00, "EUR", date(2026, 11, 2), Method.CARD, [Share(invoice, 50_00)])
    record_payment(customer, data, by=OPERATOR)


def test_balance_forward(customer: Customer, write: Write) -> None:
    history(customer, write)
    account = account_of(customer.pk, "EUR")
    assert account is not None
    statement = balance_forward(account, date(2026, 10, 1), TODAY, today=TODAY, edges=EDGES)
    sheet = statement_sheet(customer, [statement], "en")
    assert sheet.frame.title == "Statement of account"
    assert sheet.subtitle == "1 October 2026 to 20 November 2026"
    assert sheet.headline == Fact("Balance", "€178.00")
    (section,) = sheet.sections
    assert section.heading == ""
    assert [row.cells for row in section.entries.rows] == [
        ("1 Oct 2026", "Balance brought forward", "", "", "", "€119.00"),
        ("12 Oct 2026", "Invoice INV-0002", "12 Dec 2026", "€119.00", "", "€238.00"),
        ("2 Nov 2026", "Payment PAY-0001", "", "", "€60.00", "€178.00"),
        ("20 Nov 2026", "Closing balance", "", "€119.00", "€60.00", "€178.00"),
    ]
    assert [column.label for column in section.ageing.columns] == [
        "Not yet due", "1 to 30 days", "31 to 60 days", "61 to 90 days", "91 days and more", "Credits",
    ]  # fmt: skip
    assert section.ageing.rows == (Row(("€119.00", "€0.00", "€69.00", "€0.00", "€0.00", "-€10.00")),)


def test_open_items(customer: Customer, write: Write) -> None:
    history(customer, write)
    account = account_of(customer.pk, "EUR")
    assert account is not None
    sheet = statement_sheet(customer, [open_item(account, TODAY, today=TODAY, edges=EDGES)], "en")
    assert sheet.subtitle == "Open items on 20 November 2026"
    assert [row.cells for row in sheet.sections[0].entries.rows] == [
        ("15 Sept 2026", "Invoice INV-0001", "15 Oct 2026", "36", "€119.00", "€50.00", "€69.00"),
        ("12 Oct 2026", "Invoice INV-0002", "12 Dec 2026", "", "€119.00", "€0.00", "€119.00"),
        ("2 Nov 2026", "Payment PAY-0001", "", "", "-€60.00", "-€50.00", "-€10.00"),
        ("", "Total", "", "", "", "", "€178.00"),
    ]


def test_each_currency_has_its_section(customer: Customer, write: Write) -> None:
    write()
    write(currency="JPY")
    statements = [open_item(account, TODAY, today=TODAY, edges=EDGES) for account in accounts_of(customer.pk)]
    sheet = statement_sheet(customer, statements, "en")
    assert sheet.headline is None
    assert [section.heading for section in sheet.sections] == ["Euro (EUR)", "Japanese Yen (JPY)"]


def test_nothing_open_says_so(customer: Customer, write: Write) -> None:
    write()
    account = account_of(customer.pk, "EUR")
    assert account is not None
    sheet = statement_sheet(customer, [open_item(account, date(2026, 1, 1), today=TODAY, edges=EDGES)], "en")
    assert sheet.sections[0].entries.rows == ()
    assert sheet.sections[0].entries.empty == "Nothing is open."
