from typing import Any
from urllib.parse import quote

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import Clock
from portico.web.api.v1.tests.conftest import Program, invoice, unlinked

# The response that the order of steps is checked against: 412.00, 2 % off, 4 % tax, 3 % off, 7 % tax.
_LINE = {"description": "Work", "quantity": "8", "unit_price": "51.50", "discount": "2", "tax_rate": "4"}
_ORACLE: dict[str, Any] = {"lines": [_LINE], "discount": "3", "tax_rate": "7"}


def test_an_invoice_reads_as_it_was_written(program: Program) -> None:
    customer = program.customer()
    made = program.invoice(external_id="order/1", number="2026/1", notes="Thank you", purchase_order="PO 7", **_ORACLE)
    assert made["id"].startswith("inv_")
    for name in (made["id"], "order/1", "2026/1", "2026%2F1"):
        assert program.get(f"/invoices/{name}").json == made
    assert {key: made[key] for key in ("object", "number", "external_id", "status", "customer", "currency")} == {
        "object": "invoice",
        "number": "2026/1",
        "external_id": "order/1",
        "status": "issued",
        "customer": customer["id"],
        "currency": "EUR",
    }
    amounts = ("subtotal", "discount", "tax", "total", "amount_due")
    assert [made[name] for name in amounts] == [41200, 824 + 1211, 1615 + 2742, 43522, 43522]
    assert (made["issued_on"], made["due_on"], made["notes"]) == ("2026-11-01", "2026-12-01", "Thank you")
    (line,) = made["lines"]
    assert {name: value for name, value in line.items() if value not in (None, [])} == {
        "description": "Work", "quantity": "8", "unit_price": "51.50", "base_quantity": "1", "discount": 824,
        "amount": 40376, "tax_rate": "4", "tax": 1615,
    }  # fmt: skip


@pytest.mark.parametrize("discount", ["2", 824, {"percent": "2"}, {"amount": 824}, {"percent": 2}])
def test_a_discount_is_a_percentage_or_an_amount(program: Program, discount: object) -> None:
    program.customer()
    made = program.invoice(**_ORACLE | {"lines": [_LINE | {"discount": discount}]})
    assert (made["total"], made["lines"][0]["discount"]) == (43522, 824)


def test_prices_may_include_their_tax(program: Program) -> None:
    program.customer()
    line = {"description": "Book", "quantity": 2, "unit_price": "10.70", "tax_rate": "7"}
    made = program.invoice(lines=[line], prices_include_tax=True)
    tax = {"rate": "7", "category": None, "reason": None, "reason_code": None, "taxable": 2140, "tax": 140}
    assert (made["total"], made["tax"], made["taxes"]) == (2140, 140, [tax])


@pytest.mark.parametrize(("currency", "total"), [("JPY", 2), ("EUR", 150), ("KWD", 1500), ("CLF", 15000)])
def test_every_currency_has_its_own_minor_units(program: Program, currency: str, total: int) -> None:
    program.customer()
    line = {"description": "Work", "quantity": "1", "unit_price": "1.5"}
    assert program.invoice(currency=currency, lines=[line])["total"] == total


def test_numbers_are_given_in_order_and_drafts_have_none(program: Program) -> None:
    program.customer()
    assert [program.invoice()["number"], program.invoice()["number"]] == ["INV-0001", "INV-0002"]
    draft = program.invoice(draft=True)
    assert (draft["number"], draft["status"], draft["amount_due"]) == (None, "draft", 11900)
    assert program.invoice()["number"] == "INV-0003"
    assert program.get("/reports/ageing").json["total"] == {"count": 3, "amount": 3 * 11900}


def test_an_invoice_of_nothing_is_born_paid(program: Program) -> None:
    program.customer()
    line = {"description": "Trial", "quantity": "1", "unit_price": "0"}
    assert program.invoice(lines=[line])["status"] == "paid"


@pytest.mark.parametrize(("field", "code"), [("number", "number_taken"), ("external_id", "already_issued")])
def test_a_number_is_one_however_its_accents_are_put_together(program: Program, field: str, code: str) -> None:
    program.customer()
    whole, apart = "Größe-1", "Gro\u0308\u00dfe-1"
    made = program.invoice(**{field: apart})
    assert made[field] == whole
    same = {"number": "another"} if field == "external_id" else {"external_id": "another"}
    program.post("/invoices", invoice(**{field: whole}, **same)).refused(409, code)
    for name in (whole, apart):
        assert program.get(f"/invoices/{quote(name)}").json["id"] == made["id"]


