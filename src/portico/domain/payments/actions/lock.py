from portico.domain.ledger.actions.lock import lock_account, lock_rows, refuse_moved
from portico.domain.ledger.models import Account
from portico.domain.payments.models import Payment, PaymentAttempt
from portico.lib.prepared import Prepared, given_key


def lock_payment(payment: Payment) -> tuple[Account, Payment]:
    """Lock a payment for a change, its account first; returns both as they are now."""
    account = lock_account(payment.business_id, payment.customer_id, payment.currency)
    (payment,) = lock_rows(Payment.objects.filter(pk=payment.pk).select_related("customer", "business"))
    refuse_moved(account, payment.customer_id)
    return account, payment


# What `lock_rows` does for one row, compiled once: so wide a query is dear to make (docs/performance.md).
_ATTEMPT = Prepared(
    lambda: (
        PaymentAttempt.objects.filter(pk=given_key("attempt"))
        .select_related("customer", "business", "gateway_account__business", "saved_method")
        .select_for_update(of=("self",))
    )
)


def lock_attempt(attempt: PaymentAttempt) -> tuple[Account, PaymentAttempt]:
    """Lock a payment attempt for a change, its account first; returns both as they are now."""
    account = lock_account(attempt.business_id, attempt.customer_id, attempt.currency)
    (attempt,) = _ATTEMPT(attempt=attempt.pk)
    refuse_moved(account, attempt.customer_id)
    return account, attempt
