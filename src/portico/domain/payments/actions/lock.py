from portico.domain.ledger.actions.lock import lock_account, lock_rows, refuse_moved
from portico.domain.ledger.models import Account
from portico.domain.payments.models import Payment, PaymentAttempt


def lock_payment(payment: Payment) -> tuple[Account, Payment]:
    """Lock a payment for a change, its account first; returns both as they are now."""
    account = lock_account(payment.business_id, payment.customer_id, payment.currency)
    (payment,) = lock_rows(Payment.objects.filter(pk=payment.pk).select_related("customer", "business"))
    refuse_moved(account, payment.customer_id)
    return account, payment


def lock_attempt(attempt: PaymentAttempt) -> tuple[Account, PaymentAttempt]:
    """Lock a payment attempt for a change, its account first; returns both as they are now."""
    account = lock_account(attempt.business_id, attempt.customer_id, attempt.currency)
    rows = PaymentAttempt.objects.filter(pk=attempt.pk)
    rows = rows.select_related("customer", "business", "gateway_account__business", "saved_method")
    (attempt,) = lock_rows(rows)
    refuse_moved(account, attempt.customer_id)
    return account, attempt
