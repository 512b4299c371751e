"""Webhooks that come at once with the customer, twice, late, in another order, or from somebody else."""

import json
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from tests.faults.bill import Bill, new_bill
from tests.faults.card import CHALLENGED, DEBIT
from tests.faults.installation import Installation, insist
from tests.faults.payer import Payer


def redirect_and_webhook(at: Installation, chance: Random) -> Bill:
    """The customer comes back from the bank at the moment in which the bank's webhook arrives."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill, CHALLENGED) as payer:
        payer.send(payer.must_open())
        charge = _confirm(bill)
        with ThreadPoolExecutor(8) as pool:
            for notice in at.bank.notices_of(charge["id"]):
                pool.submit(at.bank.post, notice)
            for _ in range(2):
                pool.submit(insist, lambda: payer.browser.get(charge["return_url"]))
    bill.wait_until_paid()
    return bill


def duplicate_webhooks(at: Installation, chance: Random) -> Bill:
    """The bank posts each webhook five times at once, and once more afterwards."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill, CHALLENGED) as payer:
        payer.send(payer.must_open())
        notices = at.bank.notices_of(_confirm(bill)["id"])
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(at.bank.post, notices * 5))
        bill.wait_until_paid()
        for notice in notices:
            assert at.bank.post(notice) == 200
    return bill


def late_webhook(at: Installation, chance: Random) -> Bill:
    """The webhook comes when all is known already."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill) as payer:
        payer.pay()
    return bill


def lost_webhook(at: Installation, chance: Random) -> Bill:
    """The customer never comes back from the bank, and no webhook comes: the server asks by itself."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill, CHALLENGED) as payer:
        payer.send(payer.must_open())
        _confirm(bill)
        bill.wait_until_paid()
    return bill


def reordered_webhooks(at: Installation, chance: Random) -> Bill:
    """A bank debit's webhooks arrive in any order, the first one last."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill, DEBIT) as payer:
        payer.send(payer.must_open())
        charge = _only_charge(bill)
        at.bank.bank.move(charge["id"], "succeeded")
        notices = at.bank.notices_of(charge["id"])
        chance.shuffle(notices)
        for notice in [*notices, notices[0]]:
            assert at.bank.post(notice) == 200
    bill.wait_until_paid()
    return bill


def webhook_redirect_and_poll(at: Installation, chance: Random) -> Bill:
    """A debit settles, and the webhook, the customer and the server's own question all meet."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill, DEBIT) as payer:
        payer.send(payer.must_open())
        charge = _only_charge(bill)
        at.bank.bank.move(charge["id"], "succeeded")
        with ThreadPoolExecutor(8) as pool:
            for _ in range(4):
                pool.submit(insist, lambda: payer.browser.get(charge["return_url"]))
            for notice in at.bank.notices_of(charge["id"]):
                pool.submit(at.bank.post, notice)
        bill.wait_until_paid()
    return bill


def forged_webhooks(at: Installation, chance: Random) -> Bill:
    """Somebody else says that it was paid: unsigned, signed wrongly, too old, for another account, of nothing here."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill, CHALLENGED) as payer:
        payer.send(payer.must_open())
        charge = _only_charge(bill)
        (notice,) = at.bank.notices_of(charge["id"])
        said = json.loads(notice["body"]) | {"state": "succeeded"}
        other = json.dumps(said | {"account": "gw_of_somebody_else"}).encode()
        unknown = json.dumps(said | {"charge": "sbx_0", "key": "pa_0"}).encode()
        answers = [
            at.bank.post(notice, secret=""),
            at.bank.post(notice, secret="guessed"),
            at.bank.post(notice, age=3600),
            at.bank.post(notice, body=other),
            # The bank itself tells of something that nobody here has asked for.
            at.bank.post(notice, body=unknown),
            # It is the bank's own word that it has state succeeded: what is believed is what the bank says when asked.
            at.bank.post(notice, body=json.dumps(said).encode()),
        ]
        assert answers == [400, 400, 400, 400, 200, 200], answers
        assert not bill.is_paid
        _confirm(bill)
        insist(lambda: payer.browser.get(charge["return_url"]))
    bill.wait_until_paid()
    return bill


def _only_charge(bill: Bill) -> dict[str, Any]:
    (charge,) = bill.at.bank.charges_of(bill.amount)
    return charge


def _confirm(bill: Bill) -> dict[str, Any]:
    """Confirm the challenge as the customer does on the bank's page; returns the charge."""
    charge = _only_charge(bill)
    moved = bill.at.bank.bank.move(charge["id"], "succeeded")
    assert moved is not None
    return moved


WEBHOOKS = (
    redirect_and_webhook,
    duplicate_webhooks,
    late_webhook,
    lost_webhook,
    reordered_webhooks,
    webhook_redirect_and_poll,
    forged_webhooks,
)
