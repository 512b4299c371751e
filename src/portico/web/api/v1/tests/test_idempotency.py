import pytest

from conftest import Clock
from portico.domain.access.models import StoredResponse
from portico.domain.access.programs.actions import run_idempotently
from portico.web.api.v1.tests.conftest import Answer, Program, invoice, payment


def _bodies(answers: list[Answer]) -> list[tuple[int, bytes, str | None]]:
    return [(answer.status, answer.content, answer.headers.get("Idempotent-Replayed")) for answer in answers]


def test_the_same_request_again_gets_the_same_answer(program: Program) -> None:
    program.customer()
    first = program.post("/invoices", invoice(), once="order-1")
    program.post(f"/invoices/{first.json['id']}/void")
    again = program.post("/invoices", invoice(), once="order-1")
    assert _bodies([first, again]) == [(201, first.content, None), (201, first.content, "true")]
    assert again.headers["Content-Type"] == "application/json"
    assert len(program.get("/invoices").json["data"]) == 1
    assert program.post("/invoices", invoice(), once="order-2").json["number"] == "INV-0002"


@pytest.mark.parametrize("path", ["/customers", "/credit_notes", "/payments", "/invoices/A-1/void"])
def test_every_post_takes_a_key(program: Program, path: str) -> None:
    program.customer()
    program.invoice(number="A-1")
    note = invoice()
    del note["due_on"]
    body = {"/customers": {"name": "New"}, "/credit_notes": note, "/payments": payment()}.get(path)
    first, again = (program.post(path, body, once="k") for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.status, again.content) == (first.status, first.content)


def test_another_request_with_the_same_key_is_refused(program: Program) -> None:
    program.customer()
    program.invoice(number="A-1")
    program.post("/payments", payment(), once="k")
    program.post("/payments", payment(amount=2), once="k").refused(422, "idempotency_key_reused")
    program.post("/invoices/A-1/void", once="k").refused(422, "idempotency_key_reused")
    assert len(program.get("/payments").json["data"]) == 1
    assert program.get("/invoices/A-1").json["status"] == "issued"


def test_the_same_body_written_otherwise_is_the_same_request(program: Program) -> None:
    headers = {"Idempotency-Key": "once"}
    first = program.send("POST", "/customers", b'{"name": "Acme", "external_id": "a"}', headers=headers)
    again = program.send("POST", "/customers", b'{"external_id":"a",\n "name":"Acme"}', headers=headers)
    assert (first.status, again.status, again.content) == (201, 201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_keys_are_each_programs_own(program: Program, stranger: Program) -> None:
    for one in (program, stranger):
        one.customer()
        assert "Idempotent-Replayed" not in one.post("/invoices", invoice(), once="k").headers


def test_a_refusal_is_not_kept(program: Program) -> None:
    program.post("/invoices", invoice(), once="k").refused(404, "not_found")
    program.customer()
    answer = program.post("/invoices", invoice(), once="k")
    assert (answer.status, answer.json["number"]) == (201, "INV-0001")


def test_after_a_day_a_key_is_new_again(program: Program, clock: Clock) -> None:
    program.customer()
    first = program.post("/invoices", invoice(), once="k").json
    clock.advance(hours=23, minutes=59)
    assert program.post("/invoices", invoice(), once="k").json == first
    clock.advance(minutes=1)
    assert program.post("/invoices", invoice(), once="k").json["id"] != first["id"]


@pytest.mark.parametrize("key", ["a b", "ä", "x" * 256])
def test_a_key_is_short_and_plain(program: Program, key: str) -> None:
    answer = program.send("POST", "/customers", {"name": "Acme"}, headers={"Idempotency-Key": key})
    answer.refused(422, "invalid", "/Idempotency-Key")
    program.send("POST", "/customers", {"name": "Acme"}, headers={"Idempotency-Key": ""}).refused(422, "invalid")
    assert program.get("/customers").json["data"] == []


def test_a_link_is_given_again_but_kept_readable_by_nobody(program: Program) -> None:
    program.customer()
    first, again = (program.post("/customers/acme/portal_url", once="k") for _ in range(2))
    assert first.json == again.json
    secret = first.json["customer"]["portal_url"].rpartition("/")[2]
    kept = StoredResponse.objects.get()
    assert secret not in kept.body
    assert "portal_url" not in kept.body


def test_a_crash_before_the_answer_is_kept_leaves_nothing(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program.customer()

    def fail(*_: object) -> str:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(run_idempotently, "encrypt_with", fail)
        program.post("/invoices", invoice(), once="k").refused(500, "internal_error")
    assert program.get("/invoices").json["data"] == []
    assert not StoredResponse.objects.exists()
    assert program.post("/invoices", invoice(), once="k").json["number"] == "INV-0001"
