"""What a document says besides its figures: written by a program, read back, shown on the page and in the PDF."""

from typing import Any

import pytest

from portico.domain.documents.models import Document
from portico.output.pdf.document_sheet import document_sheet
from portico.web.api.v1.tests.conftest import Program, invoice

_WORK = {"description": "Work", "quantity": "1", "unit_price": "100"}
_ABROAD = _WORK | {
    "tax_category": "AE", "tax_rate": "0", "tax_exemption_code": "VATEX-EU-AE",
    "period_start": "2026-10-01", "period_end": "2026-10-31",
}  # fmt: skip
_SAID: dict[str, Any] = {
    "terms": "30 days net.",
    "purchase_order": "PO-77",
    "buyer_reference": "04011000-12345-03",
    "contract_reference": "C-9",
    "project_reference": "Harbour",
    "delivered_on": "2026-10-31",
    "period_start": "2026-10-01",
    "period_end": "2026-10-31",
}


def test_a_document_says_what_the_law_asks_for(program: Program) -> None:
    program.customer()
    made = program.invoice(lines=[_WORK | {"tax_category": "S", "tax_rate": "19"}, _ABROAD], **_SAID)
    assert {name: made[name] for name in _SAID} == _SAID
    assert made["taxes"] == [
        {"rate": "0", "category": "AE", "reason": None, "reason_code": "VATEX-EU-AE", "taxable": 10000, "tax": 0},
        {"rate": "19", "category": "S", "reason": None, "reason_code": None, "taxable": 10000, "tax": 1900},
    ]
    line = made["lines"][1]
    assert (line["tax_category"], line["tax_exemption_code"], line["period_end"]) == ("AE", "VATEX-EU-AE", "2026-10-31")
    assert made["seller"]["name"] == "Alpha"
    assert made["buyer"]["name"] == "Acme GmbH"
    assert program.get(f"/invoices/{made['id']}").json == made


def test_pages_and_papers_show_it(program: Program) -> None:
    program.customer()
    program.invoice(lines=[_ABROAD], **_SAID, delivered_to={"name": "Acme's yard", "city": "Kiel", "country": "DE"})
    sheet = document_sheet(Document.objects.get(), "en")
    facts = {fact.label: fact.value for fact in sheet.facts}
    assert (facts["Your reference"], facts["Contract"]) == ("04011000-12345-03", "C-9")
    assert (facts["Delivered on"], facts["Service period"]) == ("31 Oct 2026", "1 Oct 2026 – 31 Oct 2026")
    assert "Your order PO-77" in sheet.subtitle
    assert sheet.remarks == ("Reverse charge: the recipient of the supply owes the tax. (VATEX-EU-AE)",)
    assert sheet.lines.rows[0].details == ("1 Oct 2026 – 31 Oct 2026",)
    assert [(note.heading, note.text) for note in sheet.notes] == [("Terms", "30 days net.")]
    assert [party.name for party in sheet.parties][1] == "Acme's yard"


def test_several_notes_keep_what_they_are_about(program: Program) -> None:
    program.customer()
    made = program.invoice(notes=["Thank you.", {"text": "HRB 4711", "subject": "REG"}])
    assert made["notes"] == "Thank you.\n\nHRB 4711"
    assert made["note_list"] == [{"text": "Thank you.", "subject": None}, {"text": "HRB 4711", "subject": "REG"}]
    notes = document_sheet(Document.objects.get(), "en").notes
    assert [(note.heading, note.text) for note in notes] == [("Notes", "Thank you."), ("Legal information", "HRB 4711")]


def test_what_is_exempt_for_several_reasons_says_each_once(program: Program) -> None:
    program.customer()
    lesson = _WORK | {"tax_category": "E", "tax_exemption_reason": "§ 4 Nr. 21 UStG"}
    made = program.invoice(lines=[lesson, lesson, lesson | {"tax_exemption_reason": "§ 19 UStG"}])
    assert [(row["taxable"], row["reason"]) for row in made["taxes"]] == [(30000, "§ 4 Nr. 21 UStG § 19 UStG")]
    assert (made["tax"], made["total"]) == (0, 30000)


