"""A key opens what it is for: every operation names its scope, and refuses keys without it before it reads anything."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic_core import to_json

from portico.domain.access.models import ApiScope
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.documents.models import Document
from portico.web.api.v1.api import api
from portico.web.api.v1.tests.conftest import Program, invoice

SCHEMA: dict[str, Any] = json.loads(to_json(api.get_openapi_schema()))
OPERATIONS = [
    (method.upper(), path, operation["x-scope"])
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]

type NewKey = Callable[..., Program]


@pytest.fixture
def key_for(program: Program) -> NewKey:
    """Make a key of the business for some scopes."""

    def make(*scopes: ApiScope) -> Program:
        _, secret = create_api_key(program.business, "Some", by=OPERATOR, scopes=scopes)
        return Program(secret, program.business)

    return make


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS)
def test_other_scopes_do_not_open_it(key_for: NewKey, method: str, path: str, scope: str) -> None:
    others = key_for(*(other for other in ApiScope if other != scope))
    before = Activity.objects.count()
    answer = others.send(method, path.removeprefix("/api/v1").replace("{", "").replace("}", ""), {"odd": 1})
    assert f"needs a key with the scope {scope}" in answer.refused(403, "scope_missing")["detail"]
    assert Activity.objects.count() == before


def test_each_key_does_what_it_is_for(program: Program, key_for: NewKey) -> None:
    program.customer()
    reads, writes, links = (key_for(scope) for scope in ApiScope)
    assert reads.get("/customers/acme").status == 200
    assert reads.get("/customers/acme/portal_url").status == 403
    reads.post("/invoices", invoice()).refused(403, "scope_missing")
    assert not Document.objects.exists()
    assert writes.post("/invoices", invoice()).status == 201
    assert writes.get("/invoices").status == 403
    assert links.get("/customers/acme/portal_url").status == 200
    assert links.get("/customers/acme").status == 403


def test_links_to_documents_need_the_scope_for_links(program: Program, key_for: NewKey) -> None:
    program.customer()
    made = program.invoice()
    paid = program.payment()
    assert made["url"]
    reads = key_for(ApiScope.READ)
    seen = reads.get(f"/invoices/{made['id']}").json
    assert (seen["url"], seen["pdf_url"], seen["payment_url"]) == (None, None, None)
    assert reads.get(f"/payments/{paid['id']}").json["url"] is None
    assert reads.get("/customers/acme/statement").json["url"] is None
    assert key_for(ApiScope.WRITE).made("/invoices", invoice())["url"] is None


def test_keys_without_a_scope_are_not_made(program: Program, key_for: NewKey) -> None:
    with pytest.raises(Exception, match="A key is for something"):
        key_for()


def test_an_unknown_key_is_told_nothing_of_scopes(db: None) -> None:
    Program("ptk_unknown").get("/customers").refused(401, "unauthorized")
