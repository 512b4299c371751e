"""Documents written by staff: new ones, copies, credit notes and drafts once more, without a script."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_profile import change_profile
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.check import differences as document_differences
from portico.domain.documents.models import Document, Kind, Line
from portico.domain.ledger.check import differences
from portico.domain.ledger.models import Allocation, Entry
from portico.web.dashboard.tests.cast import Paper, a_customer, a_document

GERMAN = {"accept-language": "de"}


def facts() -> tuple[object, ...]:
    tables = (Document, Line, Entry, Allocation, Activity)
    return tuple(list(table._default_manager.order_by("pk").values()) for table in tables)


def typed(customer: Customer, **fields: str) -> dict[str, str]:
    """What somebody types for a document of one line: 2 × 50.00 and 19 %."""
    return {
        "kind": "invoice", "customer": customer.public_id, "count": "1", "issued_on": "2026-11-20", "currency": "EUR",
        "submission": "0" * 32, "line-0-description": "Work", "line-0-quantity": "2", "line-0-unit_price": "50.00",
        "line-0-tax_rate": "19", "do": "save",
    } | fields  # fmt: skip


def errors(answer: Any) -> str:
    return " ".join(re.findall(r'class="po-error"[^>]*>([^<]*)<', answer.content.decode()))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_document_of_every_kind_is_written_changed_and_issued(owner: Client, acme: Customer, kind: Kind) -> None:
    form = owner.get(f"/documents/new?kind={kind}&customer={acme.public_id}")
    assert form.status_code == 200
    assert "2026-11-20" in form.content.decode(), "today"
    answer = owner.post("/documents/new", typed(acme, kind=kind, title="First"))
    draft = Document.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/documents/{draft.public_id}")
    assert (draft.kind, draft.lifecycle, draft.number, draft.total) == (kind, "draft", "", 11900)
    html = owner.get(f"/documents/{draft.public_id}/edit").content.decode()
    for text in ('value="First"', 'value="50.00"', 'value="Work"'):
        assert text in html, text
    owner.post(f"/documents/{draft.public_id}/edit", typed(acme, kind=kind, title="Second", do="issue"))
    draft.refresh_from_db()
    assert (draft.title, draft.lifecycle, draft.total, bool(draft.number)) == ("Second", "issued", 11900, True)
    assert not [*differences(), *document_differences()]


def test_form_says_what_the_law_would_miss_before_it_is_issued(owner: Client, acme: Customer) -> None:
    warning = "The law of your country asks for more about your business"
    for kind in Kind:
        html = owner.get(f"/documents/new?kind={kind}&customer={acme.public_id}").content.decode()
        assert (warning in html) == (kind in {Kind.INVOICE, Kind.CREDIT_NOTE}), kind
    complete = {"line1": "A 1", "postal_code": "1", "city": "B", "tax_number": "22/8"}
    change_profile(acme.business, complete, by=OPERATOR)
    assert warning not in owner.get(f"/documents/new?customer={acme.public_id}").content.decode()


def test_without_a_customer_the_form_leads_to_a_new_one(owner: Client, shop: Business) -> None:
    assert 'href="/customers/new">Add a customer' in owner.get("/documents/new").content.decode()


def test_a_document_is_issued_at_once_and_only_once(owner: Client, acme: Customer) -> None:
    sent = typed(acme, do="issue", submission="1" * 32)
    first, again = owner.post("/documents/new", sent), owner.post("/documents/new", sent)
    assert first["Location"] == again["Location"]
    assert [row.number for row in Document.objects.all()] == ["INV-0001"]


def test_lines_are_added_and_removed_without_a_script(owner: Client, acme: Customer) -> None:
    html = owner.post("/documents/new", typed(acme, do="add", title="Kept")).content.decode()
    assert html.count('class="po-draft-line"') == 2
    assert 'value="Kept"' in html
    assert 'name="line-1-tax_rate" value="19"' in html, "taxed as the line before"
    two = typed(acme, count="2") | {"line-1-description": "Travel", "line-1-quantity": "1", "line-1-unit_price": "7"}
    html = owner.post("/documents/new", two | {"do": "remove-0"}).content.decode()
    assert html.count('class="po-draft-line"') == 1
    assert 'value="Travel"' in html
    assert 'value="Work"' not in html
    assert Document.objects.count() == 0


def test_the_totals_are_the_server_s_own(owner: Client, acme: Customer) -> None:
    sent = typed(acme, do="totals", discount="10 %", **{"line-0-discount": "5"})
    html = owner.post("/documents/new", sent).content.decode()
    for text in ("€95.00", "-€9.50", "€16.25", "€101.75"):
        assert text in html, text
    part = owner.post("/documents/new", sent, headers={"HX-Request": "true", "HX-Target": "totals"}).content.decode()
    assert part.lstrip().startswith('<section class="po-draft-totals"')
    assert "€101.75" in part
    unfinished = owner.post("/documents/new", typed(acme, do="totals", **{"line-0-unit_price": ""}))
    assert unfinished.status_code == 200
    assert Document.objects.count() == 0


def test_amounts_are_typed_as_the_reader_writes_them(owner: Client, acme: Customer) -> None:
    sent = typed(acme, **{"line-0-unit_price": "1.234,50", "line-0-quantity": "1,5", "line-0-discount": "2,5 %"})
    owner.post("/documents/new", sent, headers=GERMAN)
    document = Document.objects.get()
    (line,) = document.lines.all()
    assert (str(line.unit_price), str(line.quantity), line.discount) == ("1234.50", "1.5", 4629)
    html = owner.get(f"/documents/{document.public_id}/edit", headers=GERMAN).content.decode()
    for text in ('value="1234,50"', 'value="1,5"', 'value="2,5 %"'):
        assert text in html, text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"line-0-description": ""}, "Please fill this in."),
        ({"line-0-quantity": "many"}, "Enter a number such as 1.5."),
        ({"line-0-unit_price": "1,234"}, "can be read in two ways"),
        ({"line-0-tax_rate": "190"}, "A rate lies between 0 and 100%."),
        ({"line-0-discount": "200"}, "The discount is more than what it is taken from."),
        ({"line-0-tax_category": "E", "line-0-tax_rate": "0"}, "Say why it is exempt."),
        ({"due_on": "2026-11-01"}, "The due date is before the issue date."),
        ({"issued_on": "yesterday"}, "Enter a date such as 2026-01-31."),
        ({"currency": "XYZ"}, "There is no such currency."),
        ({"number": "INV-0001"}, "The number is taken already."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    owner: Client, acme: Customer, invoice: Document, change: dict[str, str], message: str
) -> None:
    before = facts()
    answer = owner.post("/documents/new", typed(acme, title="Typed before", do="issue", **change))
    assert answer.status_code in {409, 422}
    assert message in errors(answer), errors(answer)
    html = answer.content.decode()
    for value in ["Typed before", *filter(None, change.values())]:
        assert value in html, value
    assert facts() == before


@pytest.mark.parametrize("name", ["customer", "copy", "credit"])
def test_a_name_that_no_row_can_hold_is_not_found(owner: Client, acme: Customer, name: str) -> None:
    assert owner.get(f"/documents/new?{name}=%00").status_code == 404


def test_an_empty_document_is_none(owner: Client, acme: Customer) -> None:
    answer = owner.post("/documents/new", typed(acme, **{"line-0-description": "", "line-0-unit_price": ""}))
    assert "A document needs at least one line." in answer.content.decode()
    assert Document.objects.count() == 0


def test_it_is_due_by_the_agreed_terms(owner: Client, shop: Business, acme: Customer) -> None:
    Business.objects.update(default_due_days=14, default_terms="Two weeks net.")
    assert "Two weeks net." in owner.get(f"/documents/new?customer={acme.public_id}").content.decode()
    owner.post("/documents/new", typed(acme))
    Customer.objects.update(payment_terms_days=30)
    owner.post("/documents/new", typed(acme, submission="2" * 32))
    owner.post("/documents/new", typed(acme, submission="3" * 32, due_on="2026-11-25"))
    due = [row.due_on for row in Document.objects.order_by("created_at", "id")]
    assert sorted(day for day in due if day) == [date(2026, 11, 25), date(2026, 12, 4), date(2026, 12, 20)]


def test_the_pdf_is_looked_at_before_anything_is_kept(owner: Client, acme: Customer) -> None:
    answer = owner.post("/documents/new", typed(acme, do="pdf"))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert Document.objects.count() == 0


def test_the_customer_is_chosen_first(owner: Client, shop: Business, acme: Customer) -> None:
    other = a_customer(shop, "Zimt & Zucker", external_id="C-2", email="z@zimt.example")
    html = owner.get("/documents/new?kind=estimate").content.decode()
    assert f"kind=estimate&amp;customer={acme.public_id}" in html
    html = owner.get("/documents/new?kind=estimate&q=zimt").content.decode()
    assert other.public_id in html
    assert acme.public_id not in html


def test_a_draft_moves_to_another_customer(owner: Client, shop: Business, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    other = a_customer(shop, "Zimt & Zucker", external_id="C-2", email="z@zimt.example")
    assert "Zimt" in owner.get(f"/documents/{draft.public_id}/edit?customer={other.public_id}").content.decode()
    owner.post(f"/documents/{draft.public_id}/edit", typed(other))
    draft.refresh_from_db()
    assert (draft.customer, draft.buyer["name"]) == (other, "Zimt & Zucker")


def test_choosing_another_customer_loses_nothing_that_was_typed(owner: Client, shop: Business, acme: Customer) -> None:
    a_customer(shop, "ÄRZTEHAUS Süd", external_id="C-2")
    sent = typed(acme, do="customer", title="Half written", q="ärztehaus")
    page = owner.post("/documents/new", sent).content.decode()
    chosen = re.search(r'name="chosen" value="([^"]+)"><bdi>ÄRZTEHAUS', page)
    assert chosen, "found whatever the case"
    assert f'"chosen" value="{acme.public_id}"><bdi>' not in page
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert carried["title"] == "Half written"
    form = owner.post("/documents/new", carried | {"chosen": chosen[1]}).content.decode()
    for text in ('value="Half written"', 'value="Work"', 'value="50.00"', f'"customer" value="{chosen[1]}"'):
        assert text in form, text
    assert not Document.objects.exists()


def test_of_two_who_change_a_draft_the_second_is_told(owner: Client, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    page = f"/documents/{draft.public_id}/edit"
    seen = re.search(r'name="seen" value="(\d+)"', owner.get(page).content.decode())
    assert seen
    first = typed(acme, title="Hers", seen=seen[1])
    assert owner.post(page, first).status_code == 302
    assert owner.post(page, first).status_code == 302, "the same sent twice is no second change"
    before = facts()
    answers = [owner.post(page, typed(acme, title="His", seen=seen[1], do=do)) for do in ("save", "issue")]
    assert [answer.status_code for answer in answers] == [409, 409]
    html = answers[0].content.decode()
    assert 'value="His"' in html
    assert "Somebody changed this draft in the meantime" in html
    assert facts() == before
    now = re.search(r'name="seen" value="(\d+)"', html)
    assert now
    assert owner.post(page, typed(acme, title="His", seen=now[1])).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "His"


def test_a_copy_begins_anew(owner: Client, acme: Customer, invoice: Document) -> None:
    html = owner.get(f"/documents/new?copy={invoice.public_id}").content.decode()
    for text in ('value="Consulting"', 'value="2026-11-20"', 'value="2026-12-20"'):
        assert text in html, text
    assert invoice.number not in re.sub(r"<title>.*?</title>", "", html)
    owner.post("/documents/new", typed(acme, copy=invoice.public_id))
    assert Document.objects.exclude(pk=invoice.pk).get().lifecycle == "draft"


def test_a_credit_note_is_written_for_an_invoice(owner: Client, acme: Customer, invoice: Document) -> None:
    html = owner.get(f"/documents/new?credit={invoice.public_id}").content.decode()
    assert f"Credit note for {invoice.number}" in html
    assert 'value="Consulting"' in html
    sent = typed(acme, credit=invoice.public_id, do="issue", apply="1", **{"line-0-quantity": "1"})
    owner.post("/documents/new", sent)
    note = Document.objects.get(kind=Kind.CREDIT_NOTE)
    assert note.references == [{"kind": "preceding_invoice", "value": "INV-0001", "issued_on": "2026-11-01"}]
    invoice.refresh_from_db()
    assert (note.total, note.open_amount, invoice.open_amount) == (5950, 0, 4050)
    assert not [*differences(), *document_differences()]


def test_a_draft_is_deleted(owner: Client, acme: Customer, invoice: Document) -> None:
    draft = a_document(acme, Paper(draft=True))
    owner.post(f"/documents/{draft.public_id}/delete")
    assert list(Document.objects.all()) == [invoice]
    before = facts()
    answer = owner.post(f"/documents/{invoice.public_id}/delete", follow=True)
    assert "Void it and write another." in answer.content.decode()
    assert facts() == before


def test_what_is_issued_has_no_form(owner: Client, invoice: Document) -> None:
    answer = owner.get(f"/documents/{invoice.public_id}/edit")
    assert (answer.status_code, answer["Location"]) == (302, f"/documents/{invoice.public_id}")


def test_what_was_typed_is_kept_when_somebody_else_has_issued_it(owner: Client, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    page, mine = f"/documents/{draft.public_id}/edit", typed(acme, title="Mine", do="issue", seen="1")
    assert owner.post(page, mine)["Location"] == f"/documents/{draft.public_id}"
    before = facts()
    assert owner.post(page, mine)["Location"] == f"/documents/{draft.public_id}", "sent twice"
    for do in ("save", "issue"):
        answer = owner.post(page, mine | {"title": "Late", "do": do})
        assert answer.status_code == 409
        assert 'value="Late"' in answer.content.decode()
        assert "This is issued" in answer.content.decode()
    assert facts() == before


def test_what_the_form_does_not_ask_for_stays(owner: Client, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    Document.objects.filter(pk=draft.pk).update(
        external_id="order-1",
        references=[{"kind": "despatch", "value": "LS-7"}],
        notes="One\n\nTwo",
        particulars={"notes": [{"subject": "", "text": "One"}, {"subject": "REG", "text": "Two"}]},
    )
    owner.post(f"/documents/{draft.public_id}/edit", typed(acme, notes="One\r\n\r\nTwo"))
    draft.refresh_from_db()
    assert (draft.external_id, draft.references[0]["value"]) == ("order-1", "LS-7")
    assert [note["subject"] for note in draft.particulars["notes"]] == ["", "REG"]


def test_strangers_write_nothing_here(owner: Client, stranger: Client, acme: Customer, invoice: Document) -> None:
    draft = a_document(acme, Paper(draft=True))
    before = facts()
    for address in (
        f"/documents/{draft.public_id}/edit", f"/documents/new?customer={acme.public_id}",
        f"/documents/new?copy={invoice.public_id}", f"/documents/new?credit={invoice.public_id}",
    ):  # fmt: skip
        assert stranger.get(address).status_code == 404
    assert stranger.post("/documents/new", typed(acme)).status_code == 404
    assert stranger.post(f"/documents/{draft.public_id}/edit", typed(acme)).status_code == 404
    assert stranger.post(f"/documents/{draft.public_id}/delete").status_code == 404
    assert facts() == before
