"""The mail that brings a payment plan to its customer."""

from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.models import PaymentPlan
from portico.domain.documents.plans import PlanState
from portico.output.mail.actions.send import send
from portico.output.mail.plan_email import PlanOffered


def mail_plan(asked: Activity) -> None:
    """Mail a plan to its customer as it is now; one that was changed, canceled or paid since is not mailed."""
    rows = PaymentPlan.objects.select_related("document__business", "document__customer__business", "approval")
    plan = rows.prefetch_related("instalments").get(pk=asked.subject_id)
    invoice, customer = plan.document, plan.document.customer
    by = Actor(asked.actor_kind, asked.actor_id, asked.actor_label)

    def write() -> PlanOffered:
        _grant, secret = link_to(customer, invoice.ref, by=by)
        return PlanOffered(
            number=invoice.number,
            currency=invoice.currency,
            instalments=[(part.due_on, part.left) for part in plan.parts if part.left],
            awaits_approval=plan.state == PlanState.AWAITING_APPROVAL,
            url=link_url(invoice.business, secret),
        )

    runs = plan.state in (PlanState.AWAITING_APPROVAL, PlanState.ACTIVE)
    if runs and invoice.business.portal_enabled and customer.email and may_have_link(invoice):
        send(PlanOffered, write, about=asked, to=customer.email, business=invoice.business, customer=customer)
