from portico.domain.payments.models.attempt import (
    ACTIVE_STATES,
    AttemptPurpose,
    AttemptShare,
    AttemptState,
    PaymentAttempt,
)
from portico.domain.payments.models.autopay import AutoPay
from portico.domain.payments.models.credit_adjustment import CreditAdjustment
from portico.domain.payments.models.dispute import Dispute, DisputeState
from portico.domain.payments.models.gateway_account import GatewayAccount
from portico.domain.payments.models.payment import Method, Payment, State
from portico.domain.payments.models.payment_method import MethodState, PaymentMethod
from portico.domain.payments.models.promise import PROMISE_METHODS, PaymentPromise
from portico.domain.payments.models.refund import ACTIVE_REFUNDS, Refund, RefundState

__all__ = [
    "ACTIVE_REFUNDS",
    "ACTIVE_STATES",
    "PROMISE_METHODS",
    "AttemptPurpose",
    "AttemptShare",
    "AttemptState",
    "AutoPay",
    "CreditAdjustment",
    "Dispute",
    "DisputeState",
    "GatewayAccount",
    "Method",
    "MethodState",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "PaymentPromise",
    "Refund",
    "RefundState",
    "State",
]
