"""Figures: what is taken as it stands, and what contradicts itself."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portico.intake.errors import Unreadable
from portico.intake.parsed import ThirdPartyPayment
from portico.intake.ubl.document import read_ubl
from portico.intake.ubl.tests.samples import PEPPOL, XRECHNUNG_EXTENSION, Row, Sample


def refused(sample: Sample) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_ubl(sample.bytes())
    assert caught.value.line
    return caught.value


def test_keeps_every_total_in_minor_units() -> None:
    document = read_ubl(
        Sample(
            rows=[Row("3", "33.50"), Row("2", "10", "Z", "0")],
            allowances=[("-", "20.50", "S", "19"), ("+", "4.00", "Z", "0")],
            prepaid="50.00",
            rounding="0.01",
        ).bytes()
    )
    totals = document.totals
    assert (totals.lines, totals.allowances, totals.charges) == (12050, 2050, 400)
    assert (totals.without_tax, totals.tax, totals.with_tax) == (10400, 1520, 11920)
    assert (totals.prepaid, totals.rounding, totals.payable) == (5000, 1, 6921)
    assert [(tax.category, tax.rate, tax.taxable, tax.tax) for tax in document.taxes] == [
        ("S", Decimal(19), 8000, 1520),
        ("Z", Decimal(0), 2400, 0),
    ]


@pytest.mark.parametrize("code", ["380", "384", "389", "386", "326", "877"])
def test_reads_every_type_of_invoice(code: str) -> None:
    document = read_ubl(Sample(type_code=code).bytes())
    assert (document.kind, document.type_code, document.totals.payable) == ("invoice", code, 11900)


def test_reads_a_credit_note_with_its_own_elements() -> None:
    document = read_ubl(
        Sample(
            root="CreditNote",
            middle="<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
            "<cbc:PaymentDueDate>2026-04-01</cbc:PaymentDueDate></cac:PaymentMeans>",
        ).bytes()
    )
    assert (document.kind, document.type_code, document.totals.payable) == ("credit_note", "381", 11900)
    assert document.lines[0].quantity == 1
    assert str(document.due_on) == "2026-04-01"


def test_counts_an_invoice_element_with_code_381_as_a_credit_note() -> None:
    assert read_ubl(Sample(type_code="381").bytes()).kind == "credit_note"


def test_reads_a_negative_invoice() -> None:
    document = read_ubl(Sample(type_code="384", rows=[Row("-2", "50.00")], profile=PEPPOL).bytes())
    assert document.totals.payable == -11900
    assert document.taxes[0].tax == -1900


@pytest.mark.parametrize("category", ["Z", "E", "AE", "K", "G", "O"])
def test_reads_categories_that_bear_no_tax(category: str) -> None:
    rate = None if category == "O" else "0"
    document = read_ubl(Sample(rows=[Row(category=category, rate=rate)]).bytes())
    assert document.totals.payable == 10000
    assert document.taxes[0].category == category


@pytest.mark.parametrize(("category", "rate"), [("L", "7"), ("M", "4.5")])
def test_reads_the_taxes_of_the_canaries_and_of_ceuta(category: str, rate: str) -> None:
    document = read_ubl(Sample(rows=[Row(category=category, rate=rate)]).bytes())
    assert document.taxes[0].rate == Decimal(rate)


def test_keeps_the_tax_in_the_accounting_currency() -> None:
    sample = Sample(currency="NOK", head="<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>")
    sample.middle = '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">20.71</cbc:TaxAmount></cac:TaxTotal>'
    # The element order of the standard is not what tells the two totals apart.
    document = read_ubl(sample.bytes())
    assert (document.totals.tax, document.tax_currency, document.totals.tax_in_tax_currency) == (1900, "SEK", 2071)


def test_refuses_an_accounting_currency_without_its_tax() -> None:
    error = refused(Sample(head="<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"))
    assert "SEK" in error.message


def test_adds_what_is_collected_for_third_parties() -> None:
    payment = (
        "<cac:PrepaidPayment><cbc:ID>Parking</cbc:ID><cbc:PaidAmount currencyID='EUR'>7.50</cbc:PaidAmount>"
        "<cbc:InstructionID>Harbour car park</cbc:InstructionID></cac:PrepaidPayment>"
    )
    document = read_ubl(Sample(profile=XRECHNUNG_EXTENSION, middle=payment, totals={"PayableAmount": "126.50"}).bytes())
    assert document.totals.payable == 12650
    assert document.third_party_payments == (ThirdPartyPayment("Parking", "Harbour car park", 750),)


def test_does_not_count_the_payments_that_make_up_the_prepaid_amount_twice() -> None:
    payment = "<cac:PrepaidPayment><cbc:PaidAmount currencyID='EUR'>19.00</cbc:PaidAmount></cac:PrepaidPayment>"
    document = read_ubl(Sample(middle=payment, prepaid="19.00").bytes())
    assert document.totals.payable == 10000
    assert document.third_party_payments == ()


@pytest.mark.parametrize(
    ("element", "rule"),
    [
        ("LineExtensionAmount", "BR-CO-10"),
        ("TaxExclusiveAmount", "BR-CO-13"),
        ("TaxInclusiveAmount", "BR-CO-15"),
        ("PayableAmount", "BR-CO-16"),
    ],
)
def test_refuses_a_total_that_does_not_follow(element: str, rule: str) -> None:
    error = refused(Sample(totals={element: "77.77"}))
    assert rule in error.message
    assert "77.77" in error.message
    assert error.place == f"cac:LegalMonetaryTotal/cbc:{element}"


@pytest.mark.parametrize(("sign", "rule"), [("-", "BR-CO-11"), ("+", "BR-CO-12")])
def test_refuses_allowances_and_charges_that_do_not_add_up(sign: str, rule: str) -> None:
    name = "AllowanceTotalAmount" if sign == "-" else "ChargeTotalAmount"
    sample = Sample(allowances=[(sign, "5.00", "S", "19")], totals={name: "6.00"})
    assert rule in refused(sample).message


def tax_total(amount: str, *subtotals: tuple[str, str, str, str]) -> str:
    rows = "".join(
        f"<cac:TaxSubtotal><cbc:TaxableAmount currencyID='EUR'>{base}</cbc:TaxableAmount>"
        f"<cbc:TaxAmount currencyID='EUR'>{tax}</cbc:TaxAmount><cac:TaxCategory><cbc:ID>{category}</cbc:ID>"
        f"<cbc:Percent>{rate}</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>"
        for base, tax, category, rate in subtotals
    )
    return f"<cac:TaxTotal><cbc:TaxAmount currencyID='EUR'>{amount}</cbc:TaxAmount>{rows}</cac:TaxTotal>"


def with_tax(tax: str, *subtotals: tuple[str, str, str, str]) -> Sample:
    gross = str(Decimal(100) + Decimal(tax))
    return Sample(tax_totals=tax_total(tax, *subtotals), totals={"TaxInclusiveAmount": gross, "PayableAmount": gross})


def test_refuses_a_tax_total_that_is_not_its_breakdown() -> None:
    error = refused(with_tax("19.00", ("100.00", "18.99", "S", "19")))
    assert "BR-CO-14" in error.message
    assert error.place == "cac:TaxTotal/cbc:TaxAmount"


def test_gives_a_tax_amount_the_slack_of_the_official_rules() -> None:
    assert read_ubl(with_tax("19.99", ("100.00", "19.99", "S", "19")).bytes()).totals.tax == 1999
    error = refused(with_tax("20.00", ("100.00", "20.00", "S", "19")))
    assert "BR-CO-17" in error.message
    assert error.place == "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount"


def test_refuses_tax_on_what_bears_none() -> None:
    sample = with_tax("0.50", ("100.00", "0.50", "AE", "0"))
    sample.rows = [Row(category="AE", rate="0")]
    assert "BR-AE-09" in refused(sample).message


def test_refuses_a_taxable_amount_that_is_not_its_lines() -> None:
    sample = with_tax("18.81", ("99.00", "18.81", "S", "19"))
    error = refused(sample)
    assert "BR-S-08" in error.message
    assert error.place == "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount"
    assert read_ubl(with_tax("18.81", ("99.01", "18.81", "S", "19")).bytes()).taxes[0].taxable == 9901


def test_refuses_lines_whose_category_the_breakdown_leaves_out() -> None:
    sample = Sample(rows=[Row(category="E", rate="0")], tax_totals=tax_total("0.00", ("0.00", "0.00", "Z", "0")))
    assert "BR-E-08" in refused(sample).message


def test_takes_a_breakdown_that_leaves_out_a_further_rate_as_the_official_rules_do() -> None:
    sample = with_tax("19.00", ("100.00", "19.00", "S", "19"))
    sample.rows = [Row(), Row(price="0.50", rate="7")]
    sample.totals = {"LineExtensionAmount": "100.50", "TaxExclusiveAmount": "100.50", "TaxInclusiveAmount": "119.50"}
    sample.totals["PayableAmount"] = "119.50"
    assert read_ubl(sample.bytes()).totals.payable == 11950


def test_reads_the_long_fractions_of_floats() -> None:
    line = read_ubl(Sample(rows=[Row("3", "33.33333333333333333333333", net="100.00")]).bytes()).lines[0]
    assert line.unit_price == Decimal("33.333333333333333333")


def test_refuses_two_tax_totals_in_one_currency() -> None:
    sample = Sample(tax_totals=tax_total("19.00", ("100.00", "19.00", "S", "19")) + tax_total("19.00"))
    assert "BR-CO-15" in refused(sample).message


def test_checks_line_amounts_only_where_peppol_asks_for_it() -> None:
    rows = [Row("3", "33.00", net="100.00")]
    assert read_ubl(Sample(rows=rows).bytes()).lines[0].net == 10000
    doubtful = read_ubl(Sample(rows=rows, profile=PEPPOL).bytes())
    assert doubtful.totals.lines == 10000, "the sums agree, so that it is taken"
    (warning,) = doubtful.warnings
    assert "cac:InvoiceLine/cbc:LineExtensionAmount" in warning
    assert warning.endswith("come to 99, this says 100.00 (PEPPOL-EN16931-R120).")
    assert read_ubl(Sample(rows=[Row("3", "33.34", net="100.00")], profile=PEPPOL).bytes()).totals.lines == 10000


def test_counts_base_quantity_and_line_allowances_in_a_peppol_line() -> None:
    inside = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        "<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode>"
        "<cbc:Amount currencyID='EUR'>2.50</cbc:Amount></cac:AllowanceCharge>"
    )
    row = Row(
        "250",
        "40.00",
        net="97.50",
        inside=inside,
        price_inside="<cbc:BaseQuantity unitCode='C62'>100</cbc:BaseQuantity>",
    )
    line = read_ubl(Sample(rows=[row], profile=PEPPOL).bytes()).lines[0]
    assert (line.base_quantity, line.net, line.allowances[0].amount) == (Decimal(100), 9750, 250)


@pytest.mark.parametrize(("currency", "price", "minor"), [("JPY", "1500", 1500), ("KWD", "1.505", 1505)])
def test_reads_currencies_with_other_decimals(currency: str, price: str, minor: int) -> None:
    document = read_ubl(Sample(currency=currency, rows=[Row("1", price, "Z", "0")]).bytes())
    assert document.totals.payable == minor


def test_refuses_more_decimals_than_the_currency_has_but_not_in_prices() -> None:
    assert read_ubl(Sample(rows=[Row("1000", "0.12345", net="123.45")]).bytes()).lines[0].unit_price == Decimal(
        "0.12345"
    )
    error = refused(Sample(rows=[Row(net="100.005")]))
    assert "100.005" in error.message
    assert error.place == "cac:InvoiceLine/cbc:LineExtensionAmount"


def test_refuses_an_amount_in_another_currency() -> None:
    sample = Sample(tax_totals='<cac:TaxTotal><cbc:TaxAmount currencyID="USD">19.00</cbc:TaxAmount></cac:TaxTotal>')
    assert "EUR" in refused(sample).message
    xml = Sample().xml().replace('<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount currencyID="USD">')
    with pytest.raises(Unreadable, match="USD"):
        read_ubl(xml.encode())


def test_rates_read_as_people_write_them() -> None:
    wrong = with_tax("30.00", ("100.00", "30.00", "S", "20"))
    error = refused(replace(wrong, rows=[Row(rate="20")]))
    assert "20 % of 100.00 is 20.00" in error.message
    apart = with_tax("10.00", ("50.00", "10.00", "S", "20"))
    assert "at 20 %" in refused(replace(apart, rows=[Row(rate="20")])).message
