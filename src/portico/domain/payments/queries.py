"""What a viewer may see of payments and of what they are made with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django_stubs_ext import WithAnnotations

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.kinds import shown_kinds
from portico.domain.documents.models import Document, Kind
from portico.domain.ledger.models import Item
from portico.domain.ledger.queries import accounts_of, open_credit
from portico.domain.payments.models import (
    ACTIVE_STATES,
    AttemptShare,
    AttemptState,
    CreditAdjustment,
    GatewayAccount,
    MethodState,
    Payment,
    PaymentAttempt,
    PaymentMethod,
    PaymentPromise,
    Refund,
)
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.lib.prepared import Given, Prepared

# What a customer's credit balance consists of; credit notes are a ledger of their own.
CREDIT_BALANCE = ("payment", "credit_adjustment")


class Pays(TypedDict):
    """What a share under way is for: a document, or the invoice that the estimate of a deposit has become."""

    pays: UUID


def payments(viewer: Viewer) -> QuerySet[Payment]:
    """The payments a viewer may see, with their ledger items: the business's, in the portal the customer's own.

    A session that reaches one thing sees that payment, or those that were made in the portal for that document alone.
    """
    rows = Payment.objects.filter(business=viewer.business).select_related("item")
    if not isinstance(viewer, CustomerViewer):
        return rows
    rows = rows.filter(customer=viewer.customer)
    if viewer.has_account:
        return rows
    own = PaymentAttempt.objects.filter(pk__in=attempts(viewer).values("pk")).values("payment")
    return rows.filter(Q(pk=viewer.session.target_id) | Q(pk__in=own))


def payment(viewer: Viewer, name: str) -> Payment:
    """Return the payment with this public id or, for programs and staff, external id or number. Raises NotFound."""
    rows = payments(viewer).select_related("business", "customer")
    key = parse_public_id(name, "payment")
    found = rows.filter(pk=key).first() if key else None
    if found is None and name and not isinstance(viewer, CustomerViewer):
        # Said as the partial unique index says it, or SQLite would not use it.
        found = rows.filter(external_id=name).exclude(external_id="").first() or rows.filter(number=name).first()
    if found is None:
        raise NotFound(f"There is no payment {name}.")
    return found


def attempts(viewer: Viewer) -> QuerySet[PaymentAttempt]:
    """The attempts to collect money that a viewer may see, with what they were made with.

    A session that reaches one document sees the attempts that are to pay that one alone.
    """
    rows = PaymentAttempt.objects.filter(business=viewer.business)
    rows = rows.select_related("gateway_account__business", "saved_method", "payment", "customer", "business")
    if not isinstance(viewer, CustomerViewer):
        return rows
    rows = rows.filter(customer=viewer.customer)
    if viewer.has_account:
        return rows
    others = AttemptShare.objects.exclude(document=viewer.session.target_id)
    return rows.filter(shares__document=viewer.session.target_id).exclude(shares__in=others).distinct()


def attempt(viewer: Viewer, name: str) -> PaymentAttempt:
    """Return the attempt with this public id. Raises NotFound."""
    key = parse_public_id(name, "payment_attempt")
    found = attempts(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no payment attempt {name}.")
    return found


def attempt_of_form(viewer: CustomerViewer, submission: str) -> PaymentAttempt | None:
    """Return the attempt that a form has made, unless it came to nothing."""
    rows = (
        attempts(viewer).filter(submission=submission).exclude(state__in=[AttemptState.FAILED, AttemptState.CANCELED])
    )
    return rows.first() if submission else None


def attempt_by_id(business: Business, name: str) -> PaymentAttempt:
    """Return a business's attempt for a payer who was proved to come back from its provider. Raises NotFound."""
    key = parse_public_id(name, "payment_attempt")
    rows = PaymentAttempt.objects.filter(business=business).select_related("gateway_account__business", "customer")
    found = rows.select_related("business").filter(pk=key).first() if key else None
    if found is None:
        raise NotFound("There is no such payment attempt.")
    return found


def under_way(viewer: Viewer) -> list[PaymentAttempt]:
    """The attempts that may still collect money and that the viewer may see, the newest first."""
    return list(attempts(viewer).filter(state__in=ACTIVE_STATES).order_by("-id"))


