"""A parsed document as the columns that keep it. Everything the file says is somewhere in them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from portico.domain.documents.models import Document, Line
from portico.intake.parsed import (
    ParsedAddress,
    ParsedDelivery,
    ParsedDocument,
    ParsedLine,
    ParsedParty,
    ParsedPaymentMeans,
    ParsedReference,
    ParsedTax,
)
from portico.intake.particulars import allowance, document_particulars, line_particulars, rate
from portico.lib.money import percent_of, to_major

# References that have a column of their own.
_OWN_COLUMNS = {"purchase_order", "contract", "project"}
_REFERENCE_LENGTH = 255


def document_columns(parsed: ParsedDocument) -> dict[str, Any]:
    """Return the columns of a Document but for its business, customer and lifecycle.

    `total` and the other sums are the file's own. Amounts collected for third parties are due beside the total: they
    stand among `allowances` with `third_party` set.
    """
    totals = parsed.totals
    return {
        "kind": parsed.kind,
        "number": parsed.number,
        "type_code": parsed.type_code[:10],
        "issued_on": parsed.issued_on,
        "due_on": parsed.due_on,
        "currency": parsed.currency,
        "subtotal": totals.lines,
        "discount_total": totals.allowances,
        "charge_total": totals.charges,
        "tax_total": totals.tax,
        "total": totals.with_tax,
        "prepaid": totals.prepaid,
        "rounding": totals.rounding,
        "payable": totals.payable,
        "notes": "\n\n".join(note.text for note in parsed.notes),
        "terms": parsed.terms,
        "payment_means": _payment_text(parsed),
        "buyer_reference": parsed.buyer_reference[:_REFERENCE_LENGTH],
        "purchase_order": parsed.reference("purchase_order")[:_REFERENCE_LENGTH],
        "contract_reference": parsed.reference("contract")[:_REFERENCE_LENGTH],
        "project_reference": parsed.reference("project")[:_REFERENCE_LENGTH],
        "period_start": parsed.period.start,
        "period_end": parsed.period.end,
        "delivered_on": parsed.delivery.delivered_on if parsed.delivery else None,
        "delivered_to": _delivered_to(parsed.delivery),
        "seller": _seller(parsed),
        "buyer": _party(parsed.buyer),
        "references": list(_references(parsed)),
        "allowances": [*(allowance(item, parsed.currency) for item in parsed.allowances), *_third_parties(parsed)],
        "breakdown": [_tax(row) for row in parsed.taxes],
        "source": "import",
        "source_checksum": parsed.checksum,
        "particulars": document_particulars(parsed),
    }


def lines(document: Document, parsed: ParsedDocument) -> list[Line]:
    """Return the unsaved lines of a document, in the file's order; sub lines stand in the particulars of theirs."""
    return [_line(document, position, line) for position, line in enumerate(parsed.lines, start=1)]


def _line(document: Document, position: int, line: ParsedLine) -> Line:
    discount = sum(-item.amount if item.charge else item.amount for item in line.allowances)
    return Line(
        document=document,
        position=position,
        label=line.id[:60] if line.id != line.item.name else "",
        description=line.item.name,
        details="\n".join(_details(line)),
        item_number=line.item.seller_id[:120],
        quantity=line.quantity or Decimal(0),
        unit=line.unit[:20],
        unit_price=line.unit_price or Decimal(0),
        base_quantity=line.base_quantity,
        gross=line.net + discount,
        discount=discount,
        amount=line.net,
        tax_rate=line.tax_rate,
        tax_category=line.tax_category[:5],
        # The standard states tax per category only; this is the line's share of it.
        tax=percent_of(line.net, line.tax_rate or Decimal(0)),
        period_start=line.period.start,
        period_end=line.period.end,
        particulars=line_particulars(line, document.currency),
    )


def _details(line: ParsedLine) -> Iterator[str]:
    if line.item.description and line.item.description != line.item.name:
        yield line.item.description
    if line.note:
        yield line.note
    for name, value in line.item.attributes:
        yield f"{name}: {value}" if name and value else name or value


