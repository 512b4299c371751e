from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import models

from portico.domain.documents.dated import DatedManager, dated
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.kinds import SPECS, Kind, Lifecycle, Status
from portico.domain.documents.number_sequences import Sequence
from portico.domain.documents.plans import Instalment, PaymentPlan, PlanApproval
from portico.domain.ledger.past_due import days_past_due
from portico.domain.search.models import FoundAs, Group
from portico.lib.columns import ExactDecimalField, KeyField, MomentField, OptionalDecimalField
from portico.lib.folding import amount_word, words
from portico.lib.ids import Ref, public_id

__all__ = [
    "Decision",
    "Document",
    "Instalment",
    "Kind",
    "Lifecycle",
    "Line",
    "Listed",
    "PaymentPlan",
    "PlanApproval",
    "Sequence",
    "Status",
    "WriteOff",
]


class Document(models.Model):
    """An invoice, estimate, credit note or sales order. Amounts are minor units of `currency`.

    `total = subtotal - discount_total + charge_total + tax_total` (without the tax when prices include it), and
    `payable = total - prepaid + rounding` is what goes to the ledger; an invoice may be negative, which makes it a
    credit. `open_amount` caches what the ledger says is left of it, counted in the document's own direction.
    `instalment_due_on` caches when the next instalment is due by the payment plan in force; it is empty without one.
    `written_off` is what is not expected any more; when `write_off_hidden`, its customer reads that it is settled.
    `needs_attention` says that the customer awaits an answer about it.
    `edition` counts the changes of a draft and of an estimate, as a decision is about one of them; `estimate` is what
    an invoice was converted from. `particulars` holds what has no column of its own: several `notes`, the
    `payment_means`, the `profile` and `process` of a file, and the `warnings` its import gave.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="documents"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=100, blank=True)
    external_id = models.CharField(max_length=255, blank=True)
    lifecycle = models.CharField(max_length=10, choices=Lifecycle.choices, default=Lifecycle.DRAFT)
    type_code = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    instalment_due_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    voided_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)

    prices_include_tax = models.BooleanField(default=False)
    subtotal = models.BigIntegerField(default=0)
    discount_total = models.BigIntegerField(default=0)
    charge_total = models.BigIntegerField(default=0)
    tax_total = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    prepaid = models.BigIntegerField(default=0)
    rounding = models.BigIntegerField(default=0)
    payable = models.BigIntegerField(default=0)
    open_amount = models.BigIntegerField(default=0)
    written_off = models.BigIntegerField(default=0)
    write_off_hidden = models.BooleanField(default=False)
    deposit_amount = models.BigIntegerField(null=True)
    deposit_percent = OptionalDecimalField()

    edition = models.PositiveIntegerField(default=1)
    estimate = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="invoice")
    first_viewed_at = models.DateTimeField(null=True)
    needs_attention = models.BooleanField(default=False)
    reminders_stopped = models.BooleanField(default=False)
    notes = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    payment_means = models.TextField(blank=True)
    buyer_reference = models.CharField(max_length=255, blank=True)
    purchase_order = models.CharField(max_length=255, blank=True)
    contract_reference = models.CharField(max_length=255, blank=True)
    project_reference = models.CharField(max_length=255, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    delivered_to = models.JSONField(default=dict, blank=True)
    seller = models.JSONField(default=dict, blank=True)
    buyer = models.JSONField(default=dict, blank=True)
    references = models.JSONField(default=list, blank=True)
    allowances = models.JSONField(default=list, blank=True)
    breakdown = models.JSONField(default=list, blank=True)

    # Ways to pay that are not offered for it, by the names of `payments.models.Method`.
    disabled_methods = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=20, blank=True)
    source_checksum = models.CharField(max_length=64, blank=True)
    particulars = models.JSONField(default=dict, blank=True)
    created_at = MomentField()
    updated_at = MomentField()

    objects = DatedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["business", "kind", "number"], condition=~models.Q(number=""), name="document_number_once"
            ),
            models.UniqueConstraint(
                fields=["business", "kind", "external_id"],
                condition=~models.Q(external_id="") & ~models.Q(lifecycle="voided"),
                name="document_external_id_used",
            ),
            models.CheckConstraint(
                condition=models.Q(deposit_amount=None) | models.Q(deposit_amount__gt=0, deposit_percent=None),
                name="document_one_deposit",
            ),
        ]
        indexes: ClassVar = [
            # A query for a customer's rows also names the business; without it here, SQLite, which keeps no
            # statistics, takes the business's index instead and reads every customer's.
            models.Index(
                fields=["customer", "business", "kind", "-issued_on", "-id", "lifecycle"], name="documents_of_customer"
            ),
            models.Index(fields=["business", "kind", "-issued_on", "-id"], name="documents_of_business"),
            models.Index(
                fields=["customer", "business", "kind", "due_on"],
                condition=~models.Q(open_amount=0),
                name="open_docs_of_customer",
            ),
            models.Index(
                fields=["business", "kind", "due_on"], condition=~models.Q(open_amount=0), name="open_docs_of_business"
            ),
            models.Index(
                fields=["business", "kind", "-issued_on", "-id"],
                condition=models.Q(needs_attention=True),
                name="docs_needing_attention",
            ),
            models.Index(
                fields=["business", "kind", "external_id"],
                condition=~models.Q(external_id="") & models.Q(lifecycle="voided"),
                name="voided_docs_by_external_id",
            ),
            models.Index(fields=["business", "kind", "updated_at", "id"], name="documents_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def save(self, **options: Any) -> None:
        """Save, and say when."""
        super().save(**dated(self, options))

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.id)

    @property
    def public_id(self) -> str:
        return public_id(self.kind, self.id)

    def found_as(self) -> FoundAs:
        """The words it is found by: its number, title and references, and what it comes to."""
        texts = (self.number, self.external_id, self.title, self.purchase_order, self.buyer_reference)
        found = words(*texts, self.contract_reference, self.project_reference)
        return FoundAs(self.business_id, Group.DOCUMENTS, self.id, found | {amount_word(self.payable, self.currency)})

    @property
    def sign(self) -> int:
        """1 when the customer owes more by a positive document of this kind, -1 when less, 0 when it is no money."""
        return SPECS[self.kind].sign

    @property
    def deposit(self) -> int:
        """What an estimate asks for in advance once it is approved, in minor units; 0 for nothing."""
        asked = Deposit(percent=self.deposit_percent, amount=self.deposit_amount).of(self.payable)
        return max(0, min(asked, self.payable))

    @property
    def is_owed(self) -> bool:
        """Whether the customer is asked for money on this: on an issued invoice with something open."""
        return _is_owed(self)

    @property
    def reads_settled(self) -> bool:
        """Whether a customer reads that it is settled: it was written off without telling them."""
        return self.written_off > 0 and self.write_off_hidden and self.open_amount == 0

    @property
    def deadline(self) -> date | None:
        """The day by which it, or its next instalment, is to be paid, or it is decided on, if there is one."""
        return _deadline(self)

    def status(self, today: date) -> Status:
        """Return what the state reads as on the business's `today`."""
        return _status(self, today)


