"""The tags of documents and payments: a label, a tone and a shape, the same towards customers and staff."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.documents.models import Document, Listed, Status
from portico.domain.payments.models import Payment, State
from portico.lib.l10n import Formatter
from portico.output.wording.states import staff_state_label, state_label
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class Tag:
    """What the `status` macro shows. `tone`: plain, mute, ok, wait, bad. `shape`: the name of a po-shape- class."""

    tone: str
    shape: str
    text: str


def document_tag(row: Document | Listed, today: date, *, under_way: bool = False) -> Tag:
    """Return the tag of a document on the business's day; `under_way` says that a payment is collected for it.

    A past-due one says for how many days; a partly paid one for how much; one that is dated ahead since when it counts.
    """
    if under_way and row.is_owed:
        return plain_tag("processing")
    if row.reads_settled:
        return plain_tag("settled")
    if row.is_owed and row.issued_on > today:
        # It is dated ahead and counts nowhere yet.
        return Tag("mute", "ring", _("From %(date)s") % {"date": reader_formatter().date(row.issued_on)})
    status = row.status(today)
    if status == Status.PAST_DUE and row.deadline is not None:
        days = (today - row.deadline).days
        return Tag("bad", "alert", ngettext("Past due · %(n)s day", "Past due · %(n)s days", days) % {"n": days})
    if status == Status.PARTIALLY_PAID:
        percent = paid_percent(row.payable, row.open_amount)
        return Tag("wait", "half", _("%(percent)s paid") % {"percent": reader_formatter().percent(percent)})
    if status in {Status.ISSUED, Status.VIEWED} and row.deadline == today:
        return Tag("wait", "ring", _("Due today"))
    return plain_tag(status)


def state_of(row: Document | Listed, today: date) -> str:
    """Return the state of a document in one word, as a column of a table has it."""
    return state_label("settled" if row.reads_settled else row.status(today))


def staff_state_of(row: Document | Listed, today: date) -> str:
    """Return the state of a document in one word, as staff read it."""
    return staff_state_label(row.status(today))


def days_late(row: Document | Listed, today: date) -> int | None:
    """Return for how many days a document is past due; None when it is not."""
    late = row.status(today) == Status.PAST_DUE and row.deadline is not None
    return (today - row.deadline).days if late and row.deadline else None


def staff_document_tag(row: Document | Listed, today: date, *, under_way: bool = False) -> Tag:
    """Return the tag of a document for staff: that of `document_tag`, but that they see what customers are not told.

    That is whether an open one has been seen, and that a settled one was written off.
    """
    if row.reads_settled:
        return plain_tag(Status.WRITTEN_OFF)
    tag = document_tag(row, today, under_way=under_way)
    if row.status(today) == Status.VIEWED and tag == plain_tag(Status.VIEWED):
        return Tag(tag.tone, "half", staff_state_label(Status.VIEWED))
    return tag


def payment_tag(row: Payment) -> Tag:
    """Return the tag of a payment: received, partly or wholly refunded, taken back by a bank, voided."""
    if row.state == State.VOIDED:
        return plain_tag("voided")
    if row.disputed:
        return plain_tag("taken_back")
    if row.refunded:
        return plain_tag("refunded" if row.refunded == row.amount else "partially_refunded")
    return plain_tag("succeeded")


def plain_tag(state: str) -> Tag:
    """Return the tag of a state by its name alone."""
    tone, shape = _LOOKS.get(state, ("mute", "square"))
    return Tag(tone, shape, state_label(state))


_LOOKS = {
    "draft": ("mute", "ring"),
    "issued": ("plain", "ring"),
    "viewed": ("plain", "ring"),
    "open": ("plain", "ring"),
    "past_due": ("bad", "alert"),
    "partially_paid": ("wait", "half"),
    "paid": ("ok", "check"),
    "written_off": ("mute", "dash"),
    "settled": ("ok", "check"),
    "voided": ("mute", "dash"),
    "used": ("mute", "check"),
    "approved": ("ok", "check"),
    "declined": ("mute", "dash"),
    "expired": ("mute", "dash"),
    "invoiced": ("ok", "check"),
    "processing": ("wait", "half"),
    "succeeded": ("ok", "check"),
    "refunded": ("mute", "dash"),
    "partially_refunded": ("wait", "half"),
    "taken_back": ("bad", "alert"),
}


def paid_percent(payable: int, open_amount: int) -> Decimal:
    """Return how much is paid, in whole percent: never 0 once something is paid, never 100 while something is open."""
    share = round((payable - open_amount) * 100 / payable)
    return Decimal(min(99, max(1, share)))


def due_label(due_on: date, today: date, fmt: Formatter) -> str:
    """Return `due 12 Nov 2026`, or closer words for today and tomorrow."""
    days = (due_on - today).days
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    return _("due %(date)s") % {"date": fmt.date(due_on)}
