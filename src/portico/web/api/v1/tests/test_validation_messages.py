"""What is wrong with a body is said in our own words, whatever the check that found it."""

from typing import Any

import pytest

from portico.lib.money import MAX_AMOUNT
from portico.web.api.v1.tests.conftest import Program, invoice, payment


def _detail(program: Program, path: str, body: dict[str, Any], pointer: str) -> str:
    problem = program.post(path, body).refused(422, "invalid", pointer)
    return next(str(error["detail"]) for error in problem["errors"] if error["pointer"] == pointer)


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        ({"name": "x" * 256}, "/name", "The text is too long; its greatest length is 255."),
        ({"contacts": [{"name": ""}]}, "/contacts/0/name", "The text is too short; its least length is 1."),
        ({"name": 7}, "/name", "Give a string."),
        ({"addresses": {}}, "/addresses", "Give a list."),
        ({"colour": "red"}, "/colour", "There is no such field."),
    ],
)
def test_customer_is_refused_in_plain_words(
    program: Program, change: dict[str, Any], pointer: str, detail: str
) -> None:
    assert _detail(program, "/customers", {"name": "Acme"} | change, pointer) == detail


def test_numbers_and_lists_are_refused_in_plain_words(program: Program) -> None:
    program.customer()
    assert _detail(program, "/payments", payment(amount="7"), "/amount").startswith("Give an integer")
    assert _detail(program, "/payments", payment(amount=MAX_AMOUNT + 1), "/amount") == f"Give {MAX_AMOUNT} or less."
    allocations = [{"invoice": "x", "amount": 1}] * 1001
    assert _detail(program, "/payments", payment(allocations=allocations), "/allocations") == (
        "The list is too long: it takes 1000 items at most."
    )
    assert (
        _detail(program, "/invoices", invoice(lines=[]), "/lines")
        == "The list is too short: its least number of items is 1."
    )


def test_no_refusal_speaks_like_the_library(program: Program) -> None:
    values: list[Any] = [None, 1.5, True, "\x00", [], {}, "x" * 20_000, [[]], [1]]
    for body in [{name: value} for name in invoice() for value in values]:
        for path in ("/invoices", "/customers", "/payments", "/credit_notes"):
            answer = program.post(path, invoice() | body)
            if answer.status == 422:
                for error in answer.json["errors"]:
                    assert not any(word in error["detail"] for word in ("should", "Input", "valid ", "Value error"))
