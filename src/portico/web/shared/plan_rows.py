"""The instalments of a payment plan, as customers and staff read them."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portico.domain.documents.models import PaymentPlan
from portico.domain.documents.plans import Part, PartState, PlanState
from portico.lib.l10n import Formatter
from portico.output.wording.states import state_label
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An instalment: its day and amount, and what is left of one that is paid in part."""

    date: str
    amount: str
    left: str
    tag: Tag


def plan_rows(plan: PaymentPlan, today: date, fmt: Formatter) -> list[PlanRow]:
    """Return the instalments of a plan in their order."""
    currency, next_part = plan.document.currency, plan.next_part
    return [
        PlanRow(
            date=fmt.date(part.due_on),
            amount=fmt.money(part.amount, currency),
            left=_("%(amount)s left") % {"amount": fmt.money(part.left, currency)}
            if 0 < part.left != part.amount
            else "",
            tag=part_tag(part, today, is_next=part == next_part),
        )
        for part in plan.parts
    ]


def part_tag(part: Part, today: date, *, is_next: bool = False) -> Tag:
    """Return the tag of an instalment on the business's day."""
    state = part.state(today)
    if state == PartState.UPCOMING and is_next:
        return Tag("plain", "half", _("Next"))
    tone, shape = _PARTS[state]
    return Tag(tone, shape, state_label(f"instalment_{state}"))


def plan_tag(plan: PaymentPlan) -> Tag:
    """Return the tag of a plan."""
    tone, shape = _PLANS[plan.state]
    return Tag(tone, shape, state_label(f"plan_{plan.state}"))


def next_message(plan: PaymentPlan, today: date, fmt: Formatter) -> str:
    """Say what is to be paid next, and what was missed; empty when nothing is left."""
    part, currency = plan.next_part, plan.document.currency
    if part is None:
        return ""
    missed = sum(row.left for row in plan.parts if row.state(today) == PartState.MISSED)
    values = {"amount": fmt.money(missed or part.left, currency), "date": fmt.date(part.due_on)}
    if missed:
        return _("%(amount)s of the payment plan is past due since %(date)s.") % values
    if part.due_on == today:
        return _("Next instalment: %(amount)s, due today.") % values
    return _("Next instalment: %(amount)s on %(date)s.") % values


_PARTS = {
    PartState.PAID: ("ok", "check"),
    PartState.MISSED: ("bad", "alert"),
    PartState.DUE: ("wait", "ring"),
    PartState.UPCOMING: ("mute", "ring"),
}
_PLANS = {
    PlanState.AWAITING_APPROVAL: ("wait", "clock"),
    PlanState.ACTIVE: ("plain", "half"),
    PlanState.FINISHED: ("ok", "check"),
    PlanState.CANCELED: ("mute", "dash"),
}
