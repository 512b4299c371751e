from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.lock import lock_documents
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Account, Item
from portico.domain.payments.deposits import deposit_due
from portico.domain.payments.disabled import disabled_methods
from portico.domain.payments.errors import MethodDisabled, NotPayable, PaymentInProgress
from portico.domain.payments.gateway import Capabilities
from portico.domain.payments.models import (
    AttemptPurpose,
    AttemptShare,
    GatewayAccount,
    Method,
    MethodState,
    PaymentAttempt,
    PaymentMethod,
)
from portico.domain.payments.queries import active_shares
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Conflict, FieldError, Invalid, NotFound
from portico.lib.ids import uuid7
from portico.lib.money import MAX_AMOUNT, exponent


@dataclass(frozen=True, slots=True)
class ShareInput:
    """How much of an invoice (minor units) is to be paid: with the attempt's money, or from `credit` where given.

    Of a deposit, the `invoice` is the estimate that asks for it.
    """

    invoice: Document
    amount: int
    credit: Item | None = None


@dataclass(frozen=True, slots=True)
class AttemptInput:
    """Money to collect. `advance` (minor units) comes on top of the shares and stays as the customer's credit.

    `submission` names the form or request that asks: the same one sent twice makes one attempt.
    """

    submission: str
    currency: str
    method: Method
    shares: Sequence[ShareInput] = ()
    advance: int = 0
    fee: int = 0
    purpose: AttemptPurpose = AttemptPurpose.INVOICES
    saved_method: PaymentMethod | None = None
    saves_method: bool = False
    enrols_autopay: bool = False
    off_session: bool = False
    receipt_email: str = ""

    @property
    def amount(self) -> int:
        """What is to be collected for the customer's account, in minor units, without the fee."""
        return self.advance + sum(share.amount for share in self.shares if share.credit is None)

    @property
    def charged(self) -> int:
        """What the provider would be asked to collect, in minor units."""
        return self.amount + self.fee


def start_attempt(
    customer: Customer, gateway_account: GatewayAccount, data: AttemptInput, *, by: Actor
) -> PaymentAttempt:
    """Note that money is about to be collected; the provider is asked after the commit, by `ask_provider`.

    An attempt that was started with the same `submission` is returned as it is. Raises Invalid for the input,
    NotPayable for an invoice that asks for no money or an estimate for no such deposit, PaymentInProgress when another
    attempt may still collect for one of them, Conflict for a submission that was used for something else.
    """
    _check(data, gateway_named(gateway_account.gateway).capabilities())
    try:
        return _start(customer, gateway_account, data, by)
    except IntegrityError:
        # Somebody was faster with this submission or one of these invoices: it is found now.
        return _start(customer, gateway_account, data, by)


@transaction.atomic
def _start(customer: Customer, gateway_account: GatewayAccount, data: AttemptInput, by: Actor) -> PaymentAttempt:
    account = lock_account(customer.business_id, customer.pk, data.currency)
    earlier = PaymentAttempt.objects.filter(business_id=customer.business_id, submission=data.submission).first()
    if earlier is not None:
        return _same(earlier, customer, data)
    _check_method(customer, gateway_account, data)
    invoices = lock_documents(account, [share.invoice.pk for share in data.shares])
    _refuse_disabled(customer, invoices.values(), data)
    asked: defaultdict[UUID, int] = defaultdict(int)
    for index, share in enumerate(data.shares):
        asked[share.invoice.pk] += share.amount
        check = _check_deposit if data.purpose == AttemptPurpose.DEPOSIT else _check_share
        check(account, invoices.get(share.invoice.pk, share.invoice), asked[share.invoice.pk], index)
    _check_credits(account, data.shares)
    attempt = PaymentAttempt.objects.create(
        id=uuid7(),
        business_id=customer.business_id,
        customer=customer,
        gateway_account=gateway_account,
        purpose=data.purpose,
        currency=data.currency,
        amount=data.amount,
        fee=data.fee,
        method=data.method,
        saved_method=data.saved_method,
        saves_method=data.saves_method,
        enrols_autopay=data.enrols_autopay,
        off_session=data.off_session,
        receipt_email=data.receipt_email,
        submission=data.submission,
        provider_account=gateway_account.provider_account,
    )
    AttemptShare.objects.bulk_create(
        AttemptShare(attempt=attempt, document=share.invoice, credit=share.credit, amount=share.amount)
        for share in data.shares
    )
    _record(attempt, data, by)
    return attempt


def _record(attempt: PaymentAttempt, data: AttemptInput, by: Actor) -> None:
    record(
        Event.ATTEMPT_STARTED,
        attempt,
        by=by,
        data={
            "currency": data.currency,
            "amount": data.amount,
            "fee": data.fee,
            "invoices": [[share.invoice.number, share.amount] for share in data.shares],
        },
    )


def _same(earlier: PaymentAttempt, customer: Customer, data: AttemptInput) -> PaymentAttempt:
    asked = (customer.pk, data.currency, data.amount, data.fee)
    if (earlier.customer_id, earlier.currency, earlier.amount, earlier.fee) != asked:
        raise Conflict("This form was already sent with other contents. Open it again.", code="submission_used")
    return earlier


