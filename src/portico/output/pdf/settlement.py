"""What has become of a document's amount: how it was paid or used so far, what is left, and how that is called today.

What a document's PDF says of today is here: an amount due, an open credit. Everything else on it never changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils.translation import gettext as _

from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.models import Allocation, Item
from portico.domain.ledger.queries import allocations_of, still_applied
from portico.lib.l10n import Formatter
from portico.output.pdf.sheets import Fact, Total
from portico.output.wording.kinds import numbered_label

# More payments than these are one sum: the sums of a PDF stay together on a page.
_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Settlement:
    """What stands against a document: each credit or debit with the amount and the day it was last applied."""

    document: Document
    parts: tuple[tuple[Item, int, date], ...]

    @classmethod
    def of(cls, document: Document, allocations: Sequence[Allocation] | None = None) -> Self:
        """Return the settlement of a document; asks the ledger only when something of it is settled.

        `allocations` are those of the document, where they are known.
        """
        untouched = not document.sign or document.open_amount == document.payable
        counts = document.lifecycle == Lifecycle.ISSUED
        if untouched or not counts:
            return cls(document, ())
        known = allocations_of(document.pk) if allocations is None else allocations
        return cls(document, tuple(still_applied(document.pk, known)))

    @property
    def last_on(self) -> date | None:
        """The day something was last applied, if anything is."""
        return max((day for _item, _amount, day in self.parts), default=None)

    def headline(self, fmt: Formatter) -> tuple[Fact, str]:
        """Return the answer first: what is due or left, with its date, or the plain total with the day of payment."""
        document = self.document
        if document.is_owed:
            return self._fact(_("Amount due"), document.open_amount, fmt), _due(document, fmt)
        if document.sign and document.lifecycle == Lifecycle.ISSUED and document.open_amount:
            return self._fact(self._credit_label(), abs(document.open_amount), fmt), ""
        return self._fact(_("Total"), document.total, fmt), self._settled_text(fmt)

    def sums(self, fmt: Formatter) -> list[Total]:
        """Return what follows the total: each payment or use, then what is left; nothing when the total says it all."""
        document = self.document
        if not self.parts and document.payable == document.total:
            return []
        counts = document.sign and document.lifecycle == Lifecycle.ISSUED
        left = document.open_amount if counts else document.payable
        return [*self._rows(fmt), Total(self._left_label(), fmt.money(left, document.currency), strong=True)]

    def _rows(self, fmt: Formatter) -> list[Total]:
        sign = 1 if self.document.payable < 0 else -1
        if len(self.parts) > _MOST_ROWS:
            label = _("Paid or credited until %(date)s") % {"date": fmt.date(self.last_on)} if self.last_on else ""
            amount = sum(amount for _item, amount, _day in self.parts)
            return [Total(label, fmt.money(sign * amount, self.document.currency))]
        return [
            Total(_part_label(item, day, fmt), fmt.money(sign * amount, self.document.currency))
            for item, amount, day in self.parts
        ]

    def _left_label(self) -> str:
        document = self.document
        if document.sign < 0 or document.payable < 0:
            return self._credit_label()
        if document.is_owed:
            return _("Amount due")
        return _("Left to pay") if document.lifecycle == Lifecycle.ISSUED else _("Amount billed")

    def _credit_label(self) -> str:
        is_whole = self.document.lifecycle != Lifecycle.ISSUED or self.document.open_amount == self.document.payable
        return _("Credit") if is_whole else _("Credit left")

    def _settled_text(self, fmt: Formatter) -> str:
        document = self.document
        if SPECS[document.kind].can_expire and document.expires_on:
            return _("Valid until %(date)s") % {"date": fmt.date(document.expires_on)}
        if document.sign > 0 and document.lifecycle == Lifecycle.DRAFT:
            return _due(document, fmt)
        return self._paid_text(fmt)

    def _paid_text(self, fmt: Formatter) -> str:
        document, day = self.document, self.last_on
        if document.sign <= 0 or document.open_amount or day is None:
            return ""
        if document.written_off and not document.reads_settled:
            return _("Written off on %(date)s") % {"date": fmt.date(day)}
        if not document.reads_settled and any(item.kind == "payment" for item, _amount, _day in self.parts):
            return _("Paid on %(date)s") % {"date": fmt.date(day)}
        return _("Settled on %(date)s") % {"date": fmt.date(day)}

    def _fact(self, label: str, amount: int, fmt: Formatter) -> Fact:
        return Fact(label, fmt.money(amount, self.document.currency))


def _due(document: Document, fmt: Formatter) -> str:
    return _("Due %(date)s") % {"date": fmt.date(document.due_on)} if document.due_on else ""


def _part_label(item: Item, day: date, fmt: Formatter) -> str:
    if item.kind == "payment":
        return _("Paid on %(date)s") % {"date": fmt.date(day)}
    if item.kind == "write_off":
        return _("Written off on %(date)s") % {"date": fmt.date(day)}
    if item.kind == "settlement":
        return _("Settled on %(date)s") % {"date": fmt.date(day)}
    return numbered_label(item.kind, item.number)
