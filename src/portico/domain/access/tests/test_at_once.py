"""Any two changes of who may come in at the same moment: neither waits for the other for ever."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.models import EmailVerification, Grant, PortalSession
from portico.domain.access.sessions.actions.end import end_session, end_sessions
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sign_in.actions.change_customer import save_customer
from portico.domain.access.sign_in.actions.change_email import confirm_email_change, request_email_change
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.access.viewer import ClientInfo, CustomerViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.ledger.tests.history import new_business
from portico.lib.errors import PorticoError

pytestmark = pytest.mark.django_db(transaction=True)

_PAUSE = 0.01
_LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE", 'UPDATE "access_', 'UPDATE "customers_customer"')
_CLIENT = ClientInfo("testserver")


class Account:
    """A customer with a portal link, two sessions it opened, and a change of address that was asked for."""

    def __init__(self) -> None:
        data = CustomerInput("fjord", "Fjord", email="old@fjord.example")
        self.customer = upsert_customer(new_business(), data, by=OPERATOR)[0]
        self.link = regenerate_portal_link(self.customer, by=OPERATOR)[0]
        self.sessions = [open_session(self.link, _CLIENT)[0] for _ in range(2)]
        self.viewer = CustomerViewer(self.customer.business, self.customer, self.sessions[0])
        request_email_change(self.viewer, "new@fjord.example", _CLIENT, language="en")
        self.secret = issue_secrets(EmailVerification.objects.get(customer=self.customer))[0]

    def confirm(self) -> None:
        confirm_email_change(self.customer.business, self.secret, ip=None)

    def save(self) -> None:
        data = CustomerInput(self.customer.external_id, "Fjord", email="third@fjord.example")
        save_customer(self.customer.business, data, by=OPERATOR)


CHANGES: dict[str, Callable[[Account], Any]] = {
    "regenerate": lambda account: regenerate_portal_link(account.customer, by=OPERATOR),
    "revoke": lambda account: revoke(account.link, by=OPERATOR),
    "open": lambda account: open_session(account.link, _CLIENT),
    "sign out": lambda account: end_session(account.viewer),
    "end": lambda account: end_sessions(PortalSession.objects.filter(customer=account.customer), by=OPERATOR),
    "confirm the address": Account.confirm,
    "save the customer": Account.save,
}


@pytest.mark.parametrize("name", CHANGES)
def test_any_two_changes_at_once_both_end(name: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite writes one transaction at a time, so there is nothing to wait for crosswise")
    for other in list(CHANGES)[list(CHANGES).index(name) :]:
        account = Account()
        assert not list(_at_once(account, CHANGES[name], CHANGES[other])), (name, other)
        links = Grant.objects.filter(customer=account.customer, revoked_at=None)
        assert links.filter(purpose="portal_link").count() <= 1, (name, other)
        open_still = PortalSession.objects.filter(customer=account.customer, ended_at=None)
        assert not open_still.exclude(grant__in=links).exists(), (name, other)


def _at_once(account: Account, *changes: Callable[[Account], Any]) -> Iterator[Exception]:
    """Make changes at the same moment, slowed down where they lock; yields what went wrong but for refusals."""
    gate = Barrier(len(changes), timeout=30)

    def make(change: Callable[[Account], Any]) -> Exception | None:
        try:
            with connection.execute_wrapper(_slowly):
                gate.wait()
                change(account)
        except PorticoError:
            return None
        except Exception as error:  # noqa: BLE001  # whatever it is, the test says of which pair
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(changes)) as pool:
        yield from filter(None, pool.map(make, changes))


def _slowly(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Run a statement, and wait after one that locks, so that the other change comes to its own lock meanwhile."""
    result = execute(sql, params, many, context)
    if any(lock in sql for lock in _LOCKS):
        Event().wait(_PAUSE)
    return result