def test_what_is_outside_of_tax_has_no_rate(program: Program) -> None:
    program.customer()
    made = program.invoice(lines=[_WORK | {"tax_category": "O"}])
    assert [(row["rate"], row["category"], row["tax"]) for row in made["taxes"]] == [(None, "O", 0)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"tax_category": "X"}, "/lines/0/tax_category"),
        ({"tax_category": "S"}, "/lines/0/tax_rate"),
        ({"tax_category": "S", "tax_rate": "0"}, "/lines/0/tax_rate"),
        ({"tax_category": "L"}, "/lines/0/tax_rate"),
        ({"tax_category": "AE", "tax_rate": "19"}, "/lines/0/tax_rate"),
        ({"tax_category": "E"}, "/lines/0/tax_exemption_reason"),
        ({"tax_category": "Z", "tax_exemption_reason": "Books"}, "/lines/0/tax_category"),
        ({"tax_exemption_reason": "Books"}, "/lines/0/tax_category"),
        ({"tax_category": "AE", "tax_exemption_code": "because"}, "/lines/0/tax_exemption_code"),
        ({"period_start": "2026-10-02", "period_end": "2026-10-01"}, "/lines/0/period_end"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused(program: Program, change: dict[str, str], pointer: str) -> None:
    program.customer()
    program.post("/invoices", invoice(lines=[_WORK | change])).refused(422, "invalid", pointer)
    assert program.get("/invoices").json["data"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"period_start": "2026-10-02", "period_end": "2026-10-01"}, "/period_end"),
        ({"notes": [{"text": "", "subject": None}]}, "/notes"),
        ({"notes": [{"text": "Tax", "subject": "tax"}]}, "/notes"),
        ({"references": [{"kind": "letter", "value": "7"}]}, "/references/0/kind"),
        ({"references": [{"kind": "despatch", "value": "7", "url": "javascript:alert(1)"}]}, "/references/0/url"),
        ({"delivered_on": "2026-13-01"}, "/delivered_on"),
        ({"tax_rate": "19", "lines": [_ABROAD]}, "/tax_rate"),
    ],
)
def test_wrong_fields_are_refused_with_the_place(program: Program, change: dict[str, Any], pointer: str) -> None:
    program.customer()
    problem = program.post("/invoices", invoice(**change)).refused(422, "invalid")
    assert any(error["pointer"].startswith(pointer) for error in problem["errors"]), problem
    assert program.get("/invoices").json["data"] == []


def _credit(**fields: Any) -> dict[str, Any]:
    return {"customer": "acme", "issued_on": "2026-11-05", "currency": "EUR", "lines": [_WORK]} | fields


def _corrected(note: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["value"], row["issued_on"]) for row in note["references"]]


def test_a_credit_note_names_the_invoice_it_corrects(program: Program) -> None:
    program.customer()
    first, second = program.invoice(), program.invoice(issued_on="2026-11-02")
    named = program.made("/credit_notes", _credit(preceding_invoice=first["id"]))
    applied = program.made("/credit_notes", _credit(allocations=[{"invoice": second["number"], "amount": 100}]))
    older = {"kind": "preceding_invoice", "value": "2019/7"}
    before = program.made("/credit_notes", _credit(references=[older]))
    assert _corrected(named) == [("preceding_invoice", "INV-0001", "2026-11-01")]
    assert _corrected(applied) == [("preceding_invoice", "INV-0002", "2026-11-02")]
    assert before["references"][0]["value"] == "2019/7"
    facts = {fact.label: fact.value for fact in document_sheet(Document.objects.get(number="CN-0001"), "en").facts}
    assert facts["Refers to invoice"] == "INV-0001, 1 Nov 2026"


def test_a_credit_note_corrects_its_own_customer_s_invoices_only(program: Program, stranger: Program) -> None:
    for other in (program, stranger):
        other.customer()
    program.customer(external_id="other", name="Other AG")
    theirs = program.invoice(customer="other")
    foreign = stranger.invoice(number="X-1")
    problem = program.post("/credit_notes", _credit(preceding_invoice=theirs["id"]))
    problem.refused(422, "wrong_customer", "/preceding_invoice")
    for name in (foreign["id"], "X-1", "nothing"):
        program.post("/credit_notes", _credit(preceding_invoice=name)).refused(404, "not_found", "/preceding_invoice")
    assert program.get("/credit_notes").json["data"] == []