def _check(data: AttemptInput, can: Capabilities) -> None:
    exponent(data.currency)
    if data.charged > MAX_AMOUNT:
        message = "The payment is larger than an amount can be."
        raise Invalid(message, code="amount_too_large", fields=[FieldError("/amount", message)])
    fields = []
    if data.amount <= 0:
        fields.append(FieldError("/amount", "The amount to pay must be more than zero."))
    if any(share.amount <= 0 for share in data.shares) or data.advance < 0 or data.fee < 0:
        fields.append(FieldError("/invoices", "Each amount to pay must be more than zero."))
    if data.method not in can.methods or not can.collects:
        fields.append(FieldError("/method", "This way to pay is not offered here."))
    elif not can.takes(data.method, data.currency):
        fields.append(FieldError("/currency", f"{data.currency} can't be paid this way."))
    minimum = can.minimums.get(data.currency, 0)
    if 0 < data.amount < minimum:
        fields.append(FieldError("/amount", "The amount is less than the least that can be paid this way."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)


def _check_method(customer: Customer, gateway_account: GatewayAccount, data: AttemptInput) -> None:
    saved, limits = data.saved_method, gateway_account.methods.get(data.method)
    if not gateway_account.enabled or gateway_account.business_id != customer.business_id or limits is None:
        raise NotFound("This way to pay is not offered here.", code="unknown_gateway")
    if data.currency != customer.business.currency:
        # The business states its limits in its own currency: they say nothing of amounts in another one.
        limits = {}
    most = limits.get("maximum") or data.amount
    if not (limits.get("minimum") or 0) <= data.amount <= most:
        message = "The amount is less or more than can be paid this way."
        raise Invalid(message, code="method_limit", fields=[FieldError("/amount", message)])
    if saved is None:
        return
    known = PaymentMethod.objects.filter(
        pk=saved.pk, customer=customer, gateway_account=gateway_account, state=MethodState.ACTIVE
    )
    if not known.exists():
        message = "There is no such payment method."
        raise NotFound(message, code="unknown_payment_method", fields=[FieldError("/payment_method", message)])


def _refuse_disabled(customer: Customer, documents: Iterable[Document], data: AttemptInput) -> None:
    """Refuse a way to pay that the business has disabled meanwhile for the customer, or for one of the documents."""
    if data.method in disabled_methods(Customer.objects.get(pk=customer.pk), documents):
        message = f"{data.method} is disabled for this customer or one of these invoices."
        place = "/payment_method" if data.saved_method else "/method"
        raise MethodDisabled(message, fields=[FieldError(place, message)])


def _check_credits(account: Account, shares: Sequence[ShareInput]) -> None:
    """Refuse credits that are not the customer's, or that have less left than is wanted of them."""
    wanted: defaultdict[UUID, int] = defaultdict(int)
    for share in shares:
        if share.credit is not None:
            wanted[share.credit.pk] += share.amount
    for key, amount in wanted.items():
        used = AttemptShare.objects.filter(credit=key, active=True).aggregate(sum=Sum("amount", default=0))["sum"]
        item = Item.objects.filter(pk=key, account=account).first()
        if item is None or -item.open - used < amount:
            message = "Less than that is left of a credit."
            raise NotEnough(message, code="credit_exceeded", fields=[FieldError("/credits", message)])


def _check_share(account: Account, invoice: Document, amount: int, index: int) -> None:
    place = f"/invoices/{index}/amount"
    is_payable = invoice.sign > 0 and invoice.lifecycle != Lifecycle.DRAFT
    if invoice.customer_id != account.customer_id or not is_payable:
        message = "There is no such invoice."
        raise NotFound(message, fields=[FieldError(f"/invoices/{index}/invoice", message)])
    if invoice.currency != account.currency:
        message = f"{invoice.number} is in {invoice.currency}; one payment has one currency."
        raise Invalid(message, code="currency_mismatch", fields=[FieldError(f"/invoices/{index}/invoice", message)])
    if invoice.lifecycle == Lifecycle.VOIDED or invoice.open_amount <= 0:
        message = f"{invoice.number} asks for no money any more."
        raise NotPayable(message, fields=[FieldError(place, message)])
    if amount > invoice.open_amount:
        message = f"Less than that is open on {invoice.number}."
        raise Invalid(message, code="amount_exceeds_open", fields=[FieldError(place, message)])
    _refuse_another(invoice, place)


def _check_deposit(account: Account, estimate: Document, amount: int, index: int) -> None:
    place = f"/invoices/{index}/amount"
    if estimate.customer_id != account.customer_id or estimate.currency != account.currency:
        message = "There is no such estimate."
        raise NotFound(message, fields=[FieldError(f"/invoices/{index}/invoice", message)])
    if amount != deposit_due(estimate):
        message = f"{estimate.number} asks for no such deposit."
        raise NotPayable(message, fields=[FieldError(place, message)])
    _refuse_another(estimate, place)


def _refuse_another(document: Document, place: str) -> None:
    if active_shares([document.pk]).exists():
        message = f"A payment of {document.number} is already under way."
        raise PaymentInProgress(message, fields=[FieldError(place, message)])
