"""What of a payment can be given back, and whether a form asked for it before. The caller holds the payment's lock."""

from portico.domain.documents.errors import WrongState
from portico.domain.ledger.errors import NotEnough
from portico.domain.payments.models import ACTIVE_REFUNDS, Payment, PaymentAttempt, Refund, State
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Conflict, FieldError, Invalid


def sent_before(payment: Payment, amount: int, submission: str) -> Refund | None:
    """Return the refund that the same form made before. Raises Conflict when it was another one."""
    # Said as the partial unique index says it, or SQLite would not use it.
    rows = Refund.objects.filter(business_id=payment.business_id, submission=submission).exclude(submission="")
    earlier = rows.select_related("payment", "gateway_account__business").first()
    if earlier is not None and (earlier.payment_id, earlier.amount) != (payment.pk, amount):
        raise Conflict("This form was already sent with other contents. Open it again.", code="submission_used")
    return earlier


def refuse_too_much(payment: Payment, amount: int) -> None:
    """Raise unless a payment stands and `amount` (minor units) of it is left, refunds under way left out."""
    if payment.state != State.SUCCEEDED:
        raise WrongState(f"{payment} is {payment.state}, so there is nothing to refund.")
    if amount <= 0:
        message = "A refund is more than zero."
        raise Invalid(message, fields=[FieldError("/amount", message)])
    under_way = payment.refunds.filter(state__in=ACTIVE_REFUNDS).values_list("amount", flat=True)
    if amount > payment.kept - sum(under_way):
        message = f"Less than that is left of {payment}."
        raise NotEnough(message, code="refund_exceeds_payment", fields=[FieldError("/amount", message)])


def collected_by(payment: Payment) -> PaymentAttempt | None:
    """Return the attempt that collected a payment, when its provider can give the money back."""
    attempt = PaymentAttempt.objects.filter(payment=payment).select_related("gateway_account__business").first()
    if attempt is None or not attempt.provider_id:
        return None
    return attempt if gateway_named(attempt.gateway_account.gateway).capabilities().refunds else None
