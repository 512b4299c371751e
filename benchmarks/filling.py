"""Fills an empty installation with a data set, in bulk and in such a way that its ledger adds up."""

import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from benchmarks.bare import write_bare
from benchmarks.datasets import DataSet
from benchmarks.tables import SearchWords, Table
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import BankAccount, Business
from portico.domain.customers.models import Address, Customer
from portico.domain.documents.models import Document, Kind, Lifecycle, Line, Sequence
from portico.domain.documents.parties import seller_snapshot
from portico.domain.ledger.models import Account, Allocation, Entry, EntryKind, Item
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.models import Method, Payment, State
from portico.domain.search.models import Group
from portico.lib.folding import amount_word, name_words, words

_SEED = 20_261_120
_DAYS = 730
_CURRENCY = "EUR"
_TAX_RATE = 19

# A customer pays four invoices at once, this many days after the last of them; every so often not all of the last.
_PAID_AT_ONCE = 4
_PAID_AFTER = 30
_DUE_AFTER = 14
_NOT_IN_FULL = 13

_FIRST = ("Nordlicht", "Blue Harbor", "Café Élan", "Steinbach & Söhne", "Åkerman", "Łąka", "Quayside", "Marlowe")
_SECOND = ("Logistics", "Studio", "Interior Design", "Engineering", "Bakery", "Software", "Press", "Holdings")
_WORK = ("Consulting", "Hosting, per month", "Design of the autumn catalogue", "Support plan", "Training day", "Travel")