def active_shares(
    documents: Iterable[UUID] | QuerySet[Document, Any],
) -> "QuerySet[WithAnnotations[AttemptShare, Pays]]":
    """The shares of attempts that may still collect money for these documents, each with its document as `pays`.

    A deposit on its way pays the invoice that its estimate has become: that much would be collected twice.
    """
    keys = documents if isinstance(documents, QuerySet) else list(documents)
    estimates = Document.objects.filter(pk__in=keys, estimate__isnull=False).values("estimate")
    return _collecting().filter(Q(document__in=keys) | Q(document__in=estimates))


def _collecting() -> "QuerySet[WithAnnotations[AttemptShare, Pays]]":
    rows = AttemptShare.objects.filter(active=True, credit=None)
    return rows.annotate(pays=Coalesce("document__invoice", "document")).select_related("attempt")


def under_way_by_document(viewer: CustomerViewer) -> dict[UUID, PaymentAttempt]:
    """The attempts that may still collect money for the customer's documents, by document; whatever session made them.

    A session that reaches one document is told of that one.
    """
    found = {share.pays: share.attempt for share in shares_under_way(viewer)}
    return {key: row for key, row in found.items() if viewer.has_account or key == viewer.session.target_id}


def shares_under_way(viewer: CustomerViewer) -> "QuerySet[WithAnnotations[AttemptShare, Pays]]":
    """What attempts that may still collect money are to pay of the customer's documents, in whatever session."""
    return _collecting().filter(attempt__customer=viewer.customer)


