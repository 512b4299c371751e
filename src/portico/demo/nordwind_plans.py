"""Payment plans of the demonstration: one awaits its approval, one runs, of one an instalment was missed."""

from decimal import Decimal
from functools import partial

from portico.demo.business import DemoBusiness
from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.decide import Evidence
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.models import Document
from portico.domain.documents.plans import equal_parts
from portico.domain.documents.totals import LineInput

_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def payment_plans(demo: DemoBusiness) -> None:
    """Let three customers pay a large invoice in instalments."""
    tools = [LineInput("Werkzeuge für die Serie", Decimal(1), Decimal("4200.00"), tax_rate=Decimal(19), unit="C62")]
    demo.invoice("HAFENLICHT", 7, lines=tools, title="Spritzgusswerkzeuge", then=partial(_offered, demo))
    jigs = [LineInput("Welding jigs, one set", Decimal(1), Decimal("5400.00"), unit="C62")]
    demo.invoice("BRIGHTON", 50, lines=jigs, title="Welding jigs", then=partial(_running, demo))
    shop = [LineInput("Schaufenster und Leitsystem", Decimal(1), Decimal("2100.00"), tax_rate=Decimal(19), unit="C62")]
    demo.invoice("ORT", 70, lines=shop, title="Schaufenster", then=partial(_missed, demo))


def _offered(demo: DemoBusiness, invoice: Document) -> None:
    demo.on(6, lambda: _plan(demo, invoice, number=4, first=-14, apart=30))


def _running(demo: DemoBusiness, invoice: Document) -> None:
    demo.on(48, lambda: _plan(demo, invoice, number=3, first=20, apart=30))
    demo.on(47, lambda: _approve(invoice))
    parts = equal_parts(invoice.open_amount, 3)
    demo.timeline.receive(invoice.customer, demo.day(20), [(invoice, parts[0])], reference=invoice.number)


def _missed(demo: DemoBusiness, invoice: Document) -> None:
    demo.on(66, lambda: _plan(demo, invoice, number=5, first=40, apart=21, needs_approval=False))
    parts = equal_parts(invoice.open_amount, 5)
    demo.timeline.receive(invoice.customer, demo.day(39), [(invoice, parts[0])], reference=invoice.number)


def _plan(
    demo: DemoBusiness, invoice: Document, *, number: int, first: int, apart: int, needs_approval: bool = True
) -> None:
    """Make a plan of equal parts whose first is due so many days ago, or ahead where `first` is negative."""
    parts = equal_parts(invoice.open_amount, number)
    rows = [InstalmentInput(demo.day(first - apart * index), part) for index, part in enumerate(parts)]
    make_plan(invoice, PlanInput(rows, needs_approval), by=demo.office)


def _approve(invoice: Document) -> None:
    customer = invoice.customer
    reader = Actor("customer", customer.public_id, customer.name, "203.0.113.7")
    plan = invoice.payment_plans.select_related("document").get()
    approve_plan(plan, Evidence(name="Priya Nair", user_agent=_BROWSER), by=reader)
