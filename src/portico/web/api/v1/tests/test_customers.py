from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from portico.web.api.v1.tests.conftest import Program

_ADDRESS = {"kind": "billing", "line1": "Hauptstr. 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
_FULL: dict[str, Any] = {
    "external_id": "acme",
    "name": "Acme GmbH",
    "email": "ap@acme.example",
    "phone": "+49 30 1",
    "language": "de",
    "currency": "EUR",
    "tax_id": "DE123456789",
    "registration_number": "HRB 7",
    "addresses": [_ADDRESS],
    "contacts": [{"name": "Eva Klein", "email": "eva@acme.example", "role": "Accounts payable"}],
}


def listed(made: Any) -> Any:
    """A customer as a list shows it that is not asked for balances."""
    return made | {"balance": None, "past_due": None}


def test_a_customer_reads_as_it_was_written(program: Program) -> None:
    answer = program.post("/customers", _FULL)
    made = answer.json
    assert answer.status == 201
    assert made["object"] == "customer"
    assert made["id"].startswith("cus_")
    assert {name: made[name] for name in _FULL if name not in {"addresses", "contacts"}} == {
        name: value for name, value in _FULL.items() if name not in {"addresses", "contacts"}
    }
    assert made["addresses"] == [{"line2": None, "region": None} | _ADDRESS]
    assert made["contacts"] == [
        {
            "id": made["contacts"][0]["id"],
            "name": "Eva Klein",
            "email": "eva@acme.example",
            "phone": None,
            "role": "Accounts payable",
        }
    ]
    assert program.get("/customers/acme").json == made == program.get(f"/customers/{made['id']}").json


def test_the_same_external_id_changes_what_is_given_and_leaves_the_rest(program: Program) -> None:
    before = program.customer(**_FULL)
    answer = program.post("/customers", {"external_id": "acme", "email": "new@acme.example", "phone": None})
    assert answer.status == 200
    assert answer.json == before | {"email": "new@acme.example", "phone": None}
    answer = program.post("/customers", {"external_id": "acme", "addresses": [], "contacts": None})
    assert (answer.json["addresses"], answer.json["contacts"]) == ([], [])
    assert len(program.get("/customers").json["data"]) == 1


def test_a_customer_that_is_sent_again_is_unchanged(program: Program) -> None:
    made = program.customer(**_FULL)
    revision = program.business.customers.get().revision
    assert program.post("/customers", _FULL).json == made
    assert program.business.customers.get().revision == revision


def test_without_an_external_id_every_post_makes_one(program: Program) -> None:
    first, second = program.customer(external_id=None), program.customer(external_id="")
    assert first["id"] != second["id"]
    assert first["external_id"] is second["external_id"] is None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": None}, "/name"),
        ({"name": "x" * 256}, "/name"),
        ({"name": "a\0b"}, "/name"),
        ({"name": "\ud800"}, "/name"),
        ({"name": 7}, "/name"),
        ({"nmae": "Acme"}, "/nmae"),
        ({"external_id": " acme"}, "/external_id"),
        ({"email": "nobody"}, "/email"),
        ({"email": "a" * 250 + "@acme.example"}, "/email"),
        ({"language": "xx"}, "/language"),
        ({"currency": "EURO"}, "/currency"),
        ({"currency": "ZZZ"}, "/currency"),
        ({"addresses": {}}, "/addresses"),
        ({"addresses": [_ADDRESS, _ADDRESS]}, "/addresses/1/kind"),
        ({"addresses": [{"kind": "home"}]}, "/addresses/0/kind"),
        ({"addresses": [{"kind": "shipping", "country": "DE"}, {"country": "Germany"}]}, "/addresses/1/country"),
        ({"addresses": [{"kind": "shipping", "country": "DE"}, {"country": "XX"}]}, "/addresses/1/country"),
        ({"contacts": [{"name": "Eva"}, {"email": "eva@acme.example"}]}, "/contacts/1/name"),
        ({"contacts": [{"name": "Eva", "email": "eva"}]}, "/contacts/0/email"),
        ({"contacts": [{"name": "Eva", "a/b~c": 1}]}, "/contacts/0/a~1b~0c"),
    ],
)
def test_a_wrong_customer_is_refused_with_the_place(program: Program, change: dict[str, Any], pointer: str) -> None:
    before = program.customer(**_FULL)
    program.post("/customers", _FULL | change).refused(422, "invalid", pointer)
    program.post("/customers", {"name": "New"} | change).refused(422, "invalid", pointer)
    assert program.get("/customers").json["data"] == [listed(before)]


@pytest.mark.parametrize("name", ["a/b.c", "a.b", "..", "x y", "ä@ö:1", "a//b", "50%", "#?&"])
def test_an_id_may_hold_anything(program: Program, name: str) -> None:
    made = program.customer(external_id=name)
    encoded = "".join(f"%{byte:02X}" for byte in name.encode())
    assert program.get(f"/customers/{encoded}").json == made
    if not set(name) & set(" ä%#?"):
        assert program.get(f"/customers/{name}").json == made
    assert program.get(f"/customers/{encoded}/statement").json["customer"] == made["id"]


def test_a_public_id_wins_over_an_external_id(program: Program) -> None:
    made = program.customer()
    program.customer(external_id=made["id"], name="Impostor")
    assert program.get(f"/customers/{made['id']}").json["name"] == "Acme GmbH"


def test_strangers_see_nothing(program: Program, stranger: Program) -> None:
    made = program.customer()
    for name in ("acme", made["id"]):
        stranger.get(f"/customers/{name}").refused(404, "not_found")
    assert stranger.get("/customers").json["data"] == []
    assert stranger.customer(name="Other")["id"] != made["id"]
    assert program.get("/customers/acme").json == made


def test_the_list_goes_on_where_it_stopped(program: Program) -> None:
    made = [program.customer(external_id=f"c{number}", name=f"Customer {number}") for number in range(5)]
    first = program.get("/customers?limit=2").json
    made = [listed(one) for one in made]
    assert (first["object"], first["data"]) == ("list", made[:2:-1])
    program.customer(external_id="late", name="Made in between")
    second = program.get(f"/customers?limit=2&cursor={first['next_cursor']}").json
    third = program.get(f"/customers?limit=2&cursor={second['next_cursor']}").json
    assert second["data"] == [made[2], made[1]]
    assert (third["data"], third["next_cursor"]) == ([made[0]], None)


def test_the_list_is_narrowed(program: Program) -> None:
    made = [program.customer(external_id=f"c{number}", email=f"{number}@acme.example") for number in range(3)]
    assert program.get("/customers?external_id=c1").json["data"] == [listed(made[1])]
    assert program.get("/customers?email=2%40ACME.example").json["data"] == [listed(made[2])]
    assert program.get("/customers?email=nobody").json["data"] == []
    assert len(program.get("/customers?cursor=").json["data"]) == 3
    # A program that lost what it looks for must not take everybody for it.
    program.get("/customers?email=&external_id=").refused(422, "invalid", "/external_id")
    program.get("/customers?email=a@acme.example&email=").refused(422, "invalid", "/email")


def test_a_list_takes_the_same_queries_however_long(
    program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        program.customer(**_FULL | {"external_id": f"c{number}"})
    # The key, the customers, their addresses and their contacts.
    for limit in (1, 4):
        with django_assert_num_queries(4):
            program.get(f"/customers?limit={limit}")
