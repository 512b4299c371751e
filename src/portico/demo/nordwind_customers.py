"""What the demonstration's staff keep of customers: terms, a credit limit, notes, and one that has gone."""

from portico.demo.business import DemoBusiness
from portico.domain.customers.actions.archive import archive_customer
from portico.domain.customers.actions.edit_customer import create_customer, edit_customer
from portico.domain.customers.details import staff_details_of, version_of
from portico.domain.customers.models import Customer

_NOTES = "Wants the order number on every invoice, or it comes back.\nAsk for Ms Behrens in purchasing."


def customer_care(demo: DemoBusiness) -> None:
    """Let the office look after its customers."""
    kept = {"payment_terms_days": "30", "credit_limit": "6000.00", "staff_notes": _NOTES}
    demo.on(40, lambda: _edit(demo, "KLINIK", kept))
    demo.on(30, lambda: _edit(demo, "MUSEUM", {"payment_terms_days": "30", "reminders_stopped": "yes"}))
    demo.on(300, lambda: _gone(demo))


def _edit(demo: DemoBusiness, key: str, changes: dict[str, str]) -> None:
    customer = Customer.objects.select_related("business").get(pk=demo.customers[key].pk)
    edit_customer(customer, changes, seen=version_of(staff_details_of(customer)), by=demo.office)


def _gone(demo: DemoBusiness) -> None:
    details = {"name": "Segelmacherei Brodersen", "external_id": "BRODERSEN", "email": "post@brodersen.example"}
    archive_customer(create_customer(demo.business, details, by=demo.office), by=demo.office)
