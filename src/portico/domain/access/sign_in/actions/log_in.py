"""From a proved address to a session of one of the customers it opens, and from one of them to another."""

from uuid import UUID

from django.db import transaction

from portico.domain.access.actions.lock import lock_customers
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.models import EmailVerification, Grant, PortalSession, Purpose
from portico.domain.access.sessions.actions.end import end_session
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sign_in.queries.accounts import Account, accounts_of_email
from portico.domain.access.sign_in.queries.verifications import CHOICE
from portico.domain.access.viewer import ClientInfo, CustomerViewer
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.lib.errors import NotFound


@transaction.atomic
def open_account(verified: EmailVerification, customer_id: UUID, client: ClientInfo) -> tuple[PortalSession, str]:
    """Open a session of a customer with a sign-in that was verified, once; returns it and the token for the cookie.

    Raises NotFound when that was done already or is too long ago, and when the address does not open the customer.
    """
    verified = EmailVerification.objects.select_for_update(of=("self",)).select_related("business").get(pk=verified.pk)
    if verified.verified_at is None or verified.session_id is not None or now() >= verified.verified_at + CHOICE:
        raise NotFound("This sign-in is over.")
    account = _account(verified.business, verified.email, customer_id)
    grant = _grant(account, _actor(account, client))
    session, token = open_session(grant, client, email=account.address)
    verified.session = session
    verified.save(update_fields=["session"])
    return session, token


@transaction.atomic
def switch_account(viewer: CustomerViewer, customer_id: UUID, client: ClientInfo) -> tuple[PortalSession, str]:
    """Open a session of another customer that the proved address opens; returns it and the token for the cookie.

    The former session ends. The new one ends no later than it would have, and counts as proved when it was. Raises
    NotFound when the address does not open the customer.
    """
    account = _account(viewer.business, viewer.session.email, customer_id)
    lock_customers(viewer.customer.pk, account.customer.pk)
    by = _actor(account, client)
    session, token = open_session(_grant(account, by), client, email=account.address, follows=viewer.session)
    record(Event.ACCOUNT_SWITCHED, session, by=by, data={"former_session": viewer.session.public_id})
    end_session(viewer)
    return session, token


def _account(business: Business, email: str, customer_id: UUID) -> Account:
    for account in accounts_of_email(business, email):
        if account.customer.pk == customer_id:
            return account
    raise NotFound("This address does not open that account.")


def _grant(account: Account, by: Actor) -> Grant:
    life = now() + CHOICE
    fields = {"contact": account.contact, "email": account.address, "max_uses": 1}
    return new_grant(account.customer, Purpose.SIGN_IN_MAIL, life, by=by, **fields)[0]


def _actor(account: Account, client: ClientInfo) -> Actor:
    return Actor("customer", account.customer.public_id, account.person, client.ip)
