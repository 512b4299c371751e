"""A customer enrols in AutoPay and leaves it, and how long its invoices wait."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.models import PaymentPlan
from portico.domain.documents.plan_queries import collecting
from portico.domain.ledger.actions.lock import lock_accounts_of
from portico.domain.payments.autopay import default_method
from portico.domain.payments.models import AutoPay
from portico.domain.payments.models.autopay import MOST_DELAY_DAYS
from portico.lib.clock import now
from portico.lib.errors import Conflict, FieldError, Invalid


@transaction.atomic
def enrol(customer: Customer, *, by: Actor) -> AutoPay:
    """Collect the customer's invoices from now on by its default method. Enrolling again changes nothing.

    Raises Conflict where the business offers no AutoPay, and while there is no method to charge.
    """
    autopay = _locked(customer)
    if autopay.enrolled_at is not None:
        return autopay
    if not autopay.business.allow_autopay:
        raise Conflict("This business offers no AutoPay.", code="autopay_off")
    method = default_method(customer)
    if method is None:
        raise Conflict("There is no payment method to charge. Add one first.", code="no_payment_method")
    autopay.enrolled_at = now()
    autopay.save(update_fields=["enrolled_at"])
    record(Event.AUTOPAY_ENROLLED, autopay.customer, by=by, data={"name": str(method)})
    return autopay


@transaction.atomic
def leave(customer: Customer, *, by: Actor) -> None:
    """Collect none of the customer's invoices any more, not those that are open or have a payment plan either.

    Also of who is not enrolled, and has agreed to plans that collect. What a provider was asked for already is still
    collected. Leaving again changes nothing.
    """
    # A change of a plan holds its account before it comes to the customer.
    lock_accounts_of(customer.pk)
    autopay = _locked(customer)
    was_on = autopay.enrolled_at is not None or bool(collecting(customer))
    stopped = PaymentPlan.objects.filter(customer=customer, ended_at=None, collects=True).update(collects=False)
    if autopay.enrolled_at is not None:
        autopay.enrolled_at = None
        autopay.save(update_fields=["enrolled_at"])
    if was_on or stopped:
        # Where nothing was collected there is nothing to tell the customer.
        record(Event.AUTOPAY_LEFT, autopay.customer, by=by, announce=was_on)


@transaction.atomic
def change_delay(customer: Customer, days: int | None, *, by: Actor) -> AutoPay:
    """Let the customer's invoices wait so many days; None for as many as the business says. Raises Invalid."""
    if days is not None and not 0 <= days <= MOST_DELAY_DAYS:
        message = f"An invoice waits 0 to {MOST_DELAY_DAYS} days."
        raise Invalid(message, fields=[FieldError("/delay_days", message)])
    autopay = _locked(customer)
    if autopay.delay_days != days:
        before, autopay.delay_days = autopay.delay_days, days
        autopay.save(update_fields=["delay_days"])
        record(Event.AUTOPAY_CHANGED, autopay.customer, by=by, data={"before": before, "after": days})
    return autopay


def _locked(customer: Customer) -> AutoPay:
    """Return the customer's row, made on first use; the customer's own row is the lock."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    AutoPay.objects.get_or_create(customer=customer, defaults={"business_id": customer.business_id})
    return AutoPay.objects.select_related("business", "customer__business").get(customer=customer)
