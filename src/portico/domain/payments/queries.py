"""What a viewer may see of payments and of what they are made with."""

from django.db.models import QuerySet

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.businesses.models import Business
from portico.domain.payments.models import AttemptShare, GatewayAccount, Payment, PaymentAttempt
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id


def payments(viewer: Viewer) -> QuerySet[Payment]:
    """The payments a viewer may see, with their ledger items: the business's, in the portal the customer's own.

    A visit that reaches one thing sees that payment, or none.
    """
    rows = Payment.objects.filter(business=viewer.business).select_related("item")
    if not isinstance(viewer, CustomerViewer):
        return rows
    rows = rows.filter(customer=viewer.customer)
    return rows if viewer.has_account else rows.filter(pk__in=[viewer.session.target_id])


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


def gateway_accounts(business: Business) -> QuerySet[GatewayAccount]:
    """The gateways a business uses, in its order."""
    return GatewayAccount.objects.filter(business=business).select_related("business").order_by("position", "id")


def gateway_account(business: Business, gateway: str) -> GatewayAccount:
    """Return a business's account at a gateway. Raises NotFound."""
    found = gateway_accounts(business).filter(gateway=gateway).first()
    if found is None:
        raise NotFound(f"{business} does not use {gateway}. `portico gateway list` shows what it uses.")
    return found


def gateway_account_at(slug: str, gateway: str) -> GatewayAccount:
    """Return a business's account at a gateway, for a notice that came to its address. Raises NotFound."""
    rows = GatewayAccount.objects.filter(business__slug=slug, gateway=gateway).select_related("business")
    found = rows.first()
    if found is None:
        raise NotFound("Nobody here uses that gateway.")
    return found
