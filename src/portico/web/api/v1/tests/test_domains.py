"""A business's own domains by the API: added, checked against DNS, read and removed; never another's."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.activity.models import Activity
from portico.domain.custom_domains.models import CustomDomain
from portico.web.api.v1.tests.conftest import Body, Program
from tests.dns import NameServer, name_server

NAME = "billing.nordlicht.org"


@pytest.fixture
def dns(settings: Settings) -> Iterator[NameServer]:
    with name_server() as server:
        settings.PORTICO_DNS_SERVERS = [server.address]
        yield server


def states(domain: Body) -> list[tuple[str, list[str]]]:
    return [(record["state"], record["found"]) for record in domain["records"]]


def status_at(host: str) -> int:
    return Client(headers={"host": host}).get("/sign-in").status_code


def test_domain_is_added_checked_served_and_removed(program: Program, dns: NameServer) -> None:
    made = program.post("/domains", {"name": "Billing.Nordlicht.ORG."}, once="a")
    assert made.status == 201
    domain = made.json
    assert (domain["name"], domain["served"], states(domain)) == (NAME, False, [("unchecked", [])] * 2)
    assert program.post("/domains", {"name": "Billing.Nordlicht.ORG."}, once="a").json == domain
    assert program.post("/domains", {"name": NAME}).json["id"] == domain["id"]
    proof, way = domain["records"]
    assert (proof["type"], proof["name"]) == ("TXT", f"_portico.{NAME}")
    assert (way["type"], way["value"]) == ("CNAME", "testserver")
    path = f"/domains/{domain['id']}"

    assert states(program.post(f"{path}/check").json) == [("missing", [])] * 2
    dns.silent = {f"_portico.{NAME}"}
    assert states(program.post(f"{path}/check").json) == [("no_answer", [])] * 2
    dns.silent = set()
    dns.enter(proof["name"], "TXT", '"portico-verification=other"')
    dns.enter(NAME, "CNAME", "elsewhere.example.net.")
    dns.enter("elsewhere.example.net", "A", "198.51.100.9")
    other = [("other", ["portico-verification=other"]), ("other", ["elsewhere.example.net"])]
    assert states(program.post(f"{path}/check").json) == other
    assert status_at(NAME) == 404
    dns.enter(proof["name"], "TXT", f'"{proof["value"]}"')
    dns.enter(NAME, "CNAME", "testserver.")
    checked = program.post(f"{path}/check").json
    assert states(checked) == [("found", [proof["value"]]), ("found", ["testserver"])]
    assert (checked["served"], checked["leads_here"], checked["preferred"]) == (True, True, False)
    assert (status_at(NAME), program.get(path).json) == (200, checked)
    assert program.get("/domains").json == {"object": "list", "data": [checked], "next_cursor": None}

    assert program.delete(path).json == checked
    assert (status_at(NAME), program.get(path).status, program.get("/domains").json["data"]) == (404, 404, [])
    verbs = Activity.objects.filter(verb__startswith="custom_domain").values_list("verb", flat=True)
    assert list(verbs) == ["custom_domain.added", "custom_domain.proven", "custom_domain.removed"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("https://billing.nordlicht.org", "domain_form"),
        ("billing.nordlicht.org:8443", "domain_form"),
        ("billing..nordlicht.org", "domain_form"),
        ("192.0.2.7", "domain_is_ip"),
        ("nas.local", "domain_local"),
    ],
)
def test_name_that_can_not_be_is_refused_at_its_field(program: Program, name: str, code: str) -> None:
    refused = program.post("/domains", {"name": name})
    assert (refused.status, refused.json["code"], refused.json["errors"][0]["pointer"]) == (422, code, "/name")
    assert not CustomDomain.objects.exists()


def test_homograph_is_another_name_and_reads_as_dns_has_it(program: Program) -> None:
    assert program.post("/domains", {"name": "billing.nоrdlicht.org"}).json["name"] == "billing.xn--nrdlicht-nbh.org"


def test_somebody_else_s_domain_is_not_there_and_can_not_be_had(
    program: Program, stranger: Program, dns: NameServer
) -> None:
    domain = program.post("/domains", {"name": NAME}).json
    squatted = stranger.post("/domains", {"name": NAME}).json
    dns.enter(f"_portico.{NAME}", "TXT", f'"{domain["records"][0]["value"]}"', f'"{squatted["records"][0]["value"]}"')
    assert program.post(f"/domains/{domain['id']}/check").json["served"] is True
    checked = stranger.post(f"/domains/{squatted['id']}/check").json
    assert (checked["served"], checked["records"][0]["state"]) == (False, "taken")
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/check")):
        assert stranger.send(method, f"/domains/{domain['id']}{path}").status == 404
    stranger.delete(f"/domains/{squatted['id']}")
    refused = stranger.post("/domains", {"name": NAME})
    assert (refused.status, refused.json["code"]) == (422, "domain_taken")
    assert program.get(f"/domains/{domain['id']}").json["served"] is True
