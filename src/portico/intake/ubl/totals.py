"""The file's own totals and tax breakdown."""

from portico.intake.parsed import ParsedTax, ParsedTotals, ThirdPartyPayment
from portico.intake.ubl.node import Node


def read_totals(root: Node, currency: str, tax_currency: str) -> ParsedTotals:
    """Return the totals as the file has them; only what EN 16931 leaves optional may be missing, and is zero."""
    totals = root.need("cac:LegalMonetaryTotal")
    tax_total = document_tax_total(root, currency)
    return ParsedTotals(
        lines=totals.needed_amount("cbc:LineExtensionAmount", currency),
        allowances=totals.amount("cbc:AllowanceTotalAmount", currency) or 0,
        charges=totals.amount("cbc:ChargeTotalAmount", currency) or 0,
        without_tax=totals.needed_amount("cbc:TaxExclusiveAmount", currency),
        tax=tax_total.needed_amount("cbc:TaxAmount", currency) if tax_total else 0,
        with_tax=totals.needed_amount("cbc:TaxInclusiveAmount", currency),
        prepaid=totals.amount("cbc:PrepaidAmount", currency) or 0,
        rounding=totals.amount("cbc:PayableRoundingAmount", currency) or 0,
        payable=totals.needed_amount("cbc:PayableAmount", currency),
        tax_in_tax_currency=_tax_in(root, tax_currency) if tax_currency != currency else None,
    )


def read_taxes(root: Node, currency: str) -> tuple[ParsedTax, ...]:
    """Return the tax breakdown in the document's currency."""
    tax_total = document_tax_total(root, currency)
    subtotals = tax_total.all("cac:TaxSubtotal") if tax_total else ()
    return tuple(_tax(subtotal, currency) for subtotal in subtotals)


def read_third_party_payments(root: Node, currency: str) -> tuple[ThirdPartyPayment, ...]:
    """Return the amounts listed as paid; what they mean depends on the totals (see `rules`)."""
    return tuple(
        ThirdPartyPayment(
            kind=node.text("cbc:ID"),
            description=node.text("cbc:InstructionID"),
            amount=node.needed_amount("cbc:PaidAmount", currency),
        )
        for node in root.all("cac:PrepaidPayment")
        if node.one("cbc:PaidAmount")
    )


def document_tax_total(root: Node, currency: str) -> Node | None:
    """Return the tax total in the document's currency; a second one may say the tax in the accounting currency.

    Refuses two in the document's currency (BR-CO-15), or only some in another one.
    """
    all_totals = list(root.all("cac:TaxTotal"))
    own = [node for node in all_totals if _currency_of(node) in {"", currency}]
    if len(own) > 1:
        raise own[1].refusal(f"there are {len(own)} tax totals in {currency}; a document has one (BR-CO-15).")
    if all_totals and not own:
        raise all_totals[0].refusal(f"there is no tax total in {currency}, the document's currency (BR-CO-15).")
    return own[0] if own else None


def _tax_in(root: Node, tax_currency: str) -> int | None:
    if not tax_currency:
        return None
    for node in root.all("cac:TaxTotal"):
        if _currency_of(node) == tax_currency:
            return node.amount("cbc:TaxAmount", tax_currency)
    raise root.refusal(f"there is no tax total in {tax_currency}, the accounting currency (BR-53).", "cac:TaxTotal")


def _tax(subtotal: Node, currency: str) -> ParsedTax:
    category = subtotal.need("cac:TaxCategory")
    return ParsedTax(
        category=category.needed_text("cbc:ID"),
        rate=category.number("cbc:Percent"),
        taxable=subtotal.needed_amount("cbc:TaxableAmount", currency),
        tax=subtotal.needed_amount("cbc:TaxAmount", currency),
        reason=category.prose("cbc:TaxExemptionReason"),
        reason_code=category.text("cbc:TaxExemptionReasonCode"),
    )


def _currency_of(tax_total: Node) -> str:
    amount = tax_total.one("cbc:TaxAmount")
    return amount.attribute("currencyID") if amount else ""
