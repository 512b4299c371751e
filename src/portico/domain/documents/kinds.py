"""The kinds of documents, and what the domain knows of each in one table. Labels and URLs are in the front ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from portico.domain.businesses.models import Business
from portico.domain.ledger.models import EntryKind


class Kind(models.TextChoices):
    INVOICE = "invoice"
    ESTIMATE = "estimate"
    CREDIT_NOTE = "credit_note"
    SALES_ORDER = "sales_order"


class Lifecycle(models.TextChoices):
    """What somebody decided about a document. Everything else a status says follows from money and dates."""

    DRAFT = "draft"
    ISSUED = "issued"
    APPROVED = "approved"
    DECLINED = "declined"
    INVOICED = "invoiced"
    VOIDED = "voided"


class Status(models.TextChoices):
    """What a document's state reads as, derived from its lifecycle, its money and the date."""

    DRAFT = "draft"
    ISSUED = "issued"
    VIEWED = "viewed"
    PARTIALLY_PAID = "partially_paid"
    PAST_DUE = "past_due"
    PAID = "paid"
    WRITTEN_OFF = "written_off"
    VOIDED = "voided"
    OPEN = "open"
    USED = "used"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    INVOICED = "invoiced"


@dataclass(frozen=True, slots=True)
class Posting:
    """What an issued document of a kind does in the ledger.

    `sign` is 1 when a positive amount makes the customer owe more, -1 when less; a void posts the amount back.
    """

    sign: int
    entry: EntryKind
    void_entry: EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSpec:
    """One kind: how it is numbered, who sees it, what it does to money, and its possible states.

    `switch` names the field of `Business` that shows the kind to customers; without one it is always shown. `states`
    are in the order of the document's life. `decisions` says from which states each decision can be made.
    """

    number_prefix: str
    states: tuple[Status, ...]
    switch: str = ""
    posting: Posting | None = None
    decisions: Mapping[Lifecycle, frozenset[Status]] = field(default_factory=dict)

    @property
    def sign(self) -> int:
        """1 for what the customer owes, -1 for a credit, 0 when there is no money in it."""
        return self.posting.sign if self.posting else 0

    @property
    def can_expire(self) -> bool:
        """Whether it stops being valid after `expires_on`."""
        return Status.EXPIRED in self.states

    @property
    def can_be_approved(self) -> bool:
        """Whether its customer approves or declines it."""
        return Lifecycle.APPROVED in self.decisions

    @property
    def has_deadline(self) -> bool:
        """Whether its customer is expected to pay or to decide by a day."""
        return self.sign > 0 or self.can_expire

    def is_shown_by(self, business: Business) -> bool:
        """Tell whether a business shows this kind to its customers."""
        return not self.switch or bool(getattr(business, self.switch))


_UNDECIDED = frozenset({Status.ISSUED, Status.VIEWED})

# In the order in which pages list them.
SPECS: dict[str, KindSpec] = {
    Kind.INVOICE: KindSpec(
        number_prefix="INV-",
        posting=Posting(1, EntryKind.INVOICE, EntryKind.INVOICE_VOID),
        states=(
            Status.DRAFT, Status.ISSUED, Status.VIEWED, Status.PARTIALLY_PAID, Status.PAST_DUE, Status.PAID,
            Status.WRITTEN_OFF, Status.VOIDED,
        ),
    ),
    Kind.ESTIMATE: KindSpec(
        number_prefix="EST-",
        states=(
            Status.DRAFT, Status.ISSUED, Status.VIEWED, Status.APPROVED, Status.DECLINED, Status.EXPIRED,
            Status.INVOICED, Status.VOIDED,
        ),
        decisions={
            Lifecycle.APPROVED: _UNDECIDED,
            Lifecycle.DECLINED: _UNDECIDED,
            Lifecycle.INVOICED: frozenset({Status.APPROVED}),
        },
    ),
    Kind.CREDIT_NOTE: KindSpec(
        number_prefix="CN-",
        switch="show_credit_notes",
        posting=Posting(-1, EntryKind.CREDIT_NOTE, EntryKind.CREDIT_NOTE_VOID),
        states=(Status.DRAFT, Status.OPEN, Status.USED, Status.VOIDED),
    ),
    Kind.SALES_ORDER: KindSpec(
        number_prefix="SO-",
        switch="show_sales_orders",
        states=(Status.DRAFT, Status.ISSUED, Status.VIEWED, Status.INVOICED, Status.VOIDED),
        decisions={Lifecycle.INVOICED: _UNDECIDED},
    ),
}  # fmt: skip


def kinds_of_sign(*signs: int) -> list[Kind]:
    """Return the kinds with one of these signs: 1 for what is owed, -1 for credits, 0 for those without money."""
    return [Kind(kind) for kind, spec in SPECS.items() if spec.sign in signs]


def shown_kinds(business: Business) -> list[Kind]:
    """Return the kinds a business shows its customers, in the order in which pages list them."""
    return [Kind(kind) for kind, spec in SPECS.items() if spec.is_shown_by(business)]
