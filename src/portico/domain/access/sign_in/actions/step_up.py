"""Showing anew who one is, in place: a code goes to an address on file, and the visit goes on with more reach."""

from django.db import transaction

from portico.domain.access.errors import ChallengeClosed
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.models import Challenge, Purpose
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sessions.actions.renew import renew_session
from portico.domain.access.sign_in.actions.request_verification import LIVES, ask
from portico.domain.access.sign_in.actions.verify import meet_by_code
from portico.domain.access.sign_in.queries.accounts import Account, customers_of_address
from portico.domain.access.sign_in.queries.recipients import readers
from portico.domain.access.viewer import CustomerViewer, Visit
from portico.domain.activity.actions.record import record
from portico.domain.activity.events import Event
from portico.lib.clock import now

_KIND = Challenge.Kind.STEP_UP


def ask_step_up(viewer: CustomerViewer, key: str, visit: Visit, *, page: str, language: str) -> str:
    """Have a code sent to one of the `readers`, the first unless `key` names another; returns the address.

    Empty when there is none on file. `page` is where the visitor wants to go on.
    """
    offered = readers(viewer)
    chosen = next((reader for reader in offered if reader.key == key), offered[0] if offered else None)
    if chosen is None:
        return ""
    ask(viewer.business, _KIND, chosen.email, visit, session=viewer.session, page=page, language=language)
    return chosen.email


def step_up(viewer: CustomerViewer, code: str, visit: Visit) -> str:
    """Answer with the code; returns the token of the visit as it goes on, to the whole account and fresh.

    A visit to the account keeps its place and gets a new token; one to a single thing is followed by another, and ends
    when that is begun. Raises what `meet_by_code` raises, so this is never part of another transaction.
    """
    challenge = meet_by_code(viewer.business, _KIND, code, session=viewer.session)
    account = _account(viewer, challenge)
    with transaction.atomic():
        record(Event.SESSION_PROVED, viewer.session, by=viewer.actor)
        if viewer.has_account:
            return renew_session(viewer.session, email=challenge.email, contact=account.contact)
        grant, _secret = new_grant(
            account.customer,
            Purpose.SIGN_IN_MAIL,
            now() + LIVES[_KIND],
            by=viewer.actor,
            email=challenge.email,
            contact=account.contact,
            return_url=viewer.session.return_url,
            max_uses=1,
        )
        session, token = open_session(grant, visit, email=challenge.email)
        session.language = viewer.session.language
        session.save(update_fields=["language"])
        return token


def _account(viewer: CustomerViewer, challenge: Challenge) -> Account:
    """Return whom the address stands for. Raises ChallengeClosed when it was taken off file since the code was sent."""
    accounts = customers_of_address(viewer.business, challenge.email)
    found = next((account for account in accounts if account.customer.pk == viewer.customer.pk), None)
    if found is None:
        raise ChallengeClosed("expired")
    return found
