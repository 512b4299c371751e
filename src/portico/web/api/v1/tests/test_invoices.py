from typing import Any

import pytest

from portico.web.api.v1.tests.conftest import Program, invoice

# The response that money.md's order of steps is checked against: 412.00, 2 % off, 4 % tax, 3 % off, 7 % tax.
_ORACLE: dict[str, Any] = {
    "lines": [{"description": "Work", "quantity": "8", "unit_price": "51.50", "discount": "2", "tax_rate": "4"}],
    "discount": "3",
    "tax_rate": "7",
}


def test_an_invoice_reads_as_it_was_written(program: Program) -> None:
    customer = program.customer()
    made = program.invoice(external_id="order/1", number="2026/1", notes="Thank you", purchase_order="PO 7", **_ORACLE)
    assert made["id"].startswith("inv_")
    assert made == program.get(f"/invoices/{made['id']}").json
    assert {key: made[key] for key in ("object", "number", "external_id", "status", "customer", "currency")} == {
        "object": "invoice",
        "number": "2026/1",
        "external_id": "order/1",
        "status": "issued",
        "customer": customer["id"],
        "currency": "EUR",
    }
    amounts = ("subtotal", "discount", "tax", "total", "amount_due")
    assert [made[name] for name in amounts] == [41200, 824 + 1211, 1615 + 2742, 43522, 43522]
    assert (made["issued_on"], made["due_on"], made["notes"]) == ("2026-11-01", "2026-12-01", "Thank you")
    assert made["lines"] == [
        {
            "description": "Work", "details": None, "item_number": None, "quantity": "8", "unit": None,
            "unit_price": "51.50", "base_quantity": "1", "discount": 824, "amount": 40376, "tax_rate": "4",
            "tax": 1615,
        }
    ]  # fmt: skip
