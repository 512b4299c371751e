"""Showing anew who one is, in place: a code goes to an address on file, and the session goes on with more reach."""

from django.db import transaction

from portico.domain.access.errors import VerificationClosed
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.models import EmailVerification, Purpose
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sessions.actions.renew import renew_session
from portico.domain.access.sign_in.actions.request_verification import LIFETIMES, request_verification
from portico.domain.access.sign_in.actions.verify import verify_by_code
from portico.domain.access.sign_in.queries.accounts import Account, accounts_of_email
from portico.domain.access.sign_in.queries.recipients import recipients
from portico.domain.access.viewer import ClientInfo, CustomerViewer
from portico.domain.activity.actions.record import record
from portico.domain.activity.events import Event
from portico.lib.clock import now

_KIND = EmailVerification.Kind.STEP_UP


def request_step_up(viewer: CustomerViewer, key: str, client: ClientInfo, *, page: str, language: str) -> str:
    """Have a code sent to one of the `recipients`, the first unless `key` names another; returns the address.

    Empty when there is none on file. `page` is where the visitor wants to go on.
    """
    offered = recipients(viewer)
    chosen = next((recipient for recipient in offered if recipient.key == key), offered[0] if offered else None)
    if chosen is None:
        return ""
    request_verification(
        viewer.business, _KIND, chosen.email, client, session=viewer.session, page=page, language=language
    )
    return chosen.email


def step_up(viewer: CustomerViewer, code: str, client: ClientInfo) -> str:
    """Answer with the code; returns the token of the session as it goes on, to the whole account and fresh.

    A session to the account is kept under a new token; one to a single thing is replaced by a new session, and ends
    when that begins. Raises what `verify_by_code` raises, so this is never part of another transaction.
    """
    verification = verify_by_code(viewer.business, _KIND, code, session=viewer.session)
    account = _account(viewer, verification)
    with transaction.atomic():
        record(Event.SESSION_PROVED, viewer.session, by=viewer.actor)
        if viewer.has_account:
            return renew_session(viewer.session, email=verification.email, contact=account.contact)
        grant, _secret = new_grant(
            account.customer,
            Purpose.SIGN_IN_MAIL,
            now() + LIFETIMES[_KIND],
            by=viewer.actor,
            email=verification.email,
            contact=account.contact,
            return_url=viewer.session.return_url,
            max_uses=1,
        )
        session, token = open_session(grant, client, email=verification.email)
        session.language = viewer.session.language
        session.save(update_fields=["language"])
        return token


def _account(viewer: CustomerViewer, verification: EmailVerification) -> Account:
    """Return the account of the address. Raises VerificationClosed if it was taken off file since the code was sent."""
    accounts = accounts_of_email(viewer.business, verification.email)
    found = next((account for account in accounts if account.customer.pk == viewer.customer.pk), None)
    if found is None:
        raise VerificationClosed("expired")
    return found
