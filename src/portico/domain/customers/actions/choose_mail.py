"""Which mails an address of a customer gets, of those that may be switched off."""

from collections.abc import Collection

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer, MailOptOut, MailTopic


@transaction.atomic
def choose_mail(customer: Customer, email: str, wanted: Collection[str], *, by: Actor) -> bool:
    """Have an address get mails of these topics and of no others; tells whether that changed anything."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    email = email.lower()
    rows = MailOptOut.objects.filter(customer=customer, email=email)
    before = set(rows.values_list("topic", flat=True))
    off = {topic.value for topic in MailTopic if topic not in wanted}
    if off == before:
        return False
    rows.exclude(topic__in=off).delete()
    MailOptOut.objects.bulk_create(
        [MailOptOut(customer=customer, email=email, topic=topic) for topic in sorted(off - before)]
    )
    data = {"email": email, "off": sorted(off - before), "on": sorted(before - off)}
    record(Event.CUSTOMER_MAIL_CHOSEN, customer, by=by, data=data)
    return True


@transaction.atomic
def switch_mail(customer: Customer, email: str, topic: MailTopic, *, wanted: bool, by: Actor) -> bool:
    """Switch mails of one topic to an address on or off; tells whether that changed anything."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    off = set(MailOptOut.objects.filter(customer=customer, email=email.lower()).values_list("topic", flat=True))
    kept = {other.value for other in MailTopic if other not in off and other != topic}
    return choose_mail(customer, email, kept | ({topic.value} if wanted else set()), by=by)
