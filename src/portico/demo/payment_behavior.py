"""How customers pay: what happens to an invoice after it was written."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from portico.demo.definitions import PaymentBehavior
from portico.demo.timeline import Timeline
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


def promptly(timeline: Timeline, invoice: Document) -> None:
    """Pays in full some days before it is due."""
    early = timeline.random.randint(1, 9)
    day = max(_after(due(invoice), -early), _after(invoice.issued_on, 2))
    timeline.look(invoice, _after(invoice.issued_on, 1))
    timeline.receive(invoice.customer, day, [(invoice, invoice.open_amount)], method=timeline.random.choice(_METHODS))


def late(timeline: Timeline, invoice: Document) -> None:
    """Pays in full, one to six weeks after it was due."""
    timeline.look(invoice, _after(invoice.issued_on, timeline.random.randint(1, 20)))
    day = _after(due(invoice), timeline.random.randint(7, 42))
    timeline.receive(invoice.customer, day, [(invoice, invoice.open_amount)])


def in_halves(timeline: Timeline, invoice: Document) -> None:
    """Pays about half when it is due and the rest a month later."""
    share = timeline.random.randint(40, 60)
    first, rest = allocate(invoice.open_amount, [share, 100 - share])
    timeline.look(invoice, _after(invoice.issued_on, 2))
    timeline.receive(invoice.customer, due(invoice), [(invoice, first)])
    timeline.receive(invoice.customer, _after(due(invoice), 31), [(invoice, rest)])


def by_card(timeline: Timeline, invoice: Document) -> None:
    """Pays by card the day it comes: in the portal, since that takes cards. Now and then the first card is declined."""
    timeline.look(invoice, invoice.issued_on)
    if invoice.issued_on >= timeline.ago(_ONLINE_SINCE):
        if timeline.random.random() < 0.3:
            timeline.pay_online(invoice, invoice.issued_on, card(invoice, "4000 0000 0000 9995"))
        timeline.pay_online(invoice, invoice.issued_on, card(invoice, "4242 4242 4242 4242"))
        return
    timeline.receive(invoice.customer, invoice.issued_on, [(invoice, invoice.open_amount)], method=Method.CARD)


def until(days_ago: int) -> PaymentBehavior:
    """Paid promptly, and stopped paying so many days ago."""

    def pays(timeline: Timeline, invoice: Document) -> None:
        if invoice.issued_on < timeline.ago(days_ago):
            promptly(timeline, invoice)
        elif timeline.random.random() < 0.6:
            timeline.look(invoice, _after(invoice.issued_on, 3))

    return pays


def rounding_up(timeline: Timeline, invoice: Document) -> None:
    """Pays promptly, and now and then a little more than was asked: the rest stays as credit."""
    extra = timeline.random.choice((0, 0, 0, 500, 1250))
    timeline.receive(invoice.customer, _after(invoice.issued_on, 8), [(invoice, invoice.open_amount)], extra=extra)


class Monthly:
    """Collects invoices and pays them in one transfer on the 25th of the month after the first of them."""

    def __init__(self) -> None:
        self._waiting: defaultdict[UUID, list[Document]] = defaultdict(list)

    def __call__(self, timeline: Timeline, invoice: Document) -> None:
        waiting = self._waiting[invoice.customer_id]
        if not waiting:
            first_of_next = (invoice.issued_on.replace(day=1) + timedelta(days=32)).replace(day=1)
            payday = _after(first_of_next, 24)
            timeline.on(payday, lambda: self._pay(timeline, invoice.customer_id, payday))
        waiting.append(invoice)

    def _pay(self, timeline: Timeline, customer_id: UUID, payday: date) -> None:
        invoices = self._waiting.pop(customer_id)
        timeline.receive(invoices[0].customer, payday, [(invoice, invoice.open_amount) for invoice in invoices])
