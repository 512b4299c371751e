"""Lists of documents: narrowed, sorted and with what comes along; every page once, and wrong values all at once."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import Clock
from portico.web.api.v1.tests.conftest import Program

_DUE = ("2026-12-01", None, "2026-11-15", "2026-12-01", None)


@pytest.fixture
def invoices(program: Program, clock: Clock) -> list[dict[str, Any]]:
    program.customer()
    made = []
    for index, due in enumerate(_DUE):
        clock.advance(hours=1)
        made.append(program.invoice(issued_on=f"2026-11-0{index + 1}", due_on=due))
    return made


def numbers(program: Program, query: str) -> list[int]:
    return [int(row["number"][-1]) for row in program.get(f"/invoices?{query}").json["data"]]


def paged(program: Program, query: str) -> list[int]:
    found, cursor = [], ""
    while True:
        answer = program.get(f"/invoices?{query}&limit=1&cursor={cursor}").json
        found += [int(row["number"][-1]) for row in answer["data"]]
        cursor = answer["next_cursor"]
        if not cursor:
            return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("due_from=2026-11-16", [4, 1]),
        ("due_to=2026-11-30", [3]),
        ("due_from=2026-11-15&due_to=2026-12-01", [4, 3, 1]),
        ("created_from=2026-11-20T16:00:00Z", [5, 4]),
        ("created_from=2026-11-20T17:00:00%2B01:00", [5, 4]),
        ("created_from=2026-11-20", [5, 4, 3, 2, 1]),
        ("status=past_due", [3]),
        ("status=past_due,issued", [5, 4, 3, 2, 1]),
        ("status=voided,paid", []),
    ],
)
def test_lists_are_narrowed(program: Program, invoices: list[Any], query: str, found: list[int]) -> None:
    assert numbers(program, query) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("issued_on", [1, 2, 3, 4, 5]),
        ("-issued_on", [5, 4, 3, 2, 1]),
        ("created_at", [1, 2, 3, 4, 5]),
        ("-created_at", [5, 4, 3, 2, 1]),
        ("due_on", [3, 1, 4, 2, 5]),
        ("-due_on", [4, 1, 3, 5, 2]),
        ("updated_at", [2, 3, 4, 5, 1]),
    ],
)
def test_every_order_is_paged_without_a_gap(
    program: Program, clock: Clock, invoices: list[Any], sort: str, found: list[int]
) -> None:
    clock.advance(hours=1)
    program.payment(amount=100, allocations=[{"invoice": "INV-0001", "amount": 100}])
    assert numbers(program, f"sort={sort}") == found
    assert paged(program, f"sort={sort}") == found


def test_what_changed_since_is_found(program: Program, clock: Clock, invoices: list[Any]) -> None:
    clock.advance(hours=1)
    since = clock.now().isoformat().replace("+00:00", "Z")
    assert numbers(program, f"updated_from={since}") == []
    program.payment(allocations=[{"invoice": "INV-0002", "amount": 100}])
    program.post("/invoices/INV-0004/void")
    assert numbers(program, f"updated_from={since}&sort=updated_at") in ([2, 4], [4, 2])


def test_a_cursor_belongs_to_its_order(program: Program, invoices: list[Any]) -> None:
    cursor = program.get("/invoices?limit=1&sort=due_on").json["next_cursor"]
    program.get(f"/invoices?limit=1&sort=-due_on&cursor={cursor}").refused(422, "invalid_cursor", "/cursor")
    program.get(f"/invoices?limit=1&cursor={cursor}").refused(422, "invalid_cursor", "/cursor")


def test_what_is_asked_for_comes_along(program: Program, invoices: list[Any]) -> None:
    payment = program.payment(allocations=[{"invoice": "INV-0001", "amount": 100}])
    plain = program.get("/invoices").json["data"][-1]
    assert "payments" not in plain
    row = program.get("/invoices?expand=customer,lines,payments,attachments").json["data"][-1]
    assert row["customer"]["id"] == plain["customer"]
    assert row["payments"] == [
        {"id": payment["id"], "kind": "payment", "number": "PAY-0001", "amount": 100, "date": "2026-11-10"}
    ]
    assert (row["lines"], row["attachments"]) == (plain["lines"], [])


def test_a_page_costs_the_same_however_long(
    program: Program, invoices: list[Any], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        program.get("/invoices?expand=customer,payments,attachments")


def test_wrong_values_are_said_all_at_once(program: Program, invoices: list[Any]) -> None:
    query = "status=paid,lost&due_from=soon&created_from=2026-11-20T10:00&sort=total&expand=everything&limit=0"
    problem = program.get(f"/invoices?{query}").refused(422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {
        "/status", "/due_from", "/created_from", "/sort", "/expand", "/limit",
    }  # fmt: skip
    program.get("/invoices?updated=2026").refused(422, "invalid", "/updated")


@pytest.mark.parametrize("path", ["/credit_notes", "/estimates", "/sales_orders"])
def test_other_kinds_are_listed_alike(program: Program, path: str) -> None:
    program.customer()
    line = {"description": "Work", "quantity": "1", "unit_price": "100"}
    body = {"customer": "acme", "issued_on": "2026-11-01", "currency": "EUR", "lines": [line]}
    program.made(path, body)
    program.made(path, body | {"draft": True})
    rows = program.get(f"{path}?status=draft&sort=-updated_at&expand=customer").json["data"]
    assert [(row["status"], row["customer"]["name"]) for row in rows] == [("draft", "Acme GmbH")]
    assert len(program.get(f"{path}?updated_from=2026-01-01").json["data"]) == 2
