"""How customers pay: what happens to an invoice after it was written."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from portico.demo.definitions import Habit
from portico.demo.timeline import Stage
from portico.domain.documents.models import Document
from portico.domain.payments.models import Method
from portico.lib.money import allocate

_METHODS = (Method.BANK_TRANSFER, Method.BANK_TRANSFER, Method.BANK_TRANSFER, Method.CARD, Method.DIRECT_DEBIT)


# The portal has taken cards for so many days.
_ONLINE_SINCE = 150


def card(invoice: Document, number: str) -> dict[str, str]:
    """What the customer of an invoice types to pay by card."""
    year = invoice.issued_on.year % 100 + 3
    return {"cardholder": invoice.customer.name, "card_number": number, "card_expiry": f"08/{year}", "card_cvc": "123"}


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def due(invoice: Document) -> date:
    """The day an invoice falls due."""
    return invoice.due_on or invoice.issued_on


def promptly(stage: Stage, invoice: Document) -> None:
    """Pays in full some days before it is due."""
    early = stage.random.randint(1, 9)
    day = max(_after(due(invoice), -early), _after(invoice.issued_on, 2))
    stage.look(invoice, _after(invoice.issued_on, 1))
    stage.receive(invoice.customer, day, [(invoice, invoice.open_amount)], method=stage.random.choice(_METHODS))


def late(stage: Stage, invoice: Document) -> None:
    """Pays in full, one to six weeks after it was due."""
    stage.look(invoice, _after(invoice.issued_on, stage.random.randint(1, 20)))
    day = _after(due(invoice), stage.random.randint(7, 42))
    stage.receive(invoice.customer, day, [(invoice, invoice.open_amount)])


def in_halves(stage: Stage, invoice: Document) -> None:
    """Pays about half when it is due and the rest a month later."""
    share = stage.random.randint(40, 60)
    first, rest = allocate(invoice.open_amount, [share, 100 - share])
    stage.look(invoice, _after(invoice.issued_on, 2))
    stage.receive(invoice.customer, due(invoice), [(invoice, first)])
    stage.receive(invoice.customer, _after(due(invoice), 31), [(invoice, rest)])


def by_card(stage: Stage, invoice: Document) -> None:
    """Pays by card the day it comes: in the portal, since that takes cards. Now and then the first card is declined."""
    stage.look(invoice, invoice.issued_on)
    if invoice.issued_on >= stage.ago(_ONLINE_SINCE):
        if stage.random.random() < 0.3:
            stage.pay_online(invoice, invoice.issued_on, card(invoice, "4000 0000 0000 9995"))
        stage.pay_online(invoice, invoice.issued_on, card(invoice, "4242 4242 4242 4242"))
        return
    stage.receive(invoice.customer, invoice.issued_on, [(invoice, invoice.open_amount)], method=Method.CARD)


def until(days_ago: int) -> Habit:
    """Paid promptly, and stopped paying so many days ago."""

    def habit(stage: Stage, invoice: Document) -> None:
        if invoice.issued_on < stage.ago(days_ago):
            promptly(stage, invoice)
        elif stage.random.random() < 0.6:
            stage.look(invoice, _after(invoice.issued_on, 3))

    return habit


def rounding_up(stage: Stage, invoice: Document) -> None:
    """Pays promptly, and now and then a little more than was asked: the rest stays as credit."""
    extra = stage.random.choice((0, 0, 0, 500, 1250))
    stage.receive(invoice.customer, _after(invoice.issued_on, 8), [(invoice, invoice.open_amount)], extra=extra)


class Monthly:
    """Collects invoices and pays them in one transfer on the 25th of the month after the first of them."""

    def __init__(self) -> None:
        self._waiting: defaultdict[UUID, list[Document]] = defaultdict(list)

    def __call__(self, stage: Stage, invoice: Document) -> None:
        waiting = self._waiting[invoice.customer_id]
        if not waiting:
            first_of_next = (invoice.issued_on.replace(day=1) + timedelta(days=32)).replace(day=1)
            payday = _after(first_of_next, 24)
            stage.on(payday, lambda: self._pay(stage, invoice.customer_id, payday))
        waiting.append(invoice)

    def _pay(self, stage: Stage, customer_id: UUID, payday: date) -> None:
        invoices = self._waiting.pop(customer_id)
        stage.receive(invoices[0].customer, payday, [(invoice, invoice.open_amount) for invoice in invoices])
