"""`/business`: the profile, the lock date, number series and bank accounts by program."""

from typing import Any

import pytest

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import BankAccount
from portico.domain.documents.models import Sequence
from portico.web.api.v1.tests.conftest import Program

ACCOUNT = {"holder": "Nordlicht GmbH", "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"}


def test_profile_is_read_and_changed_in_parts(program: Program) -> None:
    recorded = Activity.objects.filter(verb="profile.changed").count()
    before = program.get("/business")
    assert before.status == 200
    assert (before.json["object"], before.json["currency"], before.json["ageing_edges"]) == (
        "business",
        "EUR",
        [30, 60, 90],
    )
    assert before.json["missing"][:3] == ["line1", "postal_code", "city"]
    changed = program.send(
        "PATCH",
        "/business",
        {
            "line1": "Speicherstr. 14",
            "postal_code": "20457",
            "city": "Hamburg",
            "tax_number": "22/815/08154",
            "ageing_edges": [10],
            "lock_date": "2025-12-31",
            "number_series": {"invoice": {"prefix": "{year}-", "yearly": True}, "credit_note": {"padding": 6}},
        },
    )
    assert changed.status == 200
    assert changed.json["missing"] == []
    assert (changed.json["city"], changed.json["lock_date"]) == ("Hamburg", "2025-12-31")
    assert changed.json["number_series"]["invoice"]["preview"] == "2026-0001"
    assert changed.json["number_series"]["credit_note"]["preview"] == "CN-000001"
    emptied = program.send("PATCH", "/business", {"city": None, "line1": "", "lock_date": None, "ageing_edges": None})
    assert (emptied.json["city"], emptied.json["line1"], emptied.json["lock_date"]) == (None, None, None)
    assert emptied.json["ageing_edges"] == [30, 60, 90]
    assert emptied.json["postal_code"] == "20457"
    assert program.get("/business").json == emptied.json
    assert Activity.objects.filter(verb="profile.changed").count() == recorded + 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"country": "XX"}, "/country"),
        ({"email": "nobody"}, "/email"),
        ({"website": "www"}, "/website"),
        ({"language": "tlh"}, "/language"),
        ({"default_due_days": 400}, "/default_due_days"),
        ({"ageing_edges": [60, 30]}, "/ageing_edges"),
        ({"lock_date": "2026-11-20"}, "/lock_date"),
        ({"number_series": {"invoice": {"yearly": True}}}, "/number_series/invoice/prefix"),
        ({"number_series": {"invoice": {"prefix": "{x}"}}}, "/number_series/invoice/prefix"),
        ({"slug": "x"}, "/slug"),
        ({"directors": "a\nb"}, "/directors"),
    ],
)
def test_wrong_field_is_a_problem_and_changes_nothing(program: Program, body: dict[str, Any], pointer: str) -> None:
    before = program.get("/business").json
    answer = program.send("PATCH", "/business", {"city": "Husum"} | body)
    assert answer.status == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert program.get("/business").json == before
    assert not Sequence.objects.exists()


def test_every_wrong_field_is_said_at_once(program: Program) -> None:
    body = {"email": "x", "lock_date": "2199-01-01", "number_series": {"estimate": {"prefix": "{x}"}}}
    answer = program.send("PATCH", "/business", body)
    pointers = {error["pointer"] for error in answer.json["errors"]}
    assert pointers == {"/email", "/lock_date", "/number_series/estimate/prefix"}


def test_bank_accounts_are_added_changed_and_removed(program: Program) -> None:
    made = program.post("/business/bank_accounts", ACCOUNT, once="a")
    assert made.status == 201
    assert (made.json["iban"], made.json["country"]) == ("DE89370400440532013000", "DE")
    assert program.post("/business/bank_accounts", ACCOUNT, once="a").json == made.json
    listed = program.get("/business/bank_accounts").json
    assert listed == {"object": "list", "data": [made.json], "next_cursor": None}
    assert program.get("/business").json["bank_accounts"] == [made.json]
    path = f"/business/bank_accounts/{made.json['id']}"
    changed = program.send("PATCH", path, {"currency": "EUR", "bic": None})
    assert (changed.json["currency"], changed.json["bic"], changed.json["holder"]) == ("EUR", None, "Nordlicht GmbH")
    assert program.send("DELETE", path).json == changed.json
    assert program.get(path).status == 404
    assert not BankAccount.objects.exists()
    verbs = Activity.objects.filter(subject_kind="bank_account").values_list("verb", flat=True)
    assert sorted(verbs) == ["bank_account.added", "bank_account.changed", "bank_account.removed"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"iban": "DE00"}, "/iban"),
        ({"bic": "X"}, "/bic"),
        ({"holder": ""}, "/holder"),
        ({"holder": "\u2060"}, "/holder"),
        ({"currency": "XXX0"}, "/currency"),
    ],
)
def test_wrong_bank_account_is_a_problem(program: Program, body: dict[str, str], pointer: str) -> None:
    answer = program.post("/business/bank_accounts", ACCOUNT | body)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert not BankAccount.objects.exists()


def test_stranger_reads_and_changes_no_other_s(program: Program, stranger: Program) -> None:
    made = program.post("/business/bank_accounts", ACCOUNT)
    assert stranger.get(f"/business/bank_accounts/{made.json['id']}").status == 404
    assert stranger.send("DELETE", f"/business/bank_accounts/{made.json['id']}").status == 404
    assert stranger.get("/business").json["id"] != program.get("/business").json["id"]
    assert BankAccount.objects.count() == 1


def test_texts_by_language_are_read_changed_and_refused(program: Program) -> None:
    assert program.get("/business/texts").json["data"] == []
    changed = program.send("PATCH", "/business/texts/de", {"default_terms": "Zahlbar in 14 Tagen.", "legal_note": None})
    kept = {"welcome_message": None, "default_terms": "Zahlbar in 14 Tagen.", "legal_note": None}
    assert (changed.status, changed.json) == (200, {"object": "texts", "language": "de", **kept})
    assert program.get("/business/texts").json["data"] == [changed.json]
    for path, body, status in (
        ("/business/texts/tlh", {"default_terms": "x"}, 404),
        ("/business/texts/de", {"default_terms": "x" * 2001}, 422),
        ("/business/texts/de", {"greeting": "x"}, 422),
    ):
        assert program.send("PATCH", path, body).status == status
    assert program.get("/business/texts").json["data"] == [changed.json]
    program.send("PATCH", "/business/texts/de", {"default_terms": ""})
    assert program.get("/business/texts").json["data"] == []
