from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.domain.documents.plan_queries import collected_customers
from portico.domain.payments.models import MethodState, PaymentMethod
from portico.lib.clock import now

# How long before its last day a customer is told that a method expires.
EXPIRES_SOON = timedelta(days=30)


def warn_of_expiry() -> int:
    """Announce the methods of AutoPay, or of payment plans, that expire soon, each once for each last day.

    Returns how many.
    """
    today = now().date()
    used = Q(customer__autopay__enrolled_at__isnull=False) | Q(customer__in=collected_customers())
    rows = PaymentMethod.objects.filter(
        used,
        state=MethodState.ACTIVE,
        is_default=True,
        business__allow_autopay=True,
        expires_on__gte=today,
        expires_on__lte=today + EXPIRES_SOON,
    )
    return sum(_warn(method) for method in rows.exclude(warned_of=F("expires_on")).order_by("id"))


@transaction.atomic
def _warn(method: PaymentMethod) -> bool:
    rows = PaymentMethod.objects.filter(pk=method.pk).filter(Q(warned_of=None) | ~Q(warned_of=method.expires_on))
    if not rows.update(warned_of=method.expires_on):
        return False
    record(Event.PAYMENT_METHOD_EXPIRES, method, by=SYSTEM, data={"name": str(method)})
    return True
