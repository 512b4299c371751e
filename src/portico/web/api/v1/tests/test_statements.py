import pytest
from pytest_django import DjangoAssertNumQueries

from portico.web.api.v1.tests.conftest import Program

_ZEROS = {"current": 0, "1_30": 0, "31_60": 0, "61_90": 0, "91_plus": 0, "unapplied": 0}


@pytest.fixture
def history(program: Program) -> Program:
    """Three invoices, one paid in part and one voided, and a payment with 1.00 left, seen on 20 November 2026."""
    program.customer()
    program.invoice(number="A-1", issued_on="2026-08-01", due_on="2026-08-20")
    program.invoice(number="A-2", issued_on="2026-11-02", due_on="2026-12-02")
    program.invoice(number="A-3", issued_on="2026-11-03", due_on="2026-11-19")
    program.payment(amount=2000, paid_on="2026-11-04", allocations=[{"invoice": "A-1", "amount": 1900}])
    program.post("/invoices/A-3/void")
    return program


def test_balance_forward(history: Program) -> None:
    answer = history.get("/customers/acme/statement?type=balance_forward&start=2026-11-01&end=2026-11-30&currency=EUR")
    statement = answer.json
    assert statement["opening"] == 11900
    assert statement["entries"] == [
        {"date": "2026-11-02", "kind": "invoice", "number": "A-2", "debit": 11900, "credit": 0, "balance": 23800},
        {"date": "2026-11-03", "kind": "invoice", "number": "A-3", "debit": 11900, "credit": 0, "balance": 35700},
        {"date": "2026-11-04", "kind": "payment", "number": "PAY-0001", "debit": 0, "credit": 2000, "balance": 33700},
        {"date": "2026-11-20", "kind": "invoice_void", "number": "A-3", "debit": 0, "credit": 11900, "balance": 21800},
    ]
    assert (statement["debits"], statement["credits"], statement["closing"]) == (23800, 13900, 21800)
    assert statement["ageing"] == _ZEROS | {"current": 11900, "91_plus": 10000, "unapplied": -100}


def test_a_past_day_reads_as_it_was(history: Program) -> None:
    statement = history.get("/customers/acme/statement?type=open_item&as_of=2026-11-19").json
    assert statement["items"] == [
        {"number": "A-1", "kind": "invoice", "issued_on": "2026-08-01", "due_on": "2026-08-20", "original": 11900,
         "applied": 1900, "open": 10000, "days": 91, "days_past_due": 91},
        {"number": "A-3", "kind": "invoice", "issued_on": "2026-11-03", "due_on": "2026-11-19", "original": 11900,
         "applied": 0, "open": 11900, "days": 0, "days_past_due": 0},
        {"number": "A-2", "kind": "invoice", "issued_on": "2026-11-02", "due_on": "2026-12-02", "original": 11900,
         "applied": 0, "open": 11900, "days": -13, "days_past_due": 0},
        {"number": "PAY-0001", "kind": "payment", "issued_on": "2026-11-04", "due_on": None, "original": -2000,
         "applied": -1900, "open": -100, "days": 15, "days_past_due": 0},
    ]  # fmt: skip
    assert statement["ageing"] == _ZEROS | {"current": 23800, "91_plus": 10000, "unapplied": -100}
    assert statement["total"] == sum(statement["ageing"].values())
    forward = history.get("/customers/acme/statement?start=2026-11-01&end=2026-11-19").json
    assert (forward["closing"], forward["ageing"]) == (statement["total"], statement["ageing"])


def test_without_days_it_is_this_month_and_today(history: Program) -> None:
    for name in ("start", "end", "currency", "type"):
        history.get(f"/customers/acme/statement?{name}=").refused(422, "invalid", f"/{name}")
    forward = history.get("/customers/acme/statement").json
    assert (forward["type"], forward["start"], forward["end"]) == ("balance_forward", "2026-11-01", "2026-11-20")
    item = history.get("/customers/acme/statement?type=open_item").json
    assert (item["object"], item["as_of"], item["currency"]) == ("statement", "2026-11-20", "EUR")


