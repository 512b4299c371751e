"""What an invoice leaves out comes from its customer and the business; what the law misses is warned of."""

from portico.web.api.v1.tests.conftest import Body, Program, invoice


def bare(**fields: object) -> Body:
    return {name: value for name, value in invoice().items() if name != "due_on"} | fields


def test_due_date_terms_and_tax_mode_come_from_the_business(program: Program) -> None:
    program.customer()
    settings = {"default_due_days": 14, "default_terms": "Net 14 days.", "default_prices_include_tax": True}
    program.send("PATCH", "/business", settings)
    made = program.post("/invoices", bare()).json
    assert (made["due_on"], made["terms"], made["prices_include_tax"]) == ("2026-11-15", "Net 14 days.", True)
    own = program.post("/invoices", bare(due_on=None, terms="At once.", prices_include_tax=False)).json
    assert (own["due_on"], own["terms"], own["prices_include_tax"]) == (None, "At once.", False)


def test_the_customers_own_terms_go_first(program: Program) -> None:
    program.customer(payment_terms_days=45)
    program.send("PATCH", "/business", {"default_due_days": 14})
    assert program.post("/invoices", bare()).json["due_on"] == "2026-12-16"


def test_sent_again_it_is_the_same_whatever_the_defaults_have_become(program: Program) -> None:
    program.customer(payment_terms_days=45)
    program.send("PATCH", "/business", {"default_terms": "Net 14 days."})
    bodies = [bare(external_id="a"), bare(external_id="b", due_on=None), bare(external_id="c", draft=True)]
    made = [program.post("/invoices", body).json for body in bodies]
    assert [row["due_on"] for row in made] == ["2026-12-16", None, "2026-12-16"]
    program.send("PATCH", "/business", {"default_terms": "At once.", "default_prices_include_tax": True})
    program.send("PATCH", "/customers/acme", {"payment_terms_days": 7})
    for body, before in zip(bodies, made, strict=True):
        again = program.post("/invoices", body)
        assert again.status == 200, again.json
        for name in ("id", "due_on", "terms", "prices_include_tax", "total", "status"):
            assert again.json[name] == before[name], name
    moved = program.post("/invoices", bodies[2] | {"issued_on": "2026-11-02"}).json
    assert moved["due_on"] == "2026-11-09"
    refused = program.post("/invoices", bodies[0] | {"due_on": None})
    assert (refused.status, refused.json["code"]) == (409, "already_issued")


def test_what_the_law_misses_is_warned_of_and_issued(program: Program) -> None:
    program.customer()
    line = {"description": "Work", "quantity": "1", "unit_price": "100", "tax_rate": "0"}
    made = program.post("/invoices", invoice(lines=[line]))
    assert (made.status, made.json["status"]) == (201, "issued")
    assert made.json["warnings"] == [
        "The law of DE asks for more about the seller: line1, postal_code, city, tax_id.",
        "A rate of 0 % needs its reason: give its lines a tax category.",
    ]
    profile = {"line1": "A 1", "postal_code": "1", "city": "B", "tax_id": "DE811569869"}
    program.send("PATCH", "/business", profile)
    assert program.post("/invoices", invoice()).json["warnings"] == []
