"""The payment plan of an invoice, as its customer reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document, Listed, PaymentPlan
from portico.domain.documents.plan_queries import plans_of
from portico.domain.documents.plans import PlanState
from portico.lib.l10n import Formatter
from portico.web.portal.core.existing import existing
from portico.web.portal.core.urls import item_url
from portico.web.shared.memo import memoized
from portico.web.shared.plan_rows import PlanRow, next_message, plan_rows, plan_tag
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class PlannedInvoice:
    """A plan that awaits an approval or runs: its instalments, and in one sentence what is to be done next.

    `url` leads to its page, where it is approved while it `awaits` that.
    """

    number: str
    rows: list[PlanRow]
    tag: Tag
    message: str
    awaits: bool
    url: str


# What happens to a plan and to its invoice's money moves the customer's revision.
@memoized
def plans(viewer: CustomerViewer) -> dict[UUID, PaymentPlan]:
    """Return the plans of the viewer's invoices that await an approval or run, by invoice."""
    return {row.document_id: row for row in plans_of(viewer)} if existing(viewer).plans else {}


def amounts_asked(viewer: CustomerViewer, rows: Iterable[Document | Listed]) -> dict[UUID, int]:
    """Return what those of these invoices that have a running plan ask for now, in minor units: less than is open."""
    keys = {row.id for row in rows if row.instalment_due_on}
    if not keys:
        return {}
    today = viewer.business.today()
    return {key: plan.asked(today) for key, plan in plans(viewer).items() if key in keys}


def planned(viewer: CustomerViewer, invoice: Document, fmt: Formatter) -> PlannedInvoice | None:
    """Return the plan of an invoice; None where it has none."""
    plan = plans(viewer).get(invoice.pk)
    return planned_invoice(viewer, plan, fmt) if plan else None


def planned_invoice(viewer: CustomerViewer, plan: PaymentPlan, fmt: Formatter) -> PlannedInvoice:
    """Return a plan of the viewer's as pages show it."""
    today = viewer.business.today()
    awaits = plan.state == PlanState.AWAITING_APPROVAL
    message = _("You can pay it in instalments. Please look at the plan and approve it.")
    return PlannedInvoice(
        number=plan.document.number,
        rows=plan_rows(plan, today, fmt),
        tag=plan_tag(plan),
        message=message if awaits else next_message(plan, today, fmt),
        awaits=awaits,
        url=item_url("payment_plan", plan.document.public_id),
    )