def test_the_currency_is_the_one_there_is_or_must_be_said(program: Program) -> None:
    made = program.customer()
    empty = program.get("/customers/acme/statement").json
    assert (empty["currency"], empty["closing"], empty["entries"], empty["ageing"]) == ("EUR", 0, [], _ZEROS)
    assert empty["customer"] == made["id"]
    program.invoice(currency="USD")
    assert program.get("/customers/acme/statement").json["currency"] == "USD"
    program.invoice(currency="JPY")
    program.get("/customers/acme/statement").refused(422, "currency_required", "/currency")
    assert program.get("/customers/acme/statement?currency=JPY").json["closing"] == 119
    assert program.get("/customers/acme/statement?currency=CHF&type=open_item").json["items"] == []
    program.customer(currency="JPY")
    assert program.get("/customers/acme/statement").json["currency"] == "JPY"


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("start=2026-11-02&end=2026-11-01", "invalid", "/start"),
        ("start=2026-11-31", "invalid", "/start"),
        ("end=0001-01-01", "invalid", "/end"),
        ("type=all", "invalid", "/type"),
        ("type=open_item&start=2026-11-01", "invalid", "/start"),
        ("as_of=2026-11-01", "invalid", "/as_of"),
        ("currency=EURO", "unknown_currency", "/currency"),
        ("curency=EUR", "invalid", "/curency"),
    ],
)
def test_a_wrong_question_is_refused(program: Program, query: str, code: str, pointer: str) -> None:
    program.customer()
    program.get(f"/customers/acme/statement?{query}").refused(422, code, pointer)


def test_ageing_of_the_business(history: Program) -> None:
    history.customer(external_id="other", name="Other")
    history.invoice(customer="other", issued_on="2026-10-01", due_on="2026-10-21")
    history.invoice(customer="other", currency="USD")
    report = history.get("/reports/ageing?as_of=2026-11-20&currency=EUR").json
    assert report == {
        "object": "ageing_report",
        "as_of": "2026-11-20",
        "currency": "EUR",
        "current": {"count": 1, "amount": 11900},
        "1_30": {"count": 1, "amount": 11900},
        "31_60": {"count": 0, "amount": 0},
        "61_90": {"count": 0, "amount": 0},
        "91_plus": {"count": 1, "amount": 10000},
        "unapplied": {"count": 1, "amount": -100},
        "total": {"count": 4, "amount": 33700},
    }
    assert history.get("/reports/ageing").json == report
    assert history.get("/reports/ageing?currency=USD").json["total"] == {"count": 1, "amount": 11900}
    assert history.get("/reports/ageing?as_of=2026-07-31").json["total"] == {"count": 0, "amount": 0}


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [("as_of=x", "invalid", "/as_of"), ("currency=x", "unknown_currency", "/currency"), ("asof=", "invalid", "/asof")],
)
def test_a_wrong_report_is_refused(program: Program, query: str, code: str, pointer: str) -> None:
    program.get(f"/reports/ageing?{query}").refused(422, code, pointer)


def test_strangers_see_nothing(history: Program, stranger: Program) -> None:
    made = history.get("/customers/acme").json
    for name in ("acme", made["id"]):
        stranger.get(f"/customers/{name}/statement").refused(404, "not_found")
    assert stranger.get("/reports/ageing").json["total"] == {"count": 0, "amount": 0}


def test_a_statement_takes_the_same_queries_however_long(
    history: Program, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        history.invoice()
    history.get("/customers/acme/statement")
    with django_assert_max_num_queries(13):
        history.get("/customers/acme/statement?start=2026-01-01")
    with django_assert_max_num_queries(10):
        history.get("/customers/acme/statement?type=open_item")


def test_without_a_due_date_an_item_has_an_age_and_is_not_past_due(program: Program) -> None:
    program.customer()
    made = program.invoice(number="A-1", issued_on="2026-10-11", due_on=None)
    [item] = program.get("/customers/acme/statement?type=open_item").json["items"]
    assert (item["days"], item["days_past_due"]) == (40, 0)
    assert program.get("/reports/ageing").json["31_60"] == {"count": 1, "amount": 11900}, "the ageing goes by age"
    assert program.get(f"/invoices/{made['id']}").json["status"] == "issued"
    assert program.get("/invoices?status=past_due").json["data"] == []
