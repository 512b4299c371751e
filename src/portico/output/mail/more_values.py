"""What the placeholders of mails with statements and receipts stand for."""

from datetime import date

from django.utils.translation import override

from portico.domain.customers.models import Customer
from portico.domain.ledger.queries import accounts_of
from portico.domain.ledger.statements import BalanceForward, balance_forward, open_item
from portico.domain.payments.models import Payment
from portico.lib.l10n import Formatter
from portico.output.mail.placeholders import fill_in
from portico.output.mail.wordings import Wording, wording_of
from portico.output.pdf.statement_sheet import Statement
from portico.output.wording.methods import method_label


def statements_of(customer: Customer, end: date, start: date | None = None) -> list[Statement]:
    """Return a customer's statements, one for each currency: what is open on a day, or a period up to it."""
    today, edges = customer.business.today(), customer.business.edges
    accounts = accounts_of(customer.pk)
    if start is None:
        return [open_item(account, end, today=today, edges=edges) for account in accounts]
    return [balance_forward(account, start, end, today=today, edges=edges) for account in accounts]


def balances_of(shown: list[Statement]) -> tuple[tuple[str, int], ...]:
    """Return what statements say is open in the end: a currency and its minor units each."""
    return tuple((row.account.currency, row.closing if isinstance(row, BalanceForward) else row.total) for row in shown)


def statement_wording(customer: Customer, end: date, fmt: Formatter, shown: list[Statement] | None = None) -> Wording:
    """Return what the business says about a statement, filled in, in the formatter's language."""
    balances = balances_of(statements_of(customer, end) if shown is None else shown)
    values = {
        "business": customer.business.name,
        "customer": customer.name,
        "date": fmt.long_date(end),
        "balance": fmt.list([fmt.money(amount, currency) for currency, amount in balances]),
    }
    return filled(wording_of(customer.business, "statement", fmt.language), values)


def receipt_wording(payment: Payment, fmt: Formatter) -> Wording:
    """Return what the business says about a payment it has received, filled in, in the formatter's language."""
    with override(fmt.language):
        method = method_label(payment.method)
    values = {
        "business": payment.business.name,
        "customer": payment.customer.name,
        "number": fmt.code(payment.number),
        "amount": fmt.money(payment.amount, payment.currency),
        "date": fmt.long_date(payment.paid_on),
        "method": method,
    }
    return filled(wording_of(payment.business, "receipt", fmt.language), values)


def filled(wording: Wording, values: dict[str, str]) -> Wording:
    """Return a wording with its placeholders filled in."""
    return Wording(fill_in(wording.subject, values), fill_in(wording.text, values))
