"""The arithmetic of EN 16931, with the slack its official validators give.

Source: the Schematron rules of CEN/TC 434 (BR-CO-10 to -17, the -08 and -09 rules of each tax category) and of Peppol
BIS Billing 3 (PEPPOL-EN16931-R120). Only rules that are fatal there refuse a file here.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, localcontext

from portico.domain.documents.tax_categories import TAXED, UNTAXED
from portico.intake.parsed import ParsedDocument, ParsedLine, ParsedTax
from portico.intake.ubl.node import Node
from portico.intake.ubl.totals import document_tax_total
from portico.lib.money import exponent, multiply, round_to, to_major

_PEPPOL = "urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PEPPOL_SLACK = Decimal("0.02")
_TOTALS = "cac:LegalMonetaryTotal"

type _Group = tuple[str, Decimal | None]


def check(root: Node, document: ParsedDocument) -> tuple[str, ...]:
    """Raise Unreadable, at the amount that is wrong, unless the document's sums agree with each other.

    Returns what is doubtful of its lines: their sum is what counts, so that they refuse nothing.
    """
    _check_totals(root, document)
    _check_breakdown(root, document)
    return tuple(_doubtful_lines(root, document)) if _PEPPOL in document.profile else ()


def pays_third_parties(document: ParsedDocument) -> bool:
    """Tell whether the listed payments add to what is due (BR-DEX-09), not whether they make up the prepaid amount."""
    totals = document.totals
    extra = sum(payment.amount for payment in document.third_party_payments)
    return bool(extra) and totals.payable == totals.with_tax - totals.prepaid + totals.rounding + extra


def _check_totals(root: Node, document: ParsedDocument) -> None:
    totals = document.totals
    allowances = sum(item.amount for item in document.allowances if not item.charge)
    charges = sum(item.amount for item in document.allowances if item.charge)
    due = totals.with_tax - totals.prepaid + totals.rounding
    if pays_third_parties(document):
        due = totals.payable
    expectations = (
        ("cbc:LineExtensionAmount", totals.lines, sum(line.net for line in document.lines), "the lines", "BR-CO-10"),
        ("cbc:AllowanceTotalAmount", totals.allowances, allowances, "the allowances", "BR-CO-11"),
        ("cbc:ChargeTotalAmount", totals.charges, charges, "the charges", "BR-CO-12"),
        (
            "cbc:TaxExclusiveAmount",
            totals.without_tax,
            totals.lines - totals.allowances + totals.charges,
            "lines, allowances and charges",
            "BR-CO-13",
        ),
        (
            "cbc:TaxInclusiveAmount",
            totals.with_tax,
            totals.without_tax + totals.tax,
            "the total without tax and the tax",
            "BR-CO-15",
        ),
        ("cbc:PayableAmount", totals.payable, due, "total, prepaid amount and rounding", "BR-CO-16"),
    )
    for path, stated, expected, what, rule in expectations:
        if stated != expected:
            node = root.one(f"{_TOTALS}/{path}") or root.need(_TOTALS)
            raise node.refusal(_differs(stated, expected, what, rule, document.currency))


def _check_breakdown(root: Node, document: ParsedDocument) -> None:
    tax_total = document_tax_total(root, document.currency)
    if tax_total is None or not document.taxes:
        return
    currency = document.currency
    tax = sum(row.tax for row in document.taxes)
    if document.totals.tax != tax:
        node = tax_total.need("cbc:TaxAmount")
        raise node.refusal(_differs(document.totals.tax, tax, "the breakdown", "BR-CO-14", currency))
    subtotals = list(tax_total.all("cac:TaxSubtotal"))
    for node, row in zip(subtotals, document.taxes, strict=True):
        _check_tax(node, row, currency)
    _check_taxable(subtotals, document)


def _check_tax(node: Node, row: ParsedTax, currency: str) -> None:
    if row.category in UNTAXED and row.tax:
        raise node.need("cbc:TaxAmount").refusal(
            f"tax category {row.category} bears no tax, this says {to_major(row.tax, currency)} (BR-{row.category}-09)."
        )
    rate = row.rate or Decimal(0)
    expected = round_to(multiply(to_major(abs(row.taxable), currency), rate / 100), exponent(currency))
    # Less than one whole unit of currency apart, signs aside: BR-CO-17 as the official rules test it.
    if abs(to_major(abs(row.tax), currency) - expected) >= 1:
        raise node.need("cbc:TaxAmount").refusal(
            f"{rate:f} % of {to_major(row.taxable, currency)} is {expected}, this says {to_major(row.tax, currency)} "
            "(BR-CO-17)."
        )


def _check_taxable(subtotals: list[Node], document: ParsedDocument) -> None:
    """Compare each tax group with the lines, allowances and charges in it, where every one of them names its group."""
    sums: defaultdict[_Group, int] = defaultdict(int)
    for category, rate, amount in _taxed_amounts(document):
        if category not in TAXED | UNTAXED:
            return
        sums[_group(category, rate)] += amount
    stated: defaultdict[_Group, int] = defaultdict(int)
    nodes: dict[_Group, Node] = {}
    for node, row in zip(subtotals, document.taxes, strict=True):
        group = _group(row.category, row.rate)
        stated[group] += row.taxable
        nodes[group] = node.need("cbc:TaxableAmount")
    categories = {category for category, _ in stated}
    # A further rate of a category that is broken down is no fatal error; a category left out is one (BR-S-01 …).
    for group in [*stated, *(group for group in sums if group[0] not in categories)]:
        slack = 10 ** exponent(document.currency) if group[0] in TAXED else 1
        if abs(stated[group] - sums[group]) >= slack:
            name = f"what is taxed under {group[0]}" + (f" at {group[1]:f} %" if group[1] is not None else "")
            place = nodes.get(group) or subtotals[0]
            raise place.refusal(_differs(stated[group], sums[group], name, f"BR-{group[0]}-08", document.currency))


def _taxed_amounts(document: ParsedDocument) -> Iterator[tuple[str, Decimal | None, int]]:
    for line in document.lines:
        yield line.tax_category, line.tax_rate, line.net
    for item in document.allowances:
        yield item.tax_category, item.tax_rate, item.amount if item.charge else -item.amount


def _group(category: str, rate: Decimal | None) -> _Group:
    # Untaxed categories form one group each, whatever rate they write beside them.
    return (category, (rate or Decimal(0)).normalize() if category in TAXED else None)


def _doubtful_lines(root: Node, document: ParsedDocument) -> Iterator[str]:
    nodes = [*root.all("cac:InvoiceLine"), *root.all("cac:CreditNoteLine")]
    for node, line in zip(nodes, document.lines, strict=True):
        expected, stated = _line_net(line, document.currency), to_major(line.net, document.currency)
        if abs(stated - expected) > _PEPPOL_SLACK:
            place = node.need("cbc:LineExtensionAmount")
            yield (
                f"line {place.line}, {place.place}: quantity, price, allowances and charges come to"
                f" {expected.normalize():f}, this says {stated} (PEPPOL-EN16931-R120)."
            )


def _line_net(line: ParsedLine, currency: str) -> Decimal:
    extra = sum(item.amount if item.charge else -item.amount for item in line.allowances)
    quantity, price = line.quantity or Decimal(0), line.unit_price or Decimal(0)
    with localcontext(prec=60):
        return round_to(quantity * price / line.base_quantity + to_major(extra, currency), 4)


def _differs(stated: int, expected: int, what: str, rule: str, currency: str) -> str:
    return f"{what} come to {to_major(expected, currency)}, this says {to_major(stated, currency)} ({rule})."
