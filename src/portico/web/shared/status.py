"""How a state reads: a word, a tone and a shape. The words towards customers and towards staff are the same."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portico.lib.l10n import Formatter


@dataclass(frozen=True, slots=True)
class Tag:
    """What the `status` macro shows. `tone`: plain, mute, ok, wait, bad. `shape`: the name of a po-shape- class."""

    tone: str
    shape: str
    text: str


def document_tag(status: str, *, today: date, due_on: date | None, payable: int, open_amount: int) -> Tag:
    """Return the tag of a document's derived status.

    A past-due one says for how many days; a partly paid one for how much.
    """
    if status == "past_due" and due_on is not None:
        days = (today - due_on).days
        return Tag("bad", "alert", ngettext("Past due · %(n)s day", "Past due · %(n)s days", days) % {"n": days})
    if status == "partially_paid":
        return Tag("wait", "half", _("%(percent)s %% paid") % {"percent": paid_percent(payable, open_amount)})
    if status in {"issued", "viewed"} and due_on == today:
        return Tag("wait", "ring", _("Due today"))
    return plain_tag(status)


def plain_tag(status: str) -> Tag:
    """Return the tag of a status by its name alone; a name without a word of its own reads as it is."""
    tone, shape, text = _TAGS.get(status, ("mute", "square", status))
    return Tag(tone, shape, _(text))


_TAGS = {
    "draft": ("mute", "ring", gettext_noop("Draft")),
    "issued": ("plain", "ring", gettext_noop("Open")),
    "viewed": ("plain", "ring", gettext_noop("Open")),
    "open": ("plain", "ring", gettext_noop("Open")),
    "past_due": ("bad", "alert", gettext_noop("Past due")),
    "partially_paid": ("wait", "half", gettext_noop("Partly paid")),
    "paid": ("ok", "check", gettext_noop("Paid")),
    "written_off": ("mute", "dash", gettext_noop("Written off")),
    "voided": ("mute", "dash", gettext_noop("Voided")),
    "used": ("mute", "check", gettext_noop("Used")),
    "approved": ("ok", "check", gettext_noop("Approved")),
    "declined": ("mute", "dash", gettext_noop("Declined")),
    "expired": ("mute", "dash", gettext_noop("Expired")),
    "invoiced": ("ok", "check", gettext_noop("Invoiced")),
    "processing": ("wait", "half", gettext_noop("Processing")),
    "succeeded": ("ok", "check", gettext_noop("Received")),
    "refunded": ("mute", "dash", gettext_noop("Refunded")),
    "partially_refunded": ("wait", "half", gettext_noop("Partly refunded")),
}


def paid_percent(payable: int, open_amount: int) -> int:
    """Return how much is paid, in whole percent: never 0 once something is paid, never 100 while something is open."""
    share = round((payable - open_amount) * 100 / payable)
    return min(99, max(1, share))


def due_words(due_on: date, today: date, fmt: Formatter) -> str:
    """Return `due 12 Nov 2026`, or closer words for today and tomorrow."""
    days = (due_on - today).days
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    return _("due %(date)s") % {"date": fmt.date(due_on)}
