from portico.domain.customers.models import Customer
from portico.web.api.v1.tests.conftest import Program


def test_two_customers_become_one_and_two_again(program: Program) -> None:
    kept = program.customer()
    other = program.customer(external_id="acme-2", name="ACME")
    program.invoice()
    program.invoice(customer="acme-2")
    made = program.made("/customers/acme/merge", {"customer": "acme-2"})
    assert (made["customer"], made["merged"], made["merged_external_id"]) == (kept["id"], other["id"], "acme-2")
    for name in ("acme", "acme-2", other["id"]):
        found = program.get(f"/customers/{name}").json
        assert (found["id"], found["balance"]) == (kept["id"], [{"amount": 23_800, "currency": "EUR"}])
    assert [row["id"] for row in program.get("/customers").json["data"]] == [kept["id"]]
    assert program.invoice(customer="acme-2")["customer"] == kept["id"]
    sent_again = program.post("/customers", {"external_id": "acme-2", "name": "ACME", "contacts": []})
    assert (sent_again.status, sent_again.json["name"]) == (200, "Acme GmbH")
    here = f"/customers/acme/merges/{made['id']}/undo"
    assert program.post(here).json["undone_at"]
    assert program.get("/customers/acme-2").json["balance"] == [{"amount": 11_900, "currency": "EUR"}]
    assert program.get("/customers/acme").json["balance"] == [{"amount": 23_800, "currency": "EUR"}]
    assert program.post(here).status == 200


def test_what_cannot_be_merged_is_refused(program: Program) -> None:
    program.customer()
    program.customer(external_id="acme-2")
    program.post("/customers/acme/merge", {"customer": "acme"}).refused(409, "merge_with_itself")
    program.post("/customers/acme/merge", {"customer": "nobody"}).refused(404, "not_found")
    program.post("/customers/acme/merge", {}).refused(422, "invalid", "/customer")
    long = {"customer": "acme-2", "reason": "x" * 501}
    program.post("/customers/acme/merge", long).refused(422, "invalid", "/reason")
    program.post("/customers/acme/archive")
    program.post("/customers/acme/merge", {"customer": "acme-2"}).refused(409, "winner_archived")
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_a_payment_after_the_merge_forbids_its_undoing(program: Program) -> None:
    program.customer()
    program.customer(external_id="acme-2")
    invoice = program.invoice(customer="acme-2")
    made = program.made("/customers/acme/merge", {"customer": "acme-2"})
    program.payment(allocations=[{"invoice": invoice["id"], "amount": 11_900}])
    refused = program.post(f"/customers/acme/merges/{made['id']}/undo").refused(409, "merge_changed_since")
    assert invoice["number"] in refused["detail"]


def test_strangers_merge_nothing(program: Program, stranger: Program) -> None:
    kept, other = program.customer(), program.customer(external_id="acme-2")
    own = stranger.customer(external_id="own")
    stranger.post(f"/customers/{kept['id']}/merge", {"customer": other["id"]}).refused(404, "not_found")
    stranger.post("/customers/own/merge", {"customer": other["id"]}).refused(404, "not_found")
    made = program.made("/customers/acme/merge", {"customer": "acme-2"})
    stranger.post(f"/customers/{own['id']}/merges/{made['id']}/undo").refused(404, "not_found")
    assert Customer.objects.exclude(merged_into=None).count() == 1
