"""Days that a payment is hardly of: what a slip of the finger makes of a year."""

from datetime import date, timedelta

from django.db.models import Min

from portico.domain.customers.models import Customer
from portico.domain.documents.kinds import kinds_of_sign
from portico.domain.documents.models import Document, Lifecycle

_LONG = timedelta(days=365)


def first_expected_day(customer: Customer) -> date:
    """Return the first day on which money of a customer is expected: that of its first document.

    A year ago, when there is none yet: what comes before is worth a question.
    """
    documents = Document.objects.filter(customer=customer, business=customer.business_id, kind__in=kinds_of_sign(1, -1))
    first: date | None = documents.exclude(lifecycle=Lifecycle.DRAFT).aggregate(first=Min("issued_on"))["first"]
    return first or customer.business.today() - _LONG
