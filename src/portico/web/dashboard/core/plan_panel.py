"""What a document's page and a customer's show staff of payment plans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.documents.plans import PlanState
from portico.domain.payments.autopay import autopay_of
from portico.lib.l10n import Formatter, apart
from portico.web.shared.plan_rows import PlanRow, next_message, plan_rows, plan_tag
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class PlanPanel:
    """A plan of an invoice: its instalments, how it stands, who approved it; `mailed_to` is empty without an address.

    `rest_collected` says that AutoPay collects all that is open once the plan is canceled.
    Without a plan the rows are empty, and `url` leads to where one is made.
    """

    url: str
    rows: list[PlanRow]
    tag: Tag | None = None
    message: str = ""
    approval: list[tuple[str, str]] | None = None
    mailed_to: str = ""
    rest_collected: bool = False


@dataclass(frozen=True, slots=True)
class PlanLink:
    """A plan in a customer's page."""

    number: str
    url: str
    tag: Tag
    message: str


def plan_panel(found: Document, plan: PaymentPlan | None, today: date, fmt: Formatter) -> PlanPanel | None:
    """Return the plan of a document that the viewer has fetched; None where there is and can be none."""
    url = reverse("payment_plan", args=[found.public_id]) if found.is_owed else ""
    if plan is None:
        return PlanPanel(url, []) if url else None
    runs = plan.state in (PlanState.AWAITING_APPROVAL, PlanState.ACTIVE)
    messages = [next_message(plan, today, fmt) if plan.state == PlanState.ACTIVE else ""]
    if runs and plan.collects:
        messages.append(_("Each instalment is collected by AutoPay on its day."))
    return PlanPanel(
        url=url,
        rows=plan_rows(plan, today, fmt),
        tag=plan_tag(plan),
        message=" ".join(filter(None, messages)),
        approval=_approval(plan, fmt),
        mailed_to=found.customer.email if runs else "",
        rest_collected=found.business.allow_autopay and autopay_of(found.customer) is not None,
    )


def _approval(plan: PaymentPlan, fmt: Formatter) -> list[tuple[str, str]]:
    given = plan.given_approval
    if given is None:
        return []
    facts = [
        (_("Approved by"), given.name),
        (_("Approved on"), fmt.moment(given.at, plan.business.time_zone)),
        (_("Contact"), given.contact),
        (_("IP address"), given.ip or ""),
        (_("Browser"), given.user_agent),
    ]
    return [(label, apart(value)) for label, value in facts if value]


def plan_links(plans: Iterable[PaymentPlan], today: date, fmt: Formatter) -> list[PlanLink]:
    """Return plans of a customer as its page names them."""
    return [
        PlanLink(
            row.document.number,
            reverse("document", args=[row.document.public_id]),
            plan_tag(row),
            next_message(row, today, fmt) if row.state == PlanState.ACTIVE else "",
        )
        for row in plans
    ]
