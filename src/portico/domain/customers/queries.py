from django.db.models import Q, QuerySet

from portico.domain.customers.models import Contact, Customer


def matching(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Narrow customers to those whose name, e-mail, external id, tax id or one of whose contacts contains `text`."""
    if not text:
        return rows
    own = Q(name__icontains=text) | Q(email__icontains=text) | Q(external_id__icontains=text) | Q(tax_id=text)
    people = rows.filter(Q(contacts__name__icontains=text) | Q(contacts__email__icontains=text))
    return rows.filter(own | Q(pk__in=people.order_by().values("pk")))


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