def documents_under_way(document_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these documents that an attempt may still collect money for. The viewer has fetched them."""
    return set(active_shares(document_ids).values_list("pays", flat=True))


def under_way_for(document: Document) -> PaymentAttempt | None:
    """The attempt that may still collect money for a document that the viewer has fetched."""
    share = active_shares([document.pk]).first()
    return share.attempt if share else None


def shares_of(attempt: PaymentAttempt) -> list[AttemptShare]:
    """What an attempt that the viewer has fetched is to pay, with documents and credits."""
    return list(attempt.shares.select_related("document", "credit").order_by("id"))


def latest_attempt(viewer: CustomerViewer, invoices: Collection[UUID]) -> PaymentAttempt | None:
    """The customer's newest attempt to pay any of these invoices; without invoices, to pay in advance.

    Whatever session made it: it only tells one state of things from another.
    """
    rows = PaymentAttempt.objects.filter(business=viewer.business, customer=viewer.customer)
    rows = rows.filter(shares__document__in=invoices) if invoices else rows.filter(shares=None)
    return rows.order_by("-id").first()


def failed_lately(viewer: CustomerViewer, within: timedelta) -> int:
    """How many payments of the customer have failed within a span of time, in whatever session."""
    rows = PaymentAttempt.objects.filter(business=viewer.business, customer=viewer.customer)
    return rows.filter(state=AttemptState.FAILED, off_session=False, created_at__gt=now() - within).count()


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit with something left, in minor units. `left` leaves out what attempts under way are going to use."""

    item: Item
    left: int


def open_credits(viewer: CustomerViewer, currency: str) -> list[Credit]:
    """The credits with something left that a customer may use, of kinds that the business shows; the oldest first.

    A session that reaches one document reaches none of them.
    """
    if not viewer.has_account:
        return []
    hidden = set(Kind) - set(shown_kinds(viewer.business))
    rows = Item.objects.filter(
        business=viewer.business, account__customer=viewer.customer, account__currency=currency
    ).exclude(kind__in=hidden)
    # Said as the partial index says it, or SQLite would not use it.
    rows = rows.filter(open__lt=0, issued_on__lte=viewer.business.today()).exclude(open=0)
    items = list(rows.order_by("issued_on", "id"))
    shares = AttemptShare.objects.filter(credit__in=items, active=True) if items else AttemptShare.objects.none()
    used = dict(shares.values_list("credit").annotate(sum=Sum("amount")))
    found = [Credit(item, -item.open - used.get(item.pk, 0)) for item in items]
    return [credit for credit in found if credit.left > 0]


def collected_in(payment: Payment) -> PaymentAttempt | None:
    """The attempt that collected a payment that the viewer has fetched; None for money received by hand."""
    return PaymentAttempt.objects.filter(payment=payment).select_related("gateway_account", "saved_method").first()


def refunds_of(payment: Payment) -> QuerySet[Refund]:
    """The refunds of a payment that the viewer has fetched, in the order they were asked for."""
    return payment.refunds.select_related("payment", "gateway_account__business").order_by("id")


def refund(viewer: Viewer, name: str) -> Refund:
    """Return the refund with this public id, of a payment that the viewer may see. Raises NotFound."""
    key = parse_public_id(name, "refund")
    rows = Refund.objects.filter(business=viewer.business, payment__in=payments(viewer).values("pk"))
    found = rows.select_related("payment", "gateway_account__business").filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no refund {name}.")
    return found


def payment_methods(viewer: Viewer, customer: Customer) -> QuerySet[PaymentMethod]:
    """The methods that a customer has saved and not removed, the default first, then the newest."""
    rows = PaymentMethod.objects.filter(business=viewer.business, customer=customer, state=MethodState.ACTIVE)
    return rows.select_related("gateway_account__business", "customer").order_by("-is_default", "-id")


def payment_method(viewer: Viewer, customer: Customer, name: str) -> PaymentMethod:
    """Return a method that a customer has saved, by its public id. Raises NotFound."""
    key = parse_public_id(name, "payment_method")
    found = payment_methods(viewer, customer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no payment method {name}.", code="unknown_payment_method")
    return found


def provider_customer(customer: Customer, account: GatewayAccount) -> str:
    """Return whom the provider keeps a customer's methods for, so that another one joins them; empty for nobody.

    The caller has fetched the customer as the viewer.
    """
    methods = PaymentMethod.objects.filter(customer=customer, gateway_account=account)
    known = methods.exclude(provider_customer="").order_by("-id").values_list("provider_customer", flat=True)
    return known.first() or ""


def credit_adjustments(viewer: Viewer, customer: Customer) -> QuerySet[CreditAdjustment]:
    """The adjustments of a customer's credit balance."""
    rows = CreditAdjustment.objects.filter(business=viewer.business, customer=customer)
    return rows.select_related("item", "customer")


def credit_balances(customer: Customer, today: date) -> dict[str, int]:
    """Return a customer's credit balance by currency, in minor units: money not applied yet, and adjustments.

    The caller has fetched the customer as the viewer.
    """
    found = dict.fromkeys((account.currency for account in accounts_of(customer.pk)), 0)
    for currency, kind, _count, amount in open_credit(customer.pk, today):
        if kind in CREDIT_BALANCE:
            found[currency] += amount
    return found


def open_promises(viewer: Viewer, customer: Customer) -> QuerySet[PaymentPromise]:
    """The promises of a customer that have not ended; the viewer has fetched the customer.

    A session that reaches one document is told of that one.
    """
    rows = PaymentPromise.objects.filter(business=viewer.business, customer=customer, ended_at=None)
    if isinstance(viewer, CustomerViewer) and not viewer.has_account:
        rows = rows.filter(document=viewer.session.target_id)
    return rows


def promises_of(viewer: Viewer, customer: Customer) -> list[PaymentPromise]:
    """Return the open promises of a customer whose money is awaited, the next day first."""
    rows = open_promises(viewer, customer).select_related("document").order_by("promised_on", "id")
    return [row for row in rows if row.is_outstanding]


def promise_of(document: Document) -> PaymentPromise | None:
    """Return the promise for a document that the viewer has fetched, while its money is awaited."""
    found = PaymentPromise.objects.filter(document=document, ended_at=None).select_related("document").first()
    return found if found and found.is_outstanding else None


def gateway_accounts(business: Business) -> QuerySet[GatewayAccount]:
    """The gateways a business uses, in its order."""
    return GatewayAccount.objects.filter(business=business).select_related("business").order_by("position", "id")


def gateway_account(business: Business, gateway: str) -> GatewayAccount:
    """Return a business's account at a gateway. Raises NotFound."""
    found = gateway_accounts(business).filter(gateway=gateway).first()
    if found is None:
        raise NotFound(f"{business} does not use {gateway}. `portico gateway list` shows what it uses.")
    return found


def gateway_account_by_id(business: Business, name: str) -> GatewayAccount:
    """Return a business's account at a gateway by its public id. Raises NotFound."""
    key = parse_public_id(name, "gateway_account")
    found = gateway_accounts(business).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no gateway account {name}.")
    return found


_ACCOUNT_AT = Prepared(
    lambda: (
        GatewayAccount.objects.filter(business__slug=Given("slug", CharField()), gateway=Given("gateway", CharField()))
        .select_related("business")
        .order_by("pk")
    )
)


def gateway_account_at(slug: str, gateway: str) -> GatewayAccount:
    """Return a business's account at a gateway, for a notice that came to its address. Raises NotFound."""
    found = _ACCOUNT_AT(slug=slug, gateway=gateway)
    if not found:
        raise NotFound("Nobody here uses that gateway.")
    return found[0]