class Listed(NamedTuple):
    """A document as a list shows it: a row of the model costs more than all the rest of a list's row."""

    id: UUID
    kind: str
    number: str
    lifecycle: str
    issued_on: date
    due_on: date | None
    instalment_due_on: date | None
    expires_on: date | None
    currency: str
    payable: int
    open_amount: int
    written_off: int
    first_viewed_at: datetime | None
    purchase_order: str
    write_off_hidden: bool = False

    @property
    def public_id(self) -> str:
        return public_id(self.kind, self.id)

    @property
    def sign(self) -> int:
        """As a document's."""
        return SPECS[self.kind].sign

    @property
    def is_owed(self) -> bool:
        """As a document's."""
        return _is_owed(self)

    @property
    def reads_settled(self) -> bool:
        """As a document's."""
        return self.written_off > 0 and self.write_off_hidden and self.open_amount == 0

    @property
    def deadline(self) -> date | None:
        """As a document's."""
        return _deadline(self)

    def status(self, today: date) -> Status:
        """Return what the state reads as on the business's `today`."""
        return _status(self, today)


def _is_owed(row: Document | Listed) -> bool:
    return row.sign > 0 and row.lifecycle == Lifecycle.ISSUED and row.open_amount > 0


def _deadline(row: Document | Listed) -> date | None:
    return row.expires_on if SPECS[row.kind].can_expire else row.instalment_due_on or row.due_on


