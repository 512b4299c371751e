"""Who may come in changes with the addresses on file: what was opened or asked by one that no longer is ends."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from portico.domain.access.models import EmailVerification, Grant, PortalSession
from portico.domain.customers.models import Customer
from portico.lib.clock import now


def end_outdated_access(customer: Customer) -> None:
    """End the sessions and links of people whose address is no longer the customer's.

    So does a session as a contact whose address is another one now. To be called in the transaction that changes them.
    """
    contacts = customer.contacts.values_list("email", flat=True)
    on_file = {address.lower() for address in (customer.email, *contacts)}
    moment = now()
    grants = customer.grants.filter(revoked_at=None).exclude(email="").select_related("contact")
    # One that was used up opens nothing any more, and what it opened is judged by the address that was proved since.
    links = _of_strangers((grant for grant in grants if grant.state != "used_up"), on_file)
    Grant.objects.filter(pk__in=links).update(revoked_at=moment, revoked_because="revoked")
    PortalSession.objects.filter(grant__in=links, ended_at=None).update(ended_at=moment)
    sessions = customer.sessions.filter(ended_at=None).exclude(email="").select_related("contact")
    PortalSession.objects.filter(pk__in=_of_strangers(sessions, on_file)).update(ended_at=moment)
    # What was asked in a session that ends here ends with it. Requests of sessions ended before end too.
    left = PortalSession.objects.filter(pk__in=_changes_asked(customer).values("session"), signed_out=True)
    strangers = _of_strangers(left.exclude(email="").select_related("contact"), on_file)
    _changes_asked(customer).filter(session__in=strangers).update(verified_at=moment)


def _changes_asked(customer: Customer) -> QuerySet[EmailVerification]:
    return EmailVerification.objects.filter(
        customer=customer, kind=EmailVerification.Kind.EMAIL_CHANGE, verified_at=None
    )


def _of_strangers(rows: Iterable[Grant | PortalSession], on_file: set[str]) -> list[UUID]:
    # Compared here, where small letters are those of every alphabet: SQLite knows only those of English.
    found = []
    for row in rows:
        address = row.email.lower()
        of_contact = row.contact.email.lower() if row.contact else address
        if address and (address not in on_file or address != of_contact):
            found.append(row.pk)
    return found
