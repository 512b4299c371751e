"""A customer's own e-mail address: a mail to the new one confirms it, a mail to the former one can take it back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from portico.domain.access.actions.lock import lock_customer
from portico.domain.access.errors import VerificationUnknown
from portico.domain.access.models import EmailVerification, PortalSession
from portico.domain.access.sign_in.actions.end_outdated_access import end_outdated_access
from portico.domain.access.sign_in.actions.request_verification import request_verification
from portico.domain.access.sign_in.actions.verify import verify_by_link
from portico.domain.access.sign_in.queries.verifications import find_email_change
from portico.domain.access.viewer import ClientInfo, CustomerViewer
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now

UNDO_LIFE = timedelta(days=7)
_CHANGE, _UNDO = EmailVerification.Kind.EMAIL_CHANGE, EmailVerification.Kind.EMAIL_UNDO


def request_email_change(viewer: CustomerViewer, email: str, client: ClientInfo, *, language: str) -> None:
    """Have a link sent to a new address of the customer's. Nothing changes before somebody there says so."""
    request_verification(viewer.business, _CHANGE, email, client, session=viewer.session, language=language)


@transaction.atomic
def confirm_email_change(business: Business, secret: str, *, ip: str | None, here: PortalSession | None = None) -> None:
    """Give the customer its new address, once; sessions opened by the former one end at once.

    `here` is the session of the browser that opens the link: if it asked for the change, it has now proved the new
    address and continues. Raises what `find_email_change` raises.
    """
    customer = lock_customer(_owner(business, secret, _CHANGE).pk)
    verification = verify_by_link(business, _CHANGE, secret)
    former = _replace(customer, verification.email)
    if here is not None and here.pk == verification.session_id:
        PortalSession.objects.filter(pk=here.pk).update(email=verification.email, contact=None, proved_at=now())
    end_outdated_access(customer)
    undo = _way_back(verification, former) if former else None
    _record(Event.EMAIL_CHANGED, undo or verification, customer, ip, {"before": former, "after": customer.email})


@transaction.atomic
def undo_email_change(business: Business, secret: str, *, ip: str | None) -> None:
    """Give the customer its former address back, once; sessions opened by the one that replaced it end at once.

    So do those of the person who asked for it, and all by the same link. What is asked is over, and what could be
    taken back since then: the owner of the former address has the last word. Raises what `find_email_change` raises.
    """
    customer = lock_customer(_owner(business, secret, _UNDO).pk)
    verification = verify_by_link(business, _UNDO, secret)
    replaced = _replace(customer, verification.email)
    undone = EmailVerification.objects.filter(customer=customer, kind=_UNDO, created_at__gte=verification.created_at)
    links = PortalSession.objects.filter(pk__in=undone.values("session")).values("grant")
    of_whoever_asked = Q(email__iexact=replaced) | Q(grant__in=links)
    customer.sessions.filter(of_whoever_asked, ended_at=None).update(ended_at=now())
    end_outdated_access(customer)
    _close(Q(kind=_CHANGE) | Q(pk__in=undone.values("pk")), customer)
    _record(Event.EMAIL_CHANGE_UNDONE, verification, customer, ip, {"before": replaced, "after": customer.email})


def close_email_changes(customer: Customer) -> None:
    """End what was asked of a customer's address, and what could be taken back."""
    _close(Q(kind__in=[_CHANGE, _UNDO]), customer)


def _owner(business: Business, secret: str, kind: EmailVerification.Kind) -> Customer:
    """Return the customer whose address a mailed link is about."""
    customer = find_email_change(business, secret, kind).customer
    if customer is None:
        raise VerificationUnknown("This link is not known here.")
    return customer


def _close(which: Q, customer: Customer) -> None:
    EmailVerification.objects.filter(which, customer=customer, verified_at=None).update(verified_at=now())


def _replace(customer: Customer, email: str) -> str:
    former, customer.email = customer.email, email
    customer.save(update_fields=["email"])
    return former


def _way_back(verification: EmailVerification, former: str) -> EmailVerification:
    return EmailVerification.objects.create(
        business_id=verification.business_id,
        customer_id=verification.customer_id,
        session_id=verification.session_id,
        kind=_UNDO,
        email=former,
        language=verification.language,
        expires_at=now() + UNDO_LIFE,
    )


def _record(event: Event, about: EmailVerification, customer: Customer, ip: str | None, data: dict[str, str]) -> None:
    record(
        event,
        about,
        by=Actor("customer", customer.public_id, customer.name, ip),
        data=data,
        announce=about.kind == _UNDO,
    )