def _status(row: Document | Listed, today: date) -> Status:
    if row.lifecycle in _DECIDED:
        return Status(row.lifecycle)
    spec = SPECS[row.kind]
    if spec.sign < 0:
        return Status.OPEN if row.open_amount else Status.USED
    if spec.sign > 0:
        return _invoice_status(row, today)
    if spec.can_expire and row.expires_on is not None and row.expires_on < today:
        return Status.EXPIRED
    return Status.VIEWED if row.first_viewed_at else Status.ISSUED


def _invoice_status(row: Document | Listed, today: date) -> Status:
    if row.open_amount == 0:
        return Status.WRITTEN_OFF if row.written_off else Status.PAID
    if days_past_due(row.open_amount, _deadline(row), today):
        return Status.PAST_DUE
    if row.open_amount != row.payable:
        return Status.PARTIALLY_PAID
    return Status.VIEWED if row.first_viewed_at else Status.ISSUED


_DECIDED = frozenset({Lifecycle.DRAFT, Lifecycle.APPROVED, Lifecycle.DECLINED, Lifecycle.INVOICED, Lifecycle.VOIDED})


class Line(models.Model):
    """One line of a document. `amount` is what it adds to the subtotal, after its own discount; minor units.

    `particulars` holds what has no column of its own: the percentage of its discount, and what a file says besides.
    """

    id = KeyField()
    document = models.ForeignKey(Document, on_delete=models.CASCADE, db_index=False, related_name="lines")
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=60, blank=True)
    description = models.TextField()
    details = models.TextField(blank=True)
    item_number = models.CharField(max_length=120, blank=True)
    quantity = ExactDecimalField()
    unit = models.CharField(max_length=20, blank=True)
    unit_price = ExactDecimalField()
    base_quantity = ExactDecimalField(default=Decimal(1))
    gross = models.BigIntegerField()
    discount = models.BigIntegerField(default=0)
    amount = models.BigIntegerField()
    tax_rate = OptionalDecimalField()
    tax_category = models.CharField(max_length=5, blank=True)
    tax = models.BigIntegerField(default=0)
    exemption_reason = models.TextField(blank=True)
    exemption_code = models.CharField(max_length=30, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    particulars = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "position"], name="line_position_once")]

    def __str__(self) -> str:
        return self.description


class Decision(models.Model):
    """That an estimate was approved or declined, with the evidence: by whom, when, from where, and on which file.

    Rows are only added. `edition` is the document's own when it was decided on: an edit asks for another decision.
    `name` is what was typed or named; `contact` and `link` say whose session it was, where there was one; `note` is the
    reason, or how staff know. `pdf_sha256` is of the PDF as approved, which is kept with the document's files.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, db_index=False, related_name="decisions")
    edition = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Lifecycle.choices)
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40, blank=True)
    contact = models.CharField(max_length=255, blank=True)
    link = models.CharField(max_length=40, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=500, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "edition"], name="document_edition_decided_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.outcome}"


class WriteOffKind(models.TextChoices):
    """Why something is not expected any more. Only what is uncollectible makes an invoice read as written off."""

    UNCOLLECTIBLE = "uncollectible"
    DIFFERENCE = "difference"
    BANK_FEE = "bank_fee"


class WriteOff(models.Model):
    """What a business stopped expecting of an invoice, on a day. Of a `hidden` one the customer reads "settled"."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="write_offs")
    kind = models.CharField(max_length=15, choices=WriteOffKind.choices, default=WriteOffKind.UNCOLLECTIBLE)
    amount = models.BigIntegerField()
    written_off_on = models.DateField()
    reason = models.CharField(max_length=255, blank=True)
    hidden = models.BooleanField(default=False)
    reversed_on = models.DateField(null=True)
    created_at = MomentField()

    def __str__(self) -> str:
        return f"write-off of {self.document}"

    @property
    def ref(self) -> Ref:
        """What it is in the ledger, which is what the customer reads: a write-off, or that the invoice is settled."""
        return Ref("settlement" if self.hidden else "write_off", self.id)
