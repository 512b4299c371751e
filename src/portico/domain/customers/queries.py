from django.db.models import Q, QuerySet

from portico.domain.customers.models import Customer


def matching(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Narrow customers to those whose name, e-mail, external id, tax id or one of whose contacts contains `text`."""
    if not text:
        return rows
    own = Q(name__icontains=text) | Q(email__icontains=text) | Q(external_id__icontains=text) | Q(tax_id=text)
    people = rows.filter(Q(contacts__name__icontains=text) | Q(contacts__email__icontains=text))
    return rows.filter(own | Q(pk__in=people.order_by().values("pk")))