def _party(party: ParsedParty) -> dict[str, Any]:
    """A party with the keys that documents use everywhere, and what else the file says of it."""
    return _filled(
        {
            "name": party.name,
            "trading_name": party.trading_name,
            **_address(party.address),
            "tax_id": party.vat_id or party.tax_number,
            "tax_number": party.tax_number if party.vat_id else "",
            "registration_number": party.legal_id.value if party.legal_id else "",
            "legal_form": party.legal_form,
            "email": party.contact.email,
            "phone": party.contact.phone,
            "contact": party.contact.name,
            "endpoint": {"value": party.endpoint.value, "scheme": party.endpoint.scheme} if party.endpoint else None,
            "identifiers": [{"value": entry.value, "scheme": entry.scheme} for entry in party.identifiers],
        }
    )


def _seller(parsed: ParsedDocument) -> dict[str, Any]:
    """The seller under its trading name, as businesses are, with its representative."""
    seller = parsed.seller
    names = {"name": seller.trading_name, "legal_name": seller.name} if seller.trading_name else {}
    others = {
        "payee": _party(parsed.payee) if parsed.payee else None,
        "tax_representative": _party(parsed.tax_representative) if parsed.tax_representative else None,
    }
    party = _party(seller)
    party.pop("trading_name", None)
    return party | names | _filled(others)


def _address(address: ParsedAddress) -> dict[str, str]:
    return {
        "line1": address.line1,
        "line2": ", ".join(filter(None, (address.line2, address.line3))),
        "postal_code": address.postal_code,
        "city": address.city,
        "region": address.region,
        "country": address.country,
    }


def _delivered_to(delivery: ParsedDelivery | None) -> dict[str, Any]:
    if delivery is None:
        return {}
    location = delivery.location
    return _filled(
        {
            "name": delivery.recipient,
            **_address(delivery.address),
            "location": {"value": location.value, "scheme": location.scheme} if location else None,
        }
    )


def _references(parsed: ParsedDocument) -> Iterator[dict[str, Any]]:
    found: set[str] = set()
    for reference in parsed.references:
        # The first of these kinds is in its column already.
        if reference.kind in _OWN_COLUMNS and reference.kind not in found:
            found.add(reference.kind)
            continue
        yield _reference(reference)
    if parsed.accounting_reference:
        yield {"kind": "accounting", "value": parsed.accounting_reference}
    if parsed.tax_point_on:
        yield {"kind": "tax_point", "value": parsed.tax_point_on.isoformat()}
    if parsed.tax_currency and parsed.totals.tax_in_tax_currency is not None:
        yield {
            "kind": "accounting_tax",
            "value": f"{parsed.tax_currency} {_major(parsed.totals.tax_in_tax_currency, parsed.tax_currency)}",
        }


def _reference(reference: ParsedReference) -> dict[str, Any]:
    return _filled(
        {
            "kind": reference.kind,
            "value": reference.value,
            "scheme": reference.scheme,
            "issued_on": reference.issued_on.isoformat() if reference.issued_on else "",
            "description": reference.description,
            "url": reference.url,
        }
    )


def _third_parties(parsed: ParsedDocument) -> Iterator[dict[str, Any]]:
    for payment in parsed.third_party_payments:
        yield {
            "charge": True,
            "third_party": True,
            "amount": payment.amount,
            "reason": payment.description or payment.kind,
            "rate": None,
            "base": None,
        }


def _tax(row: ParsedTax) -> dict[str, Any]:
    return {
        "category": row.category,
        "rate": rate(row.rate),
        "taxable": row.taxable,
        "tax": row.tax,
        "reason": row.reason,
        "reason_code": row.reason_code,
    }


def _payment_text(parsed: ParsedDocument) -> str:
    """How to pay, a line a fact; the labels are those that banks print in every language."""
    facts: list[str] = []
    if parsed.payee:
        facts.append(parsed.payee.name)
    for means in parsed.payment_means:
        facts += [fact for fact in _payment_facts(means) if fact not in facts]
    return "\n".join(facts)


def _payment_facts(means: ParsedPaymentMeans) -> Iterator[str]:
    if means.account:
        compact = means.account.replace(" ", "")
        is_iban = compact[:2].isalpha() and compact[2:4].isdigit() and compact.isalnum()
        if means.account_name:
            yield means.account_name
        yield f"IBAN {means.account}" if is_iban else means.account
        if means.bank:
            yield f"BIC {means.bank}"
    elif means.text:
        yield means.text
    if means.mandate:
        yield f"SEPA {means.mandate}"
    if means.card_number:
        yield f"{means.card_network} •••• {means.card_number[-4:]}".strip()
    if means.remittance:
        yield means.remittance


def _major(minor: int, currency: str) -> str:
    return f"{to_major(minor, currency):f}"


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
