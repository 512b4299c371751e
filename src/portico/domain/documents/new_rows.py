"""The rows of a document that is being written, not saved yet."""

from typing import Any

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Lifecycle, Line
from portico.domain.documents.parties import buyer_snapshot, seller_snapshot
from portico.domain.documents.totals import LineInput, Totals


def new_document(business: Business, customer: Customer, data: DocumentInput, totals: Totals, number: str) -> Document:
    """Return the document's own row, not saved yet."""
    key = {"id": data.key} if data.key else {}
    return Document(
        **key,
        business=business,
        customer=customer,
        kind=data.kind,
        number=number,
        external_id=data.external_id,
        lifecycle=Lifecycle.DRAFT if data.draft else Lifecycle.ISSUED,
        title=data.title,
        disabled_methods=list(data.disabled_methods),
        issued_on=data.issued_on,
        due_on=data.due_on,
        expires_on=data.expires_on,
        currency=data.currency,
        prices_include_tax=data.prices_include_tax,
        subtotal=totals.subtotal,
        discount_total=totals.line_discount + totals.document_discount,
        tax_total=totals.tax,
        total=totals.total,
        payable=totals.total,
        deposit_amount=data.deposit.amount if data.deposit else None,
        deposit_percent=data.deposit.percent if data.deposit else None,
        open_amount=0 if data.draft or not SPECS[data.kind].sign else totals.total,
        seller=seller_snapshot(business, customer.language),
        buyer=buyer_snapshot(customer),
        breakdown=_breakdown(totals),
        allowances=_allowances(data, totals),
        source=data.source,
        **_written(data),
    )


def _written(data: DocumentInput) -> dict[str, Any]:
    """What is kept as it was written."""
    notes = [{"subject": note.subject, "text": note.text} for note in data.note_list]
    return {
        "notes": "\n\n".join(note.text for note in data.note_list) if notes else data.notes,
        "terms": data.terms,
        "buyer_reference": data.buyer_reference,
        "purchase_order": data.purchase_order,
        "contract_reference": data.contract_reference,
        "project_reference": data.project_reference,
        "references": list(data.references),
        "delivered_on": data.delivered_on,
        "delivered_to": data.delivered_to,
        "period_start": data.period_start,
        "period_end": data.period_end,
        "particulars": {"notes": notes} if notes else {},
    }


def new_lines(document: Document, data: DocumentInput, totals: Totals) -> list[Line]:
    """Return the rows of a document's lines, not saved yet."""
    return [
        Line(
            document=document,
            position=position,
            description=line.description,
            details=line.details,
            item_number=line.item_number,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            gross=worked.gross,
            discount=worked.discount,
            amount=worked.amount,
            tax_rate=line.tax_rate,
            tax_category=line.tax_category,
            tax=worked.tax,
            exemption_reason=line.exemption_reason,
            exemption_code=line.exemption_code,
            period_start=line.period_start,
            period_end=line.period_end,
            particulars=_particulars(line),
        )
        for position, (line, worked) in enumerate(zip(data.lines, totals.lines, strict=True), start=1)
    ]


def _particulars(line: LineInput) -> dict[str, Any]:
    percent = line.discount.percent if line.discount else None
    return {} if percent is None else {"discount_percent": f"{percent:f}"}


def _breakdown(totals: Totals) -> list[dict[str, Any]]:
    rows = []
    for share in totals.taxes:
        # What is not subject to tax has no rate at all.
        rate = None if share.category == "O" else f"{share.rate:f}"
        row: dict[str, Any] = {"rate": rate, "taxable": share.taxable, "tax": share.tax}
        said = {"category": share.category, "reason": " ".join(share.reasons), "reason_code": ", ".join(share.codes)}
        if share.of_document:
            row["of_document"] = True
        rows.append(row | {name: text for name, text in said.items() if text})
    return rows


def _allowances(data: DocumentInput, totals: Totals) -> list[dict[str, Any]]:
    if not totals.document_discount:
        return []
    rate = data.discount.percent if data.discount else None
    return [
        {
            "charge": False,
            "amount": totals.document_discount,
            "reason": "",
            "rate": None if rate is None else f"{rate:f}",
        }
    ]
