import json
from typing import Any

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_sign_in import change_sign_in
from portico.web.api.v1.tests.conftest import Program

PATH = "/customers/acme/sign_in_links"


def opened(url: str) -> Any:
    """What a browser gets that opens a link."""
    return Client(headers={"host": "testserver"}).get(url.removeprefix("http://testserver"))


@pytest.mark.parametrize("name", ["a/b.c", "a%2Fb.c", "id"])
def test_a_link_signs_that_customer_in(program: Program, clock: Clock, name: str) -> None:
    program.customer(external_id="a", name="Shorter")
    made = program.customer(external_id="a/b.c", name="Longer")
    answer = program.post(f"/customers/{made['id'] if name == 'id' else name}/sign_in_links")
    assert (answer.status, answer.headers["Cache-Control"]) == (201, "no-store")
    assert list(answer.json) == ["url", "expires_at"]
    assert answer.json["expires_at"] == "2026-11-20T13:00:00Z"
    url = answer.json["url"]
    assert url.startswith("http://testserver/portal/alpha/s/ml_")
    for _ in range(2):
        assert opened(url)["Location"] == "/portal/alpha/"
    grant = Grant.objects.get()
    assert (grant.customer.name, grant.purpose, grant.created_by, grant.use_count) == ("Longer", "magic_link", "ERP", 2)
    assert Activity.objects.filter(verb="link.generated").get().actor_label == "ERP"
    clock.advance(hours=1)
    assert opened(url).status_code == 403


def test_a_link_leads_where_it_says_for_as_long_as_it_says(program: Program, clock: Clock) -> None:
    program.customer()
    change_sign_in(program.business, {"return_origins": ["https://shop.example"]}, by=OPERATOR)
    back = "https://shop.example/account?tab=bills"
    data = {"page": "open_item_statement", "expires_in": 86400, "return_url": back}
    answer = program.post(PATH, data)
    assert answer.json["expires_at"] == "2026-11-21T12:00:00Z"
    client = Client(headers={"host": "testserver"})
    response = client.get(answer.json["url"].removeprefix("http://testserver"))
    assert response["Location"] == "/portal/alpha/statements?type=open_item"
    html = client.get(response["Location"]).content.decode()
    assert f'href="{back}"' in html
    assert "Back to shop.example" in html


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"page": "https://evil.example/"}, "/page"),
        ({"page": "/activity"}, "/page"),
        ({"page": "my_account\r\nX: y"}, "/page"),
        ({"page": 1}, "/page"),
        ({"expires_in": 0}, "/expires_in"),
        ({"expires_in": -1}, "/expires_in"),
        ({"expires_in": 86401}, "/expires_in"),
        ({"expires_in": "60"}, "/expires_in"),
        ({"expires_in": 60.5}, "/expires_in"),
        ({"expires_in": True}, "/expires_in"),
        ({"once": True}, "/once"),
        ({"return_url": "https://evil.example/"}, "/return_url"),
        ({"return_url": "@evil.example"}, "/return_url"),
        ({"return_url": "//shop.example"}, "/return_url"),
        ({"return_url": "shop.example"}, "/return_url"),
        ({"return_url": "http://shop.example"}, "/return_url"),
        ({"return_url": "https://shop.example@evil.example"}, "/return_url"),
        ({"return_url": "https://shop.example.evil.example"}, "/return_url"),
        ({"return_url": "https://shop.example\\@evil.example"}, "/return_url"),
        ({"return_url": "https://shop.example/\r\nX: y"}, "/return_url"),
        ({"return_url": "https://shop.example:8443"}, "/return_url"),
        ({"return_url": "https://shöp.example"}, "/return_url"),
        ({"return_url": "https://shop.example/" + "x" * 500}, "/return_url"),
        ({"return_url": "javascript:alert(1)//shop.example"}, "/return_url"),
    ],
)
def test_a_wrong_wish_makes_no_link(program: Program, data: dict[str, Any], pointer: str) -> None:
    program.customer()
    change_sign_in(program.business, {"return_origins": ["https://shop.example"]}, by=OPERATOR)
    program.post(PATH, data).refused(422, "invalid", pointer)
    assert not Grant.objects.exists()


def test_the_same_request_again_gets_the_same_link(program: Program) -> None:
    program.customer()
    first, again = (program.post(PATH, {"expires_in": 60}, once="k") for _ in range(2))
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    program.post(PATH, {"expires_in": 61}, once="k").refused(422, "idempotency_key_reused")
    assert Grant.objects.count() == 1
    secret = first.json["url"].rpartition("/")[2]
    assert secret not in json.dumps([str(row) for row in Grant.objects.values()])


def test_strangers_and_other_methods_make_no_link(program: Program, stranger: Program) -> None:
    made = program.customer()
    for name in ("acme", made["id"]):
        stranger.post(f"/customers/{name}/sign_in_links").refused(404, "not_found")
    program.send("GET", PATH).refused(405, "method_not_allowed")
    assert not Grant.objects.exists()
