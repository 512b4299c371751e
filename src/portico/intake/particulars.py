"""What a file says beyond the columns of documents and lines, as it is kept beside them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from portico.intake.parsed import (
    Identifier,
    ParsedAllowance,
    ParsedDocument,
    ParsedLine,
    ParsedPaymentMeans,
)
from portico.lib.money import to_minor


def document_particulars(parsed: ParsedDocument) -> dict[str, Any]:
    """Return a document's particulars. Several notes, or one with a subject, stand there one by one."""
    notes = [{"subject": note.subject, "text": note.text} for note in parsed.notes]
    return _filled(
        {
            "profile": parsed.profile,
            "process": parsed.process,
            "notes": notes if len(notes) > 1 or any(note["subject"] for note in notes) else None,
            "payment_means": [_means(means) for means in parsed.payment_means],
            "warnings": list(parsed.warnings),
        }
    )


def line_particulars(line: ParsedLine, currency: str) -> dict[str, Any]:
    """Return a line's particulars; `lines` are those below it, each with its `level`."""
    item = line.item
    return _filled(
        {
            "buyer_item_number": item.buyer_id,
            "standard_item_number": _identifier(item.standard_id),
            "classifications": [_identifier(code) for code in item.classifications],
            "origin_country": item.origin_country,
            "order_line": line.order_line,
            "accounting_reference": line.accounting_reference,
            "invoiced_object": _identifier(line.invoiced_object),
            "gross_price": _decimal(line.gross_price),
            "price_discount": _decimal(line.price_discount),
            "allowances": [allowance(one, currency) for one in line.allowances],
            "lines": list(_below(line.lines)),
        }
    )


def allowance(item: ParsedAllowance, currency: str) -> dict[str, Any]:
    """Return an allowance or charge of a document or a line."""
    return {
        "charge": item.charge,
        "amount": item.amount,
        "reason": item.reason,
        "reason_code": item.reason_code,
        "rate": rate(item.percent),
        "base": None if item.base is None else to_minor(item.base, currency),
        "tax_category": item.tax_category,
        "tax_rate": rate(item.tax_rate),
    }


def rate(value: Decimal | None) -> str | None:
    """Return a rate as it is kept: `19`, `7.5`."""
    return None if value is None else f"{value.normalize():f}"


def _below(lines: Iterable[ParsedLine], level: int = 1) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield {
            "level": level,
            "label": line.id,
            "description": line.item.name,
            "quantity": _decimal(line.quantity),
            "unit": line.unit,
            "unit_price": _decimal(line.unit_price),
            "amount": line.net,
        }
        yield from _below(line.lines, level + 1)


def _means(means: ParsedPaymentMeans) -> dict[str, Any]:
    return _filled(
        {
            "code": means.code,
            "text": means.text,
            "remittance": means.remittance,
            "account": means.account,
            "account_name": means.account_name,
            "bank": means.bank,
            # A whole card number is kept nowhere.
            "card_number": means.card_number[-4:],
            "card_holder": means.card_holder,
            "card_network": means.card_network,
            "mandate": means.mandate,
            "debited_account": means.debited_account,
        }
    )


def _identifier(identifier: Identifier | None) -> dict[str, str] | None:
    return {"value": identifier.value, "scheme": identifier.scheme} if identifier else None


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
