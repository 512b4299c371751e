"""Staff's hand on a customer. Front ends use access's `change_customer`: who may sign in changes too."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.customers import checks
from portico.domain.customers.actions.edit_details import check_countries, keep_addresses
from portico.domain.customers.details import STAFF_FIELDS, difference, staff_details_of, version_of
from portico.domain.customers.errors import ChangedMeanwhile, ExternalIdTaken
from portico.domain.customers.models import Customer
from portico.lib.errors import FieldError, Invalid
from portico.lib.money import to_minor_exact
from portico.lib.one_line import is_blank


def create_customer(business: Business, details: Mapping[str, str], *, by: Actor) -> Customer:
    """Make a customer of details by name, as `staff_details_of` names them.

    Raises Invalid with the places that are wrong, ExternalIdTaken.
    """
    try:
        with transaction.atomic():
            customer = Customer(business=business)
            after = staff_details_of(customer) | dict(details)
            _set(customer, staff_details_of(customer), after)
            customer.save(force_insert=True)
            keep_addresses(customer, after)
            changed = [name for name, value in after.items() if value]
            record(Event.CUSTOMER_CREATED, customer, by=by, data={"changed": changed})
            return customer
    except IntegrityError as error:
        raise _taken(details.get("external_id", "")) from error


def edit_customer(customer: Customer, changes: Mapping[str, str], *, seen: str, by: Actor) -> None:
    """Change those of the customer's details that `changes` names, as `staff_details_of` names them.

    `seen` is the version that the editor has read. Raises ChangedMeanwhile when it is no longer so, Invalid
    with the places that are wrong, ExternalIdTaken.
    """
    try:
        with transaction.atomic():
            customer = (
                Customer.objects.select_for_update(of=("self",), no_key=True)
                .select_related("business")
                .get(pk=customer.pk)
            )
            before = staff_details_of(customer)
            if seen != version_of(before):
                raise ChangedMeanwhile("Somebody changed the details in the meantime.")
            after = before | {name: value for name, value in changes.items() if name in before}
            if after == before:
                return
            customer.save(update_fields=_set(customer, before, after))
            keep_addresses(customer, after)
            record(Event.CUSTOMER_UPDATED, customer, by=by, data=difference(before, after))
    except IntegrityError as error:
        raise _taken(changes.get("external_id", "")) from error


def _set(customer: Customer, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Set the columns that differ and return their names. Raises Invalid, ExternalIdTaken."""
    _check(customer, before, after)
    changed = [name for name in STAFF_FIELDS if after[name] != before[name]]
    if {"credit_limit", "currency"}.isdisjoint(changed):
        limit = {}
    else:
        limit = _limit(after["credit_limit"], after["currency"] or customer.business.currency)
    columns = {name: _value(name, after[name]) for name in changed} | limit
    for name, value in columns.items():
        setattr(customer, name, value)
    return list(columns)


def _value(name: str, text: str) -> Any:
    if name == "payment_terms_days":
        return int(text) if text else None
    return bool(text) if name == "reminders_stopped" else text


def _limit(text: str, currency: str) -> dict[str, Any]:
    """Return the columns of a credit limit, which is in the currency that the customer is invoiced in."""
    if not text:
        return {"credit_limit": None, "credit_limit_currency": ""}
    try:
        return {"credit_limit": to_minor_exact(Decimal(text), currency), "credit_limit_currency": currency}
    except Invalid as error:
        raise Invalid(error.message, fields=[FieldError("/credit_limit", error.message)]) from error


def _check(customer: Customer, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    wrong = [] if not is_blank(after["name"]) else [FieldError("/name", "A customer needs a name.")]
    wrong += checks.check_language(after["language"], "/language") + checks.check_currency(
        after["currency"], "/currency"
    )
    wrong += checks.check_email(after["email"], "/email") + check_countries(after)
    if after["tax_id"] != before["tax_id"]:
        wrong += checks.check_tax_id(after["tax_id"], "/tax_id")
    terms = after["payment_terms_days"]
    if terms and not terms.isdecimal():
        wrong.append(FieldError("/payment_terms_days", "Payment terms are a number of days."))
    else:
        wrong += checks.check_payment_terms(int(terms) if terms else None, "/payment_terms_days")
    checks.refuse(wrong)
    _refuse_taken(customer, after["external_id"])


def _refuse_taken(customer: Customer, external_id: str) -> None:
    # Said as the partial unique index says it, or SQLite would not use it.
    others = Customer.objects.filter(business=customer.business_id, external_id=external_id).exclude(external_id="")
    if others.exclude(pk=customer.pk).exists():
        raise _taken(external_id)


def _taken(external_id: str) -> ExternalIdTaken:
    message = f"Another customer has the external id {external_id}."
    return ExternalIdTaken(message, fields=[FieldError("/external_id", message)])