class Keys:
    """UUIDv7s in ascending order, in hexadecimal, the same every time."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._tick = 1_700_000_000_000 << 4

    def next(self) -> str:
        self._tick += 1
        number = (self._tick >> 4) << 80 | 0x7 << 76 | (self._tick & 15) << 72 | 2 << 62 | self._rng.getrandbits(62)
        return f"{number:032x}"


@dataclass(slots=True)
class _Account:
    """A customer while its `count` invoices are being written. `paying` is what its next payment pays: key, amount."""

    key: str
    customer: str
    buyer: str
    count: int
    balance: int = 0
    written: int = 0
    paying: list[tuple[str, int]] = field(default_factory=list)

    def day_of(self, position: int) -> int:
        """The day an invoice is issued on, counted from the first."""
        return _DAYS * position // self.count

    def payment_day(self) -> int | None:
        """The day the invoice being written is paid on, or None when that is still to come."""
        last = self.written // _PAID_AT_ONCE * _PAID_AT_ONCE + _PAID_AT_ONCE - 1
        day = self.day_of(last) + _PAID_AFTER
        return day if last < self.count and day < _DAYS else None

    def part_paid(self, total: int) -> int:
        """What its payment pays of the invoice being written."""
        group, place = divmod(self.written, _PAID_AT_ONCE)
        is_short = place == _PAID_AT_ONCE - 1 and group % _NOT_IN_FULL == _NOT_IN_FULL - 1
        return total // 2 if is_short else total


class Filling:
    """Writes one data set. `today` is the day its history ends on."""

    def __init__(self, data_set: DataSet, today: date) -> None:
        self.data_set = data_set
        self.first_day = today - timedelta(days=_DAYS - 1)
        self.made_at = f"{today} 06:00:00"
        self.rng = random.Random(_SEED)
        self.keys = Keys(self.rng)
        self.customers, self.addresses = Table(Customer), Table(Address)
        self.documents, self.lines = Table(Document), Table(Line)
        self.accounts, self.items, self.entries = Table(Account), Table(Item), Table(Entry)
        self.payments, self.allocations, self.sequences = Table(Payment), Table(Allocation), Table(Sequence)
        self.words = SearchWords()

    def write(self) -> None:
        """Write everything, business by business, each in the order of its days."""
        for number, customers in enumerate(self.data_set.customers(), start=1):
            self._business(number, customers)
        for table in vars(self).values():
            if isinstance(table, Table | SearchWords):
                table.write()

    def _business(self, number: int, customers: dict[str, int]) -> None:
        business = Business.objects.create(
            id=UUID(self.keys.next()), slug=f"bench-{number}", name=f"Nordwind {number} GmbH", country="DE",
            currency=_CURRENCY, time_zone="Europe/Berlin", language="en", email="billing@nordwind.example",
            phone="+49 40 1234567", line1="Speicherstadt 1", postal_code="20457", city="Hamburg",
            tax_id="DE123456789",
        )  # fmt: skip
        BankAccount.objects.create(
            business=business, holder="Nordwind GmbH", iban="DE89370400440532013000", bic="COBADEFFXXX", country="DE"
        )
        add_gateway(business, "sandbox", by=OPERATOR)
        key, seller = business.id.hex, json.dumps(seller_snapshot(business, "en"), ensure_ascii=False)
        accounts = {name: self._customer(key, name, count) for name, count in customers.items()}
        calendar = sorted(
            (account.day_of(position), name) for name, account in accounts.items() for position in range(account.count)
        )
        if not self.data_set.ledger:
            self._bare(business, accounts, calendar)
            return
        payments = 0
        for written, (day, name) in enumerate(calendar, start=1):
            account = accounts[name]
            paid_on = account.payment_day()
            self._invoice(key, account, seller, f"INV-{written:04d}", day, is_paid=paid_on is not None)
            if paid_on is not None and len(account.paying) == _PAID_AT_ONCE:
                payments += 1
                self._payment(key, account, f"PAY-{payments:04d}", paid_on)
        self._balances(key, accounts)
        self._sequence(key, "invoice", "INV-", len(calendar) + 1)
        self._sequence(key, "payment", "PAY-", payments + 1)

    def _customer(self, business: str, external_id: str, count: int) -> _Account:
        key = self.keys.next()
        name = f"{self.rng.choice(_FIRST)} {self.rng.choice(_SECOND)} {external_id}"
        place = {"line1": "Hafenstraße 12", "postal_code": "20359", "city": "Hamburg", "country": "DE"}
        email, tax_id = f"{external_id}@example.com", "DE987654321"
        self.customers.add(
            id=key, business_id=business, external_id=external_id, name=name, email=email,
            currency=_CURRENCY, tax_id=tax_id, created_at=self.made_at,
        )  # fmt: skip
        self.words.add(business, Group.CUSTOMERS, key, name_words(name) | words(email, external_id, tax_id))
        self.addresses.add(id=self.keys.next(), customer_id=key, kind=Address.Kind.BILLING.value, **place)
        buyer = json.dumps({"name": name, **place}, ensure_ascii=False)
        return _Account(self.keys.next(), key, buyer, count)

    def _invoice(self, business: str, account: _Account, seller: str, number: str, day: int, *, is_paid: bool) -> None:
        key, issued_on, due_on = self.keys.next(), self._date(day), self._date(day + _DUE_AFTER)
        subtotal, tax = self._lines(key)
        total = subtotal + tax
        paid = account.part_paid(total) if is_paid else 0
        if is_paid:
            account.paying.append((key, paid))
        account.written += 1
        self.documents.add(
            id=key, business_id=business, customer_id=account.customer, kind=Kind.INVOICE.value, number=number,
            lifecycle=Lifecycle.ISSUED.value, issued_on=issued_on, due_on=due_on, currency=_CURRENCY,
            subtotal=subtotal, tax_total=tax, total=total, payable=total, open_amount=total - paid,
            breakdown=json.dumps([{"rate": str(_TAX_RATE), "taxable": subtotal, "tax": tax}]),
            seller=seller, buyer=account.buyer, first_viewed_at=self.made_at if is_paid else None,
            created_at=self.made_at,
        )  # fmt: skip
        self.words.add(business, Group.DOCUMENTS, key, words(number) | {amount_word(total, _CURRENCY)})
        self._post(business, account, key, number, EntryKind.INVOICE, day, total, total - paid, due_on)

    def _bare(self, business: Business, accounts: dict[str, _Account], calendar: list[tuple[int, str]]) -> None:
        """Write invoices without lines that are on no account, with the words they are found by."""
        rows = [
            (written, accounts[name].customer, self._date(day), self.rng.randint(500, 2_000_000))
            for written, (day, name) in enumerate(calendar, start=1)
        ]
        key, (_, customer, day, total) = self.keys.next(), rows[0]
        self.documents.add(
            id=key, business_id=business.id.hex, customer_id=customer, kind=Kind.INVOICE.value, number="INV-0001",
            lifecycle=Lifecycle.ISSUED.value, issued_on=day, currency=_CURRENCY, subtotal=total, total=total,
            payable=total, created_at=self.made_at,
        )  # fmt: skip
        found = words("INV-0001") | {amount_word(total, _CURRENCY)}
        self.words.add(business.id.hex, Group.DOCUMENTS, key, found)
        for table in (self.customers, self.addresses, self.documents, self.words):
            table.write()
        write_bare(business.id, key, rows[1:])

    def _lines(self, document: str) -> tuple[int, int]:
        """Write an invoice's lines; returns its subtotal and its tax."""
        subtotal = taxes = 0
        for position in range(1, self.data_set.lines + 1):
            quantity, price = self.rng.randint(1, 8), self.rng.randint(500, 50_000)
            amount = quantity * price
            tax = (amount * _TAX_RATE + 50) // 100
            self.lines.add(
                id=self.keys.next(), document_id=document, position=position, description=self.rng.choice(_WORK),
                quantity=str(quantity), unit_price=f"{price // 100}.{price % 100:02d}", gross=amount, amount=amount,
                tax_rate=str(_TAX_RATE), tax=tax,
            )  # fmt: skip
            subtotal += amount
            taxes += tax
        return subtotal, taxes

    def _payment(self, business: str, account: _Account, number: str, day: int) -> None:
        key, paid_on = self.keys.next(), self._date(day)
        amount = sum(part for _, part in account.paying)
        self._post(business, account, key, number, EntryKind.PAYMENT, day, -amount, 0, None)
        self.payments.add(
            id=key, business_id=business, customer_id=account.customer, item_id=key, number=number,
            currency=_CURRENCY, amount=amount, paid_on=paid_on, method=Method.BANK_TRANSFER.value,
            state=State.SUCCEEDED.value, reference=f"Transfer {number}", created_at=self.made_at,
        )  # fmt: skip
        found = words(number, f"Transfer {number}") | {amount_word(amount, _CURRENCY)}
        self.words.add(business, Group.PAYMENTS, key, found)
        for invoice, part in account.paying:
            self.allocations.add(
                id=self.keys.next(), business_id=business, account_id=account.key, credit_id=key, debit_id=invoice,
                date=paid_on, amount=part, created_at=self.made_at,
            )  # fmt: skip
        account.paying.clear()

    def _post(
        self, business: str, account: _Account, key: str, number: str, kind: EntryKind, day: int, amount: int,
        left: int, due_on: str | None,
    ) -> None:  # fmt: skip
        """Write the ledger's side of an invoice or payment: its item and its entry."""
        account.balance += amount
        on = self._date(day)
        self.items.add(
            id=key, business_id=business, account_id=account.key, kind=kind.value, number=number, issued_on=on,
            due_on=due_on, amount=amount, open=left,
        )  # fmt: skip
        self.entries.add(
            id=self.keys.next(), business_id=business, account_id=account.key, item_id=key, date=on, amount=amount,
            kind=kind.value, created_at=self.made_at,
        )  # fmt: skip

    def _balances(self, business: str, accounts: dict[str, _Account]) -> None:
        for account in accounts.values():
            self.accounts.add(
                id=account.key, business_id=business, customer_id=account.customer, currency=_CURRENCY,
                balance=account.balance,
            )  # fmt: skip

    def _sequence(self, business: str, series: str, prefix: str, following: int) -> None:
        self.sequences.add(
            id=self.keys.next(), business_id=business, series=series, prefix=prefix, next_number=following
        )

    def _date(self, day: int) -> str:
        return str(self.first_day + timedelta(days=day))
