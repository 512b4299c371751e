"""A business with its customers, and the methods that its events are written with."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portico.demo.definitions import BusinessDefinition, Buyer
from portico.demo.timeline import Timeline
from portico.domain.activity.actor import Actor
from portico.domain.branding.actions.change_brand import change_brand
from portico.domain.businesses.actions.bank_accounts import add_bank_account
from portico.domain.businesses.actions.change_datev import change_datev
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.businesses.actions.change_settings import change_payment_settings, change_portal_settings
from portico.domain.businesses.actions.change_texts import change_texts
from portico.domain.businesses.actions.create import create_business
from portico.domain.businesses.actions.instructions import add_instruction
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.datev import DatevSettings
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.lib import clock
from portico.lib.clock import at

# The history goes back this many days.
YEARS = 730

_DEMO = Actor("system", label="Demo")


class DemoBusiness:
    """One business, founded two years ago, with all of its customers."""

    def __init__(self, definition: BusinessDefinition, password: str) -> None:
        self.definition = definition
        self.definitions = {customer.key: customer for customer in definition.customers}
        with at(clock.now() - timedelta(days=YEARS)):
            business = create_business(definition.business, by=_DEMO)
            for name, value in definition.profile.items():
                setattr(business, name, value)
            business.save(update_fields=list(definition.profile))
            if definition.pictures:
                change_brand(business, {}, definition.pictures, by=_DEMO)
            change_portal_settings(business, dict(definition.portal), by=_DEMO)
            for language, texts in definition.texts.items():
                change_texts(business, language, texts, by=_DEMO)
            change_payment_settings(business, dict(definition.payments), by=_DEMO)
            if business.country == "DE":
                change_datev(business, DatevSettings(consultant=29098, client=55003), by=_DEMO)
            change_embedding(business, [f"https://shop.{business.slug}.example"], by=_DEMO)
            add_gateway(business, "sandbox", by=_DEMO)
            for account in definition.bank_accounts:
                add_bank_account(business, account, by=_DEMO)
            for instruction in definition.instructions:
                add_instruction(business, instruction, by=_DEMO)
            business.refresh_from_db()
            email, name = definition.staff
            user = create_staff(business, email, password, by=_DEMO, name=name)
            self.office = Actor("staff", user.public_id, name)
            self.colleagues: list[Actor] = []
            for email, name in definition.colleagues:
                user = create_staff(business, email, password, by=self.office, name=name)
                self.colleagues.append(Actor("staff", user.public_id, name))
            self.customers = {customer.key: self._add_customer(business, customer) for customer in definition.customers}
        self.business = business
        self.timeline = Timeline(business, self.office, definition.business.slug)

    def _add_customer(self, business: Business, customer: Buyer) -> Customer:
        made, _ = upsert_customer(business, customer.to_input(), by=self.office)
        return Customer.objects.select_related("business").prefetch_related("addresses").get(pk=made.pk)

    def add_regular_invoices(self) -> None:
        """Write every customer's regular invoices, and let its payment behavior decide what becomes of them."""
        for customer in self.definition.customers:
            if customer.pays is None or not customer.every:
                continue
            for number, days_ago in enumerate(range(customer.since, customer.until, -customer.every)):
                jitter = self.timeline.random.randint(0, min(6, days_ago))
                title = f"{customer.titles[number % len(customer.titles)]}" if customer.titles else ""
                self.invoice(customer.key, days_ago - jitter, title=title, number_of_order=number + 1)

    def invoice(
        self,
        key: str,
        days_ago: int,
        products: Sequence[int] = (),
        *,
        then: Callable[[Document], object] | None = None,
        number_of_order: int = 0,
        **more: Any,
    ) -> None:
        """Write an invoice so many days ago; its customer's payment behavior goes on with it unless `then` does."""
        customer = self.definitions[key]
        if customer.order and number_of_order:
            more["purchase_order"] = customer.order.format(n=number_of_order)
        more.setdefault("due_on", self.timeline.ago(days_ago - customer.terms))
        pays = customer.pays
        if then is None and pays is not None:
            timeline = self.timeline

            def then(document: Document) -> None:
                pays(timeline, document)

        self.write(key, Kind.INVOICE, days_ago, products, then=then, **more)

    def write(
        self,
        key: str,
        kind: Kind,
        days_ago: int,
        products: Sequence[int] = (),
        *,
        lines: list[LineInput] | None = None,
        then: Callable[[Document], object] | None = None,
        **more: Any,
    ) -> None:
        """Write a document of any kind so many days ago, with lines of these products or the customer's usual ones."""
        customer = self.definitions[key]
        here = int(customer.language == self.definition.local)
        # kinds: notes and terms speak of paying
        is_invoice = kind == Kind.INVOICE
        more.setdefault("notes", self.definition.notes[here] if is_invoice else "")
        more.setdefault("terms", self.definition.terms[here] if is_invoice else "")
        data = DocumentInput(
            kind=kind,
            currency=self.currency(key),
            issued_on=self.timeline.ago(days_ago),
            lines=lines or self.lines(key, products),
            source="demo",
            **more,
        )
        self.timeline.write(self.customers[key], data, then=then)

    def lines(self, key: str, products: Sequence[int] = ()) -> list[LineInput]:
        """Return lines of these products, or of some of the customer's usual ones, in its language and currency."""
        customer, random = self.definitions[key], self.timeline.random
        chosen = products or sorted(random.sample(customer.products, random.randint(1, len(customer.products))))
        tax = Decimal(customer.tax) if customer.tax else None
        local = customer.language == self.definition.local
        return [
            self.definition.products[index].line(
                random, local=local, currency=self.currency(key), rate=Decimal(customer.rate), tax=tax
            )
            for index in chosen
        ]

    def currency(self, key: str) -> str:
        """The currency a customer is invoiced in."""
        return self.definitions[key].currency or self.business.currency

    def day(self, days_ago: int) -> date:
        """The day so many days ago."""
        return self.timeline.ago(days_ago)

    def on(self, days_ago: int, action: Callable[[], object]) -> None:
        """Have something done so many days ago."""
        self.timeline.on(self.timeline.ago(days_ago), action)
