"""A business of the story with its customers: what its scenes are written with."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portico.demo.definitions import Part, Script
from portico.demo.timeline import Stage
from portico.domain.activity.actor import Actor
from portico.domain.businesses.actions.change_settings import change_payment_settings, change_portal_settings
from portico.domain.businesses.actions.create import create_business, create_staff
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.lib import clock
from portico.lib.clock import at

# The story goes back this many days.
YEARS = 730

_DEMO = Actor("system", label="Demo")


class Troupe:
    """One business, founded two years ago, with all of its customers."""

    def __init__(self, script: Script, password: str) -> None:
        self.script = script
        self.parts = {part.key: part for part in script.parts}
        with at(clock.now() - timedelta(days=YEARS)):
            business = create_business(script.business, by=_DEMO)
            for name, value in script.profile.items():
                setattr(business, name, value)
            business.save(update_fields=list(script.profile))
            change_portal_settings(business, dict(script.portal), by=_DEMO)
            change_payment_settings(business, dict(script.payments), by=_DEMO)
            add_gateway(business, "sandbox", by=_DEMO)
            business.refresh_from_db()
            email, name = script.staff
            user = create_staff(business, email, password, by=_DEMO, name=name)
            self.office = Actor("staff", user.public_id, name)
            self.customers = {part.key: self._engage(business, part) for part in script.parts}
        self.business = business
        self.stage = Stage(business, self.office, script.business.slug)

    def _engage(self, business: Business, part: Part) -> Customer:
        made, _ = upsert_customer(business, part.wish(), by=self.office)
        return Customer.objects.select_related("business").prefetch_related("addresses").get(pk=made.pk)

    def trade(self) -> None:
        """Write every customer's regular invoices, and leave it to its habit what becomes of them."""
        for part in self.script.parts:
            if part.habit is None or not part.every:
                continue
            for number, days_ago in enumerate(range(part.since, part.until, -part.every)):
                jitter = self.stage.random.randint(0, min(6, days_ago))
                title = f"{part.titles[number % len(part.titles)]}" if part.titles else ""
                self.invoice(part.key, days_ago - jitter, title=title, number_of_order=number + 1)

    def invoice(
        self,
        key: str,
        days_ago: int,
        wares: Sequence[int] = (),
        *,
        then: Callable[[Document], object] | None = None,
        number_of_order: int = 0,
        **more: Any,
    ) -> None:
        """Write an invoice so many days ago; its customer's habit goes on with it unless `then` does."""
        part = self.parts[key]
        if part.order and number_of_order:
            more["purchase_order"] = part.order.format(n=number_of_order)
        more.setdefault("due_on", self.stage.ago(days_ago - part.terms))
        habit = part.habit
        if then is None and habit is not None:
            stage = self.stage

            def then(document: Document) -> None:
                habit(stage, document)

        self.write(key, Kind.INVOICE, days_ago, wares, then=then, **more)

    def write(
        self,
        key: str,
        kind: Kind,
        days_ago: int,
        wares: Sequence[int] = (),
        *,
        lines: list[LineInput] | None = None,
        then: Callable[[Document], object] | None = None,
        **more: Any,
    ) -> None:
        """Write a document of any kind so many days ago, with lines of these wares or the customer's usual ones."""
        part = self.parts[key]
        here = int(part.language == self.script.local)
        # kinds: notes and terms speak of paying
        is_invoice = kind == Kind.INVOICE
        more.setdefault("notes", self.script.notes[here] if is_invoice else "")
        more.setdefault("terms", self.script.terms[here] if is_invoice else "")
        wish = DocumentInput(
            kind=kind,
            currency=self.currency(key),
            issued_on=self.stage.ago(days_ago),
            lines=lines or self.lines(key, wares),
            source="demo",
            **more,
        )
        self.stage.write(self.customers[key], wish, then=then)

    def lines(self, key: str, wares: Sequence[int] = ()) -> list[LineInput]:
        """Return lines of these wares, or of some of the customer's usual ones, in its language and currency."""
        part, random = self.parts[key], self.stage.random
        chosen = wares or sorted(random.sample(part.wares, random.randint(1, len(part.wares))))
        tax = Decimal(part.tax) if part.tax else None
        local = part.language == self.script.local
        return [
            self.script.wares[index].line(
                random, local=local, currency=self.currency(key), rate=Decimal(part.rate), tax=tax
            )
            for index in chosen
        ]

    def currency(self, key: str) -> str:
        """The currency a customer is invoiced in."""
        return self.parts[key].currency or self.business.currency

    def day(self, days_ago: int) -> date:
        """The day so many days ago."""
        return self.stage.ago(days_ago)

    def on(self, days_ago: int, deed: Callable[[], object]) -> None:
        """Have something done so many days ago."""
        self.stage.on(self.stage.ago(days_ago), deed)
