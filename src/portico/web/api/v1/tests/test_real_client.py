"""A client as programs use one, through the WSGI application and all of its layers."""

from collections.abc import Generator

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from portico.web.api.v1.tests.conftest import Program, invoice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(program: Program) -> Generator[httpx.Client]:
    transport = httpx.WSGITransport(app=get_wsgi_application())
    headers = {"Authorization": f"Bearer {program.key}"}
    with httpx.Client(transport=transport, base_url="http://testserver", headers=headers) as client:
        yield client


def test_no_cookie_and_no_token_is_needed(client: httpx.Client) -> None:
    made = client.post("/api/v1/customers", json={"external_id": "a/b.c", "name": "Acme"})
    assert (made.status_code, dict(made.cookies)) == (201, {})
    assert client.post("/api/v1/invoices", json=invoice(customer="a/b.c")).status_code == 201
    for path in ("a/b.c", "a%2Fb.c"):
        answer = client.get(f"/api/v1/customers/{path}/portal_url")
        assert answer.json()["customer"]["portal_url"].startswith("http://testserver/portal/alpha/s/pu_")


def test_whatever_goes_wrong_is_json(client: httpx.Client) -> None:
    for method, path in (("GET", "nothing"), ("POST", "nothing"), ("POST", "customers/"), ("DELETE", "invoices")):
        answer = client.request(method, f"/api/v1/{path}")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
