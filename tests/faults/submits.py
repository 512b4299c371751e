"""Customers and programs that press Pay more than once, at once, or without waiting for the answer."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random

import httpx

from tests.faults.bill import Bill, new_bill
from tests.faults.installation import Installation
from tests.faults.payer import Payer, Program


def double_submit(at: Installation, chance: Random) -> Bill:
    """The button is pressed twice."""
    bill = new_bill(at)
    with Payer(bill) as payer:
        payer.send_at_once([payer.must_open()] * 2)
        payer.pay()
    return bill


def twenty_parallel_submits(at: Installation, chance: Random) -> Bill:
    """One form is sent twenty times at the same moment."""
    bill = new_bill(at)
    with Payer(bill) as payer:
        payer.send_at_once([payer.must_open()] * 20)
        payer.pay()
    return bill


def two_tabs(at: Installation, chance: Random) -> Bill:
    """The page is open in two tabs and in another browser, and all of them pay."""
    bill = new_bill(at)
    with Payer(bill) as payer, Payer(bill) as elsewhere:
        forms = [payer.must_open(), payer.must_open(), payer.must_open()]
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(elsewhere.send, elsewhere.must_open())
            payer.send_at_once(forms)
            other.result()
        payer.pay()
    return bill


def reload_afterwards(at: Installation, chance: Random) -> Bill:
    """The answer is reloaded, and an old tab is sent when all is paid."""
    bill = new_bill(at)
    with Payer(bill) as payer:
        form = payer.must_open()
        payer.pay()
        payer.send(form)
        payer.send(form)
    return bill


def impatient_customer(at: Installation, chance: Random) -> Bill:
    """The browser hangs up before the answer comes, again and again, and sends the form anew each time."""
    bill = new_bill(at)
    with Payer(bill) as payer:
        form = payer.must_open()
        for _ in range(chance.randint(2, 6)):
            with suppress(httpx.TransportError):
                payer.browser.post(form[0], data=form[1], timeout=chance.uniform(0.005, 0.1))
        payer.pay()
    return bill


def same_key_in_parallel(at: Installation, chance: Random) -> Bill:
    """A program sends one request ten times at once."""
    bill = new_bill(at, card=True)
    program = Program(bill)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: program.collect(), range(10)))
    program.pay()
    return bill


def program_and_customer(at: Installation, chance: Random) -> Bill:
    """A program collects what its customer is paying at the same moment."""
    bill = new_bill(at, card=True)
    program = Program(bill)
    with Payer(bill) as payer:
        form = payer.must_open()
        with ThreadPoolExecutor(2) as pool:
            paid, collected = pool.submit(payer.send, form), pool.submit(program.collect)
            paid.result()
            collected.result()
        payer.pay()
    return bill


SUBMITS = (
    double_submit,
    twenty_parallel_submits,
    two_tabs,
    reload_afterwards,
    impatient_customer,
    same_key_in_parallel,
    program_and_customer,
)
