"""How a state reads: a word, a tone and a shape. The words towards customers and towards staff are the same."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    if status == "issued" and due_on is not None and due_on == today:
        return Tag("wait", "ring", _("Due today"))
    return plain_tag(status)


def plain_tag(status: str) -> Tag:
    """Return the tag of a status by its name alone; a name without a word of its own reads as it is."""
    tags = {
        "draft": Tag("mute", "ring", _("Draft")),
        "issued": Tag("plain", "ring", _("Open")),
        "viewed": Tag("plain", "ring", _("Open")),
        "open": Tag("plain", "ring", _("Open")),
        "past_due": Tag("bad", "alert", _("Past due")),
        "partially_paid": Tag("wait", "half", _("Partly paid")),
        "paid": Tag("ok", "check", _("Paid")),
        "written_off": Tag("mute", "dash", _("Written off")),
        "voided": Tag("mute", "dash", _("Voided")),
        "used": Tag("mute", "check", _("Used")),
        "approved": Tag("ok", "check", _("Approved")),
        "declined": Tag("mute", "dash", _("Declined")),
        "expired": Tag("mute", "dash", _("Expired")),
        "invoiced": Tag("ok", "check", _("Invoiced")),
        "succeeded": Tag("ok", "check", _("Received")),
        "refunded": Tag("mute", "dash", _("Refunded")),
        "partially_refunded": Tag("wait", "half", _("Partly refunded")),
    }
    return tags.get(status) or Tag("mute", "square", status)


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