def test_a_number_that_is_taken_is_refused(program: Program) -> None:
    program.customer()
    first = program.invoice(number="A-1")
    problem = program.post("/invoices", invoice(number="A-1")).refused(409, "number_taken", "/number")
    assert first["id"] in problem["detail"]
    assert program.get("/invoices").json["data"] == [unlinked(first)]


def _with_line(**change: object) -> dict[str, Any]:
    return {"lines": [_LINE, _LINE | change]}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"issued_on": None}, "/issued_on"),
        ({"issued_on": "2026-02-30"}, "/issued_on"),
        ({"issued_on": "2026-11-01T00:00:00Z"}, "/issued_on"),
        ({"issued_on": 1793491200}, "/issued_on"),
        ({"issued_on": "0001-01-01"}, "/issued_on"),
        ({"due_on": "2026-10-31"}, "/due_on"),
        ({"dueon": "2026-12-01"}, "/dueon"),
        ({"currency": "ZZZ"}, "/currency"),
        ({"currency": "eur"}, "/currency"),
        ({"currency": None}, "/currency"),
        ({"lines": []}, "/lines"),
        ({"lines": None}, "/lines"),
        ({"lines": [[]]}, "/lines/0"),
        ({"draft": "yes"}, "/draft"),
        ({"draft": 1}, "/draft"),
        ({"number": "x" * 101}, "/number"),
        ({"number": "A\0"}, "/number"),
        ({"number": " A"}, "/number"),
        ({"discount": "101"}, "/discount"),
        ({"discount": 99_999_999}, "/discount"),
        ({"discount": -1}, "/discount"),
        ({"tax_rate": "-1"}, "/tax_rate"),
        (_with_line(description=""), "/lines/1/description"),
        (_with_line(description=" \n"), "/lines/1/description"),
        (_with_line(quantity=1.5), "/lines/1/quantity"),
        (_with_line(quantity="1e3"), "/lines/1/quantity"),
        (_with_line(quantity="NaN"), "/lines/1/quantity"),
        (_with_line(quantity="١"), "/lines/1/quantity"),
        (_with_line(quantity=True), "/lines/1/quantity"),
        (_with_line(quantity="1,5"), "/lines/1/quantity"),
        (_with_line(unit_price="1234567890.1234567"), "/lines/1/unit_price"),
        (_with_line(unit_price="999999999999999"), "/lines/1"),
        (_with_line(tax_rate="100.01"), "/lines/1/tax_rate"),
        (_with_line(tax_rate=19.5), "/lines/1/tax_rate"),
        (_with_line(discount=8.24), "/lines/1/discount"),
        (_with_line(discount={"percent": "2", "amount": 2}), "/lines/1/discount"),
        (_with_line(discount={"amount": "2"}), "/lines/1/discount"),
        (_with_line(taxrate="19"), "/lines/1/taxrate"),
        (_with_line(unit="x" * 21), "/lines/1/unit"),
    ],
)
def test_a_wrong_invoice_is_refused_with_the_place(program: Program, change: dict[str, Any], pointer: str) -> None:
    program.customer()
    answer = program.post("/invoices", invoice(**change))
    answer.refused(422, answer.json["code"], pointer)
    assert answer.json["code"] in {"invalid", "discount_too_large", "amount_too_large"}
    assert program.get("/invoices").json["data"] == []
    assert program.invoice()["number"] == "INV-0001"


def test_too_many_lines_are_refused(program: Program) -> None:
    program.customer()
    program.post("/invoices", invoice(lines=[_LINE] * 10_001)).refused(422, "invalid", "/lines")


def test_the_customer_must_be_known(program: Program, stranger: Program) -> None:
    theirs = stranger.customer()
    for name in ("nobody", theirs["id"], ""):
        program.post("/invoices", invoice(customer=name)).refused(404, "not_found", "/customer")
    assert program.get("/invoices").json["data"] == []


def test_voiding_takes_an_invoice_back_once(program: Program) -> None:
    program.customer()
    made = program.invoice(number="A/1")
    voided = program.post("/invoices/A/1/void", {"reason": "Sent twice"}).json
    assert voided == made | {"status": "voided", "voided_on": "2026-11-20", "amount_due": 0, "payment_url": None}
    assert program.post(f"/invoices/{made['id']}/void").json == voided == program.get("/invoices/A/1").json
    assert program.get("/customers/acme/statement?start=2026-11-01").json["closing"] == 0
    program.post("/invoices/A/1/void", {"raeson": ""}).refused(422, "invalid", "/raeson")


