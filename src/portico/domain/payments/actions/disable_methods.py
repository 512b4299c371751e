from collections.abc import Collection

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind
from portico.domain.payments.models import Method
from portico.lib.errors import FieldError, Invalid


@transaction.atomic
def disable_methods(subject: Customer | Document, methods: Collection[str], *, by: Actor) -> None:
    """Offer a customer, or for an invoice, every way to pay but these. What is under way already goes on.

    Raises Invalid for what is no way to pay, and for a document that nobody pays.
    """
    unknown = sorted(set(methods) - set(Method.values))
    # kinds: nothing but invoices is paid
    if unknown or (isinstance(subject, Document) and subject.kind != Kind.INVOICE):
        message = f"{unknown[0]} is no way to pay." if unknown else "Only an invoice is paid."
        raise Invalid(message, fields=[FieldError("/disabled_methods", message)])
    wanted = [method for method in Method.values if method in methods]
    if wanted == subject.disabled_methods:
        return
    before, subject.disabled_methods = subject.disabled_methods, wanted
    subject.save(update_fields=["disabled_methods"])
    record(Event.METHODS_DISABLED, subject, by=by, data={"before": before, "after": wanted})
