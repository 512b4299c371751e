"""Several invoices of which one is paid in instalments: every page asks for the same amount."""

import re
from datetime import date

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from portico.web.portal.pay.tests.conftest import Payer, fresh
from tests.bank import new_bank_account
from tests.shop import Shop


def _planned(shop: Shop) -> Document:
    invoice = shop.invoice()
    rows = [InstalmentInput(date(2026, 12, 1), 3000), InstalmentInput(date(2027, 1, 1), 7000)]
    make_plan(invoice, PlanInput(rows, needs_approval=False), by=OPERATOR)
    return invoice


def _transfer(html: str) -> str:
    """The amount that the page offers to copy for a transfer."""
    _iban, amount, *_quote = re.findall(r'data-copy-text="([^"]*)"', html)
    return str(amount)


def test_list_selection_and_pay_page_ask_for_the_instalment(shop: Shop, payer: Payer, clock: Clock) -> None:
    new_bank_account(shop.business)
    planned, other = _planned(shop), shop.invoice(50)
    listed = payer.visitor.page("activity_of_kind", "invoices")
    assert 'data-owed="3000 EUR"' in listed
    assert 'data-owed="5000 EUR"' in listed
    names = f"?invoice={planned.public_id}&invoice={other.public_id}"
    chosen = payer.visitor.page("selection", query=names)
    assert "2 invoices · €150.00" in chosen, "what is open"
    assert "Pay €80.00" in chosen
    assert _transfer(chosen) == "80.00", "what a transfer is to be of"
    assert _transfer(payer.visitor.page("invoice", planned.public_id)) == "30.00"
    form = payer.open(planned, other)
    assert "Pay €80.00" in form.content.decode()
    assert _transfer(form.content.decode()) == "80.00"
    payer.follow(payer.send(form))
    assert (Payment.objects.get().amount, fresh(planned).open_amount, fresh(other).open_amount) == (8000, 7000, 0)
