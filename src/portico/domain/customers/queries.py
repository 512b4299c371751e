from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, QuerySet

from portico.domain.customers.models import Contact, Customer, MailOptOut, MailTopic
from portico.domain.search.models import Group
from portico.domain.search.queries import matching
from portico.lib.folding import search_terms


def searched(rows: QuerySet[Customer], business: UUID, query: str) -> QuerySet[Customer]:
    """Narrow a business's customers to those found by name, e-mail, external id, tax id, or by a contact's."""
    for term in search_terms(query):
        rows = rows.filter(matching(business, Group.CUSTOMERS, term))
    return rows


def current_customer(key: UUID) -> Customer:
    """Return the customer with this key, or the one that it became part of."""
    return Customer.objects.select_related("business", "merged_into__business").get(pk=key).current


def which_exist(customer: Customer, **rows: QuerySet[Any] | None) -> dict[str, bool]:
    """Tell by name, in one query, which of these queries have rows; the viewer has fetched the customer.

    None stands for a query that nobody needs to ask.
    """
    asked = {name: Exists(query) for name, query in rows.items() if query is not None}
    found = Customer.objects.filter(pk=customer.pk).values_list(*asked.values()).get()
    return dict.fromkeys(rows, False) | {name: bool(exists) for name, exists in zip(asked, found, strict=True)}


def notified_of_email(customer: Customer, former: str, new: str) -> str:
    """Return who is told that a contact's address became `new`: somebody who was on file before, empty when nobody.

    It is the customer's own address, or in want of one that of its oldest other contact. An address that lets nobody
    else in is not worth a mail.
    """
    known = {former.lower(), customer.email.lower()}
    if not new or new.lower() in known:
        return ""
    if customer.email:
        return customer.email
    others = Contact.objects.filter(customer=customer).exclude(email="").exclude(email__iexact=new).order_by("id")
    return others.values_list("email", flat=True).first() or ""


def mail_switched_off(customer: Customer) -> Mapping[str, set[MailTopic]]:
    """Return which topics each address gets no mails of, by address in small letters."""
    found: dict[str, set[MailTopic]] = {}
    for email, topic in MailOptOut.objects.filter(customer=customer).values_list("email", "topic"):
        found.setdefault(email, set()).add(MailTopic(topic))
    return found


def wants_mail(customer: Customer, email: str, topic: MailTopic) -> bool:
    """Tell whether an address of a customer is to get mails of a topic."""
    return not MailOptOut.objects.filter(customer=customer, email=email.lower(), topic=topic).exists()
