"""What a viewer may see of payments."""

from django.db.models import QuerySet

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.payments.models import Payment
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
