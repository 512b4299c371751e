"""A resident helper beside the server: does in a moment what a command of its own would take a second to start for.

It reads one JSON list per line, the name of what to do and its arguments, and answers each with one line of JSON.
"""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from django.db import close_old_connections

from portico.config.cli import run
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.customers.models import Customer
from portico.domain.payments.actions.autopay import enrol
from portico.domain.payments.actions.save_method import save_method
from portico.domain.payments.models import GatewayAccount, Method
from tests.faults.card import CARD


def serve() -> None:
    """Do what is asked until the input ends."""
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        close_old_connections()
        sys.stdout.write(json.dumps(_DUTIES[name](*arguments)) + "\n")
        sys.stdout.flush()


def portico(*words: str) -> str:
    """Run a command of the product; returns what it printed."""
    said = StringIO()
    with redirect_stdout(said):
        assert run(words) == 0, words
    return said.getvalue()


def check_ledger() -> str:
    """Run `portico check-ledger`; returns what it found, nothing when all adds up."""
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = run(["check-ledger"])
    return said.getvalue() if status else ""


def save_card(external_id: str) -> str:
    """Have a customer keep the card that succeeds; returns the method's id."""
    customer = Customer.objects.select_related("business").get(external_id=external_id)
    account = GatewayAccount.objects.select_related("business").get(business=customer.business)
    setup = save_method(
        customer, account, Method.CARD, CARD, key=f"setup {external_id}", return_url="http://localhost", by=OPERATOR
    )
    assert setup.method is not None, setup.outcome
    return setup.method.public_id


def enrol_autopay(external_id: str) -> str:
    """Have a customer's invoices collected from now on, as soon as they are issued."""
    customer = Customer.objects.select_related("business").get(external_id=external_id)
    change_payment_settings(customer.business, {"allow_autopay": True, "autopay_delay_days": 0}, by=OPERATOR)
    enrol(Customer.objects.select_related("business").get(pk=customer.pk), by=OPERATOR)
    return ""


_DUTIES: dict[str, Callable[..., str]] = {
    duty.__name__: duty for duty in (portico, check_ledger, save_card, enrol_autopay)
}
