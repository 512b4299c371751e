from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.decide import Evidence
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.actions.settle import follow_plans
from portico.domain.documents.errors import EditedMeanwhile
from portico.domain.documents.models import PaymentPlan, PlanApproval
from portico.domain.documents.plan_queries import plan_of
from portico.domain.documents.plans import PlanState


@transaction.atomic
def approve_plan(plan: PaymentPlan, evidence: Evidence, *, by: Actor) -> PaymentPlan:
    """Agree, as its customer, to pay an invoice by this plan, and keep the evidence. Again changes nothing.

    Raises EditedMeanwhile for a plan that was changed or canceled since it was looked at, or whose invoice is paid.
    """
    _account, invoice = lock_document(plan.document)
    current = plan_of(invoice)
    if current is None or current.pk != plan.pk or current.state == PlanState.FINISHED:
        raise EditedMeanwhile("The payment plan was changed in the meantime. Look at it again.")
    if current.state == PlanState.ACTIVE:
        return current
    PlanApproval.objects.create(
        plan=current,
        name=(evidence.name or by.label)[:200],
        actor_kind=by.kind,
        actor_id=by.id,
        contact=evidence.contact[:255],
        link=evidence.link,
        ip=by.ip,
        user_agent=evidence.user_agent[:500],
    )
    follow_plans([invoice.pk])
    approved = plan_of(invoice)
    assert approved is not None, "it was approved just now"
    # Staff who follow the invoice are told; the customer knows.
    data = approved.facts | {"name": evidence.name or by.label}
    record(Event.PLAN_APPROVED, approved, by=by, data=data)
    return approved
