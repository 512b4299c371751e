"""A customer's own hand on its details."""

from collections.abc import Mapping

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.checks import check_country, check_language, check_tax_id, refuse
from portico.domain.customers.details import DETAIL_FIELDS, details_of, difference, version_of
from portico.domain.customers.errors import ChangedMeanwhile
from portico.domain.customers.models import ADDRESS_FIELDS, Address, Customer
from portico.lib.errors import FieldError


@transaction.atomic
def edit_details(customer: Customer, changes: Mapping[str, str], *, seen: str, by: Actor) -> None:
    """Change those of the customer's details that `changes` names, as `details_of` names them.

    `seen` is the version that the editor has read. Raises ChangedMeanwhile when it is no longer so, and
    Invalid with the places that are wrong. An address without any line is none.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    before = details_of(customer)
    if seen != version_of(before):
        raise ChangedMeanwhile("Somebody changed the details in the meantime.")
    after = before | {name: value for name, value in changes.items() if name in before}
    _check(before, after)
    if after == before:
        return
    changed = [name for name in DETAIL_FIELDS if after[name] != before[name]]
    for name in changed:
        setattr(customer, name, after[name])
    customer.save(update_fields=changed)
    keep_addresses(customer, after)
    record(Event.CUSTOMER_UPDATED, customer, by=by, data=difference(before, after))


def keep_addresses(customer: Customer, details: Mapping[str, str]) -> None:
    """Keep both addresses as the details say, in the caller's transaction."""
    for kind in Address.Kind:
        _keep_address(customer, kind, {name: details[f"{kind}.{name}"] for name in ADDRESS_FIELDS})


def check_countries(details: Mapping[str, str]) -> list[FieldError]:  # reads: staff's edit asks it, too
    """Return what is wrong with the countries of the addresses."""
    return [error for kind in Address.Kind for error in check_country(details[f"{kind}.country"], f"/{kind}.country")]


def _check(before: Mapping[str, str], details: Mapping[str, str]) -> None:
    wrong = check_language(details["language"], "/language") + check_countries(details)
    if details["tax_id"] != before["tax_id"]:
        wrong += check_tax_id(details["tax_id"], "/tax_id")
    refuse(wrong)


def _keep_address(customer: Customer, kind: Address.Kind, fields: Mapping[str, str]) -> None:
    if any(fields.values()):
        Address.objects.update_or_create(customer=customer, kind=kind, defaults=fields)
    else:
        Address.objects.filter(customer=customer, kind=kind).delete()
