"""What every address of the API has in common: keys, refusals in JSON, and nothing kept on the way."""

import base64
import json
import logging

import pytest

from conftest import Clock
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.activity.actor import OPERATOR
from portico.web.api.v1 import reports
from portico.web.api.v1.tests.conftest import Program


@pytest.mark.parametrize("path", ["/invoices", "/customers/acme/portal_url", "/reports/ageing", "/payments/x"])
@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ptk_wrong", "Token x", "Basic !", "Basic " + base64.b64encode(b"ptk_wrong:").decode()],
)
def test_without_a_key_nothing_is_said(program: Program, path: str, header: str) -> None:
    program.customer()
    nobody = Program("")
    headers = {"Authorization": header} if header else {}
    answer = nobody.send("GET", path, headers=headers)
    answer.refused(401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_may_come_as_a_basic_user_name(program: Program) -> None:
    program.customer()
    for text in (f"{program.key}:", f"{program.key}:anything", program.key):
        basic = "Basic " + base64.b64encode(text.encode()).decode()
        assert Program("").send("GET", "/customers", headers={"Authorization": basic}).status == 200


def test_an_ended_key_opens_nothing(program: Program, clock: Clock) -> None:
    key, secret = create_api_key(program.business, "Old", by=OPERATOR)
    other = Program(secret)
    assert other.get("/customers").status == 200
    key.expires_at = clock.now()
    key.save()
    other.get("/customers").refused(401, "unauthorized")


@pytest.mark.parametrize(
    "path",
    ["", "/", "/nothing", "/customers/", "/invoices/", "/customers/x/", "/invoices/x/void/", "/a%00b",
     "/customers/a%00b", "/statements", "/docs"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_an_unknown_address_is_a_problem_and_no_redirect(program: Program, method: str, path: str) -> None:
    answer = program.send(method, path)
    if answer.status != 405:
        answer.refused(404, "not_found")
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/invoices", "GET, HEAD, POST"),
        ("PUT", "/customers/acme", "GET, HEAD, PATCH"),
        ("PATCH", "/payments/x", "GET, HEAD"),
        ("GET", "/invoices/x/void", "POST"),
        ("OPTIONS", "/reports/ageing", "GET, HEAD"),
        ("DELETE", "/customers/acme/portal_url", "GET, HEAD, POST"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
def test_a_wrong_method_names_the_right_ones(program: Program, method: str, path: str, allowed: str) -> None:
    answer = program.send(method, path, {})
    answer.refused(405, "method_not_allowed")
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b'{"customer": "acme",}', 400, "malformed_json"),
        (b'{"tax_rate": NaN}', 400, "malformed_json"),
        (b'{"amount": Infinity}', 400, "malformed_json"),
        (b'{"customer": 1, "customer": 2}', 400, "malformed_json"),
        (b"\xff\xfe\xfd", 400, "malformed_json"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"customer": ' + b"9" * 5_000 + b"}", 400, "malformed_json"),
        (b"", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b" " * (10 * 1024 * 1024 + 1), 413, "too_large"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(program: Program, body: bytes, status: int, code: str) -> None:
    program.send("POST", "/invoices", body).refused(status, code)


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/plain", "application/xml"])
def test_another_media_type_is_refused_whatever_is_in_it(program: Program, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    program.send("POST", "/customers", b"name=Acme", headers=headers).refused(415, "unsupported_media_type")
    program.send("POST", "/customers", {"name": "Acme"}, headers=headers).refused(415, "unsupported_media_type")
    assert program.get("/customers").json["data"] == []


@pytest.mark.parametrize("media_type", ["application/json; charset=UTF-8", "application/vnd.shop+json"])
def test_json_by_its_other_names_is_read(program: Program, media_type: str) -> None:
    sent = "\ufeff" + json.dumps({"name": "Ärzte"}, ensure_ascii=False)
    answer = program.send("POST", "/customers", sent.encode(), headers={"Content-Type": media_type})
    assert (answer.status, answer.json["name"]) == (201, "Ärzte")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_a_body_in_another_charset_is_refused(program: Program, charset: str) -> None:
    sent = json.dumps({"name": "Ärzte"}, ensure_ascii=False).encode(charset)
    program.send("POST", "/customers", sent).refused(400, "malformed_json")
    assert program.get("/customers").json["data"] == []


def test_our_own_mistakes_say_nothing_and_are_logged(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the inner workings")

    monkeypatch.setattr(reports, "age", fail)
    answer = program.get("/reports/ageing")
    answer.refused(500, "internal_error")
    assert b"inner" not in answer.content
    assert [record.levelno for record in caplog.records if record.exc_info] == [logging.ERROR]


def test_no_answer_is_kept_on_the_way(program: Program) -> None:
    program.customer()
    for path in ("/customers", "/customers/acme", "/nothing", "/invoices?limit=0", "/openapi.json"):
        assert program.get(path).headers["Cache-Control"] == "no-store"
    assert Program("").get("/customers").headers["Cache-Control"] == "no-store"


def test_head_is_get_without_the_body(program: Program) -> None:
    program.customer()
    full, head = program.get("/customers"), program.send("HEAD", "/customers")
    assert (head.status, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(full.content))
