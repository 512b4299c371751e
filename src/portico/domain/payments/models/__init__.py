from portico.domain.payments.models.attempt import (
    ACTIVE_STATES,
    AttemptPurpose,
    AttemptShare,
    AttemptState,
    PaymentAttempt,
)
from portico.domain.payments.models.autopay import AutoPay
from portico.domain.payments.models.gateway_account import GatewayAccount
from portico.domain.payments.models.payment import Method, Payment, Refund, State
from portico.domain.payments.models.payment_method import MethodState, PaymentMethod

__all__ = [
    "ACTIVE_STATES",
    "AttemptPurpose",
    "AttemptShare",
    "AttemptState",
    "AutoPay",
    "GatewayAccount",
    "Method",
    "MethodState",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "Refund",
    "State",
]
