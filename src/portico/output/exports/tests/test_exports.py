import csv
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import uuid4

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.actions.post import open_item
from portico.domain.ledger.models import Account, EntryKind
from portico.domain.ledger.statements import balance_forward
from portico.domain.ledger.statements import open_item as open_item_statement
from portico.lib.ids import Ref
from portico.output.exports.activity import ActivityRow, activity_table
from portico.output.exports.statement import statement_table
from portico.output.exports.table import csv_chunks

DAY = date(2026, 11, 20)
EDGES = (30, 60, 90)


def read(chunks: Iterable[bytes]) -> list[dict[str, str]]:
    text = b"".join(chunks).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def account(db: None) -> Account:
    data = BusinessInput("Nordlicht Technik", "nordlicht", "EUR", "DE", "Europe/Berlin")
    business = create_business(data, by=OPERATOR)
    customer, _ = upsert_customer(business, CustomerInput("c-1", name="Acme"), by=OPERATOR)
    account = lock_account(business.id, customer.id, "EUR")
    facts = [
        ("invoice", 10000, date(2026, 9, 1), date(2026, 10, 1), "INV-1", EntryKind.INVOICE),
        ("invoice", 2550, date(2026, 11, 3), date(2026, 12, 3), "=INV-2", EntryKind.INVOICE),
        ("payment", -4000, date(2026, 11, 5), None, "PAY-1", EntryKind.PAYMENT),
    ]
    for kind, amount, on, due_on, number, entry in facts:
        open_item(account, Ref(kind, uuid4()), amount=amount, on=on, due_on=due_on, number=number, kind=entry)
    return Account.objects.get(pk=account.pk)


def test_activity_has_a_row_for_everything_in_the_readers_words() -> None:
    rows = [
        ActivityRow("invoice", "INV-1", DAY, date(2026, 11, 1), "Überfällig", "EUR", 123456, 100, "=PO", days=19),
        ActivityRow("credit_note", "CN-1", DAY, None, "Verwendet", "JPY", -900, 0),
        ActivityRow("payment", "PAY-1", DAY, None, "Erhalten", "KWD", 1, None, method="Karte", reference="-1"),
    ]
    table = activity_table("invoice", rows, "en")
    head, one, two, three = csv.reader(b"".join(csv_chunks(table)).decode("utf-8-sig").splitlines())
    assert head == [
        "Type", "Number", "Order number", "Date", "Due", "State", "Days past due", "Method", "Reference", "Currency",
        "Total", "Open",
    ]  # fmt: skip
    day = "2026-11-20"
    assert one == [
        "Invoice", "INV-1", "'=PO", day, "2026-11-01", "Überfällig", "19", "", "", "EUR", "1234.56", "1.00",
    ]  # fmt: skip
    assert two == ["Credit note", "CN-1", "", day, "", "Verwendet", "", "", "", "JPY", "-900", "0"]
    assert three == ["Payment", "PAY-1", "", day, "", "Erhalten", "", "Karte", "'-1", "KWD", "0.001", ""]


def test_activity_is_written_while_it_is_sent() -> None:
    asked = 0

    def endless() -> Iterator[ActivityRow]:
        nonlocal asked
        while True:
            asked += 1
            yield ActivityRow("invoice", f"INV-{asked}", DAY, DAY, "Open", "EUR", 100, 100)

    chunks = csv_chunks(activity_table("invoice", endless(), "en"))
    assert [next(chunks) for _ in range(3)][2].count(b"\r\n") == asked / 2 == 1000


def test_balance_forward_adds_up_from_opening_to_closing(account: Account) -> None:
    statement = balance_forward(account, date(2026, 11, 1), date(2026, 11, 30), today=DAY, edges=EDGES)
    rows = read(csv_chunks(statement_table([statement], "en")))
    assert [(row["Date"], row["Type"], row["Number"], row["Balance"]) for row in rows] == [
        ("2026-11-01", "Balance brought forward", "", "100.00"),
        ("2026-11-03", "Invoice", "'=INV-2", "125.50"),
        ("2026-11-05", "Payment", "PAY-1", "85.50"),
        ("2026-11-20", "Closing balance", "", "85.50"),
    ]
    assert [(row["Charges"], row["Credits"], row["Due"]) for row in rows] == [
        ("", "", ""),
        ("25.50", "", "2026-12-03"),
        ("", "40.00", ""),
        ("", "", ""),
    ]
    assert {row["Currency"] for row in rows} == {"EUR"}


def test_open_items_add_up_to_the_total_and_credits_are_negative_numbers(account: Account) -> None:
    statement = open_item_statement(account, DAY, today=DAY, edges=EDGES)
    rows = read(csv_chunks(statement_table([statement, statement], "en")))
    assert [(row["Type"], row["Number"], row["Days past due"], row["Open"]) for row in rows[:4]] == [
        ("Invoice", "INV-1", "50", "100.00"),
        ("Invoice", "'=INV-2", "", "25.50"),
        ("Payment", "PAY-1", "", "-40.00"),
        ("Total", "", "", "85.50"),
    ]
    assert rows[4:] == rows[:4], "two currencies are one table"
    assert {(row["Amount"], row["Applied"]) for row in rows[:3]} == {
        ("100.00", "0.00"),
        ("25.50", "0.00"),
        ("-40.00", "0.00"),
    }