def test_a_draft_is_not_voided(program: Program) -> None:
    program.customer()
    draft = program.invoice(draft=True)
    program.post(f"/invoices/{draft['id']}/void").refused(409, "wrong_state")
    assert program.get(f"/invoices/{draft['id']}").json == draft


def test_strangers_see_and_change_nothing(program: Program, stranger: Program) -> None:
    program.customer()
    made = program.invoice(number="A-1", external_id="o-1")
    for name in ("A-1", "o-1", made["id"], made["id"].replace("inv_", "cn_")):
        stranger.get(f"/invoices/{name}").refused(404, "not_found")
        stranger.post(f"/invoices/{name}/void").refused(404, "not_found")
    assert stranger.get("/invoices").json["data"] == []
    stranger.get("/invoices?customer=acme").refused(404, "not_found")
    assert program.get("/invoices/A-1").json == made


def test_the_list_is_narrowed(program: Program, clock: Clock) -> None:
    program.customer()
    program.customer(external_id="other", name="Other")
    late = program.invoice(issued_on="2026-09-01", due_on="2026-09-30")
    dollars = program.invoice(currency="USD", customer="other", external_id="o/1")
    paid = program.invoice()
    program.payment(allocations=[{"invoice": paid["id"], "amount": 11900}])
    draft = program.invoice(draft=True)

    def found(query: str) -> list[str]:
        return [row["id"] for row in program.get(f"/invoices?{query}").json["data"]]

    assert found("") == [draft["id"], paid["id"], dollars["id"], late["id"]]
    assert found("status=past_due") == [late["id"]]
    assert found("status=paid") == [paid["id"]]
    assert found("status=draft&customer=acme") == [draft["id"]]
    assert found("status=issued") == [dollars["id"]]
    assert found("customer=other") == found("currency=USD") == found("external_id=o%2F1") == [dollars["id"]]
    assert found(f"number={late['number']}") == [late["id"]]
    assert found("issued_to=2026-09-30") == [late["id"]]
    assert found("issued_from=2026-11-01&issued_to=2026-11-01&currency=EUR") == [draft["id"], paid["id"]]


def test_the_list_goes_on_where_it_stopped(program: Program) -> None:
    program.customer()
    days = ["2026-11-03", "2026-11-01", "2026-11-03", "2026-11-02", "2026-11-03"]
    made = [program.invoice(issued_on=day)["id"] for day in days]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = program.get(f"/invoices?limit=2&cursor={cursor}").json
        seen += [row["id"] for row in answer["data"]]
        cursor = answer["next_cursor"]
    assert seen == [made[4], made[2], made[0], made[3], made[1]]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=x", "/limit"),
        ("cursor=x", "/cursor"),
        ("status=open", "/status"),
        ("issued_from=yesterday", "/issued_from"),
        ("staus=paid", "/staus"),
        ("number=%00", "/number"),
    ],
)
def test_a_wrong_filter_is_refused(program: Program, query: str, pointer: str) -> None:
    answer = program.get(f"/invoices?{query}")
    answer.refused(422, answer.json["code"], pointer)


def test_another_lists_cursor_is_refused(program: Program, stranger: Program) -> None:
    for one in (program, stranger):
        one.customer()
        one.invoice()
        one.invoice()
    cursor = program.get("/invoices?limit=1").json["next_cursor"]
    assert len(program.get(f"/invoices?cursor={cursor}").json["data"]) == 1
    program.get(f"/credit_notes?cursor={cursor}").refused(422, "invalid_cursor", "/cursor")
    stranger.get(f"/invoices?cursor={cursor}").refused(422, "invalid_cursor", "/cursor")
    program.get(f"/invoices?cursor={cursor[:-1]}").refused(422, "invalid_cursor", "/cursor")


def test_a_list_takes_the_same_queries_however_long(
    program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        program.customer(external_id=f"c{number}", name="Customer")
        program.invoice(customer=f"c{number}", **_ORACLE)
    # The key, the invoices with their customers, and the lines.
    for limit in (1, 4):
        with django_assert_num_queries(3):
            program.get(f"/invoices?limit={limit}")


def test_an_invoice_is_written_with_few_queries(
    program: Program, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    program.customer()
    program.invoice(**_ORACLE)
    # Two of them are the test's savepoint.
    with django_assert_max_num_queries(17):
        program.invoice(lines=[_LINE] * 50)
