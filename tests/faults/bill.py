"""An invoice that has to be paid exactly once, and what is looked at afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.faults import places
from tests.faults.installation import Installation, wait_until

# How long a payment may take to arrive here and its receipt to be mailed, after the fault is over.
_SOON = 90.0


@dataclass(frozen=True)
class Bill:
    """One invoice of a customer of its own. Its amount, in minor units, is no other's."""

    at: Installation
    customer: str
    email: str
    invoice: str
    amount: int

    @property
    def is_paid(self) -> bool:
        """Whether nothing is open of it any more."""
        return bool(self.at.found(f"/invoices/{self.invoice}")["amount_due"] == 0)

    def wait_until_paid(self) -> None:
        """Wait for what the server does by itself."""
        wait_until(lambda: self.is_paid, _SOON, f"{self.invoice} is paid")

    def problems(self) -> Iterator[str]:
        """Yield what is not as after exactly one payment."""
        yield from self._at_the_bank()
        yield from self._here()
        yield from self._in_the_post()
        if said := self.at.clerk.do("check_ledger"):
            yield f"check-ledger: {said}"
        if (calls := self.at.folder / places.VIOLATIONS).exists():
            yield f"the provider was called inside a transaction: {calls.read_text()}"
            calls.unlink()

    def late_problems(self) -> Iterator[str]:
        """Yield what was doubled after all, without waiting for anything."""
        yield from self._at_the_bank()
        if len(self.receipts) > 1:
            yield f"{len(self.receipts)} receipts were mailed to {self.email}"

    def _at_the_bank(self) -> Iterator[str]:
        states = [row["state"] for row in self.at.bank.charges_of(self.amount)]
        if states.count("succeeded") != 1 or {"processing", "requires_action"} & {*states}:
            yield f"charges at the bank: {states}"

    def _here(self) -> Iterator[str]:
        invoice = self.at.found(f"/invoices/{self.invoice}")
        if (invoice["status"], invoice["amount_due"]) != ("paid", 0):
            yield f"the invoice is {invoice['status']}, {invoice['amount_due']} of {self.amount} is due"
        payments = self.at.found("/payments", customer=self.customer)["data"]
        if [(row["amount"], row["unapplied"], row["status"]) for row in payments] != [(self.amount, 0, "succeeded")]:
            yield f"payments: {payments}"
        attempts = self.at.found("/payment_attempts", customer=self.customer)["data"]
        states = sorted(row["status"] for row in attempts)
        if states.count("succeeded") != 1 or not {*states} <= {"succeeded", "failed", "canceled"}:
            yield f"attempts: {states}"

    def _in_the_post(self) -> Iterator[str]:
        try:
            wait_until(lambda: bool(self.receipts), _SOON, f"a receipt is mailed to {self.email}")
        except AssertionError as error:
            yield str(error)
        if len(self.receipts) > 1:
            yield f"{len(self.receipts)} receipts were mailed to {self.email}"

    @property
    def receipts(self) -> set[str]:
        """The receipts that were mailed, by their Message-ID: one that a mail server got twice is one mail."""
        mails = [mail for mail in self.at.postbox.mails if mail.recipients == [self.email]]
        return {str(mail.message["Message-ID"]) for mail in mails if mail.subject.startswith("Receipt")}


def new_bill(
    at: Installation, *, card: bool = False, autopay: bool = False, before_issue: Callable[[], None] = lambda: None
) -> Bill:
    """Send an invoice to a new customer, who has a card on file or AutoPay when that is wanted."""
    number = len(at.bills) + 1
    customer, amount = f"c{number}", 10_000 + number
    email = f"{customer}@example.com"
    at.made("/customers", {"external_id": customer, "name": f"Customer {number}", "email": email})
    if card or autopay:
        at.clerk.do("save_card", customer)
    if autopay:
        at.clerk.do("enrol_autopay", customer)
    before_issue()
    bill = Bill(at, customer, email, _send_invoice(at, customer, amount), amount)
    at.bills.append(bill)
    return bill


def _send_invoice(at: Installation, customer: str, amount: int) -> str:
    line = {"description": "Work", "quantity": "1", "unit_price": f"{amount // 100}.{amount % 100:02}"}
    body = {"customer": customer, "issued_on": "2026-01-05", "currency": "EUR", "lines": [line]}
    return str(at.made("/invoices", body)["id"])
