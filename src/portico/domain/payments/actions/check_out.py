from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_shares
from portico.domain.documents.models import Document
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.models import Item
from portico.domain.payments.actions.plan_checkout import Checkout, Plan, plan_of
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.minimums import least_advance, least_of
from portico.domain.payments.models import AttemptPurpose, PaymentAttempt
from portico.domain.payments.offered import Offer
from portico.lib.errors import Conflict, FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Payer:
    """How a customer pays: the way to pay, whether it is kept and used by AutoPay, where the receipt goes.

    `submission` names the form.
    """

    offer: Offer
    submission: str
    saves_method: bool = False
    enrols_autopay: bool = False
    receipt_email: str = ""


def check_out(customer: Customer, checkout: Checkout, payer: Payer | None, *, by: Actor) -> PaymentAttempt | None:
    """Do what a customer chose on the pay page: begin to collect the money, or apply credits where they cover it all.

    Returns the attempt, which the provider is still to be asked about, or None when no money is needed. Raises Invalid
    for what the business's rules do not allow, besides what `start_attempt` raises.
    """
    plan = plan_of(checkout)
    _refuse(customer, checkout, plan)
    if plan.money == 0:
        _apply_credits(customer, checkout, plan, by)
        return None
    if payer is None:
        message = "Choose how to pay."
        raise Invalid(message, code="method_missing", fields=[FieldError("/method", message)])
    offer = payer.offer
    data = AttemptInput(
        submission=payer.submission,
        currency=checkout.currency,
        method=offer.method,
        shares=plan.shares,
        advance=checkout.advance,
        fee=offer.fee_on(plan.money),
        purpose=_purpose(checkout),
        saved_method=offer.saved,
        saves_method=payer.saves_method and offer.saves,
        enrols_autopay=payer.enrols_autopay and customer.business.allow_autopay and offer.can_be_charged_again,
        receipt_email=payer.receipt_email,
    )
    return start_attempt(customer, offer.account, data, by=by)


def _purpose(checkout: Checkout) -> AttemptPurpose:
    if checkout.deposit:
        return AttemptPurpose.DEPOSIT
    return AttemptPurpose.INVOICES if checkout.parts else AttemptPurpose.ADVANCE


def _refuse(customer: Customer, checkout: Checkout, plan: Plan) -> None:
    business, fields = customer.business, []
    for index, part in enumerate(() if checkout.deposit else checkout.parts):
        least = least_of(business, part.invoice)
        if part.amount < least:
            message = f"Pay at least {least} {part.invoice.currency} (minor units) of {part.invoice.number}."
            fields.append(FieldError(f"/invoices/{index}/amount", message))
    if checkout.advance and not business.allow_advance_payments:
        fields.append(FieldError("/advance", "This business takes no payments in advance."))
    elif checkout.advance and checkout.advance < least_advance(business, checkout.currency):
        fields.append(FieldError("/advance", "The amount is less than the least this business takes."))
    if checkout.credits and not business.allow_credits:
        fields.append(FieldError("/credits", "Credits are applied by the business."))
    if plan.total <= 0:
        fields.append(FieldError("/amount", "The amount to pay must be more than zero."))
    if fields:
        raise Invalid(fields[0].message, code="below_minimum" if plan.total > 0 else "invalid", fields=fields)


@transaction.atomic
def _apply_credits(customer: Customer, checkout: Checkout, plan: Plan, by: Actor) -> None:
    """Put credits against invoices, all or nothing. Refuses when an invoice is not as it was when this was chosen."""
    account = lock_account(customer.business_id, customer.pk, checkout.currency)
    seen = {part.invoice.pk: part.invoice.open_amount for part in checkout.parts}
    now_open = Document.objects.filter(pk__in=seen).values_list("pk", "open_amount")
    if dict(now_open) != seen:
        raise Conflict("What is open has changed in the meantime.", code="changed_meanwhile")
    for credit in dict.fromkeys(share.credit for share in plan.shares):
        if credit is not None:
            item = Item.objects.get(pk=credit.pk, account=account)
            shares = [Share(share.invoice, share.amount) for share in _of(credit, plan.shares)]
            apply_shares(account, item, shares, on=customer.business.today())
    data = {
        "currency": checkout.currency,
        "amount": plan.credit,
        "invoices": [[part.invoice.number, part.amount] for part in checkout.parts],
    }
    record(Event.CREDITS_APPLIED, customer, by=by, data=data)


def _of(credit: Item, shares: Sequence[ShareInput]) -> list[ShareInput]:
    return [share for share in shares if share.credit is not None and share.credit.pk == credit.pk]
