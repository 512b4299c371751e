"""Buyers become customers, or are known again."""

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.intake.actions.import_file import Run
from portico.intake.ubl.tests.samples import Sample

ENDPOINT = '<cbc:EndpointID schemeID="EM">ap@fjord.example</cbc:EndpointID>'
VAT = (
    "<!--after--><cac:PartyTaxScheme><cbc:CompanyID>NO 987 654 321</cbc:CompanyID>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
)
CONTACT = (
    "<cac:Contact><cbc:Name>Kari Fjord</cbc:Name><cbc:Telephone>+47 55 00 00</cbc:Telephone>"
    "<cbc:ElectronicMail>kari@fjord.example</cbc:ElectronicMail></cac:Contact>"
)
OTHER_ADDRESS = "<cac:PostalAddress><cbc:CityName>Oslo</cbc:CityName></cac:PostalAddress>"


def identified(value: str) -> str:
    return f"<cac:PartyIdentification><cbc:ID>{value}</cbc:ID></cac:PartyIdentification>"


def take(run: Run, **parts: str) -> Customer:
    sample = Sample(number=str(Document.objects.count()), **parts)  # type: ignore[arg-type]  # a test names text parts
    assert run.take(sample.bytes(), name="f").status == "imported"
    return Customer.objects.get(documents__number=sample.number)


def test_what_ends_a_line_is_a_blank_in_a_name_and_makes_no_address(run: Run) -> None:
    hidden = CONTACT.replace("Kari Fjord", "Kari\u2028Fjord").replace("kari@fjord", "kari@\u200bfjord")
    customer = take(run, buyer_name="Fjord\u2029\x85Söhne", buyer_inside=hidden)
    assert (customer.name, customer.email) == ("Fjord Söhne", "")
    assert [(contact.name, contact.email) for contact in customer.contacts.all()] == [("Kari Fjord", "")]


def test_a_new_buyer_becomes_a_customer_with_what_the_file_says(run: Run) -> None:
    customer = take(run, buyer_inside=ENDPOINT + VAT + CONTACT)
    assert (customer.name, customer.email, customer.phone) == ("Fjord & Söhne AS", "kari@fjord.example", "+47 55 00 00")
    assert (customer.tax_id, customer.currency, customer.language) == ("NO 987 654 321", "EUR", "")
    address = customer.addresses.get()
    assert (address.kind, address.line1, address.postal_code, address.city, address.country) == (
        "billing", "Bryggen 9", "5003", "Bergen", "NO",
    )  # fmt: skip
    contact = customer.contacts.get()
    assert (contact.name, contact.email, contact.phone) == ("Kari Fjord", "kari@fjord.example", "+47 55 00 00")
    assert Activity.objects.filter(verb="customer.created", customer_id=customer.pk).count() == 1


def test_the_mailbox_serves_when_there_is_no_contact(run: Run) -> None:
    assert take(run, buyer_inside=ENDPOINT).email == "ap@fjord.example"
    assert take(run, buyer_name="B", buyer_inside=ENDPOINT.replace("ap@fjord.example", "no mail")).email == ""


def test_the_same_buyer_is_the_same_customer(run: Run) -> None:
    assert take(run) == take(run)
    vat = take(run, buyer_name="Fjord Holding", buyer_inside=VAT, buyer_address=OTHER_ADDRESS)
    assert take(run, buyer_name="FJORD HOLDING", buyer_inside=VAT.replace("987 654 321", "987654321")) == vat
    assert Customer.objects.count() == 2


def test_namesakes_with_other_identifiers_stay_apart(run: Run) -> None:
    first = take(run, buyer_inside=ENDPOINT + identified("K-1"))
    second = take(run, buyer_inside=ENDPOINT + identified("K-2"))
    assert first != second
    assert take(run, buyer_inside=ENDPOINT + identified("K-1")) == first
    assert take(run, buyer_inside=ENDPOINT + identified("K-2")) == second


def test_a_mailbox_shared_by_two_names_joins_nobody(run: Run) -> None:
    assert take(run, buyer_inside=ENDPOINT) != take(run, buyer_name="Fjord Reederei", buyer_inside=ENDPOINT)


def test_an_import_overwrites_no_customer(run: Run, business: Business) -> None:
    data = CustomerInput(
        external_id="F-1",
        name="Fjord",
        email="books@fjord.example",
        tax_id="NO987654321",
        addresses={"billing": {"line1": "Strandgaten 1", "city": "Bergen"}},
        contacts=[ContactInput("Per")],
    )
    mine, _ = upsert_customer(business, data, by=OPERATOR)
    assert take(run, buyer_inside=ENDPOINT + VAT + CONTACT) == mine
    mine.refresh_from_db()
    assert (mine.name, mine.email, mine.tax_id) == ("Fjord", "books@fjord.example", "NO987654321")
    assert mine.addresses.get().line1 == "Strandgaten 1"
    assert mine.contacts.get().name == "Per"
    # What the file said is remembered for recognising only: now the name and address of the file are known too.
    assert take(run, buyer_inside=ENDPOINT) == mine


def test_what_is_learned_tells_later_buyers_apart(run: Run) -> None:
    first = take(run)
    assert take(run, buyer_inside=identified("K-1")) == first
    assert take(run, buyer_inside=identified("K-2")) != first


@pytest.mark.parametrize("name", ["شركة النور للتجارة", "株式会社 光", "Ñandú %_\\ '\" S.A."])
def test_names_of_every_kind_are_found_again(run: Run, name: str) -> None:
    first = take(run, buyer_name=name)
    assert first.name == name
    assert take(run, buyer_name=name) == first


def test_a_customer_of_another_business_is_nobody(run: Run, stranger: Business) -> None:
    theirs = take(Run(stranger, by=OPERATOR), buyer_inside=VAT)
    mine = take(run, buyer_inside=VAT)
    assert mine != theirs
    assert mine.business == run.business


def test_text_longer_than_a_column_is_cut_there_and_kept_whole_on_the_document(run: Run) -> None:
    name = "Fjord " * 60
    customer = take(run, buyer_name=name.strip())
    assert len(customer.name) == 255
    assert Document.objects.get().buyer["name"] == name.strip()
