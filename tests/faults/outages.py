"""The bank or the database does not answer, or not in time."""

import threading
from collections.abc import Callable
from random import Random

from tests.faults.bank import Trouble
from tests.faults.bill import Bill, new_bill
from tests.faults.installation import Installation
from tests.faults.payer import Payer, Program

# Less than the server waits for an answer, and more.
_SLOW, _TOO_SLOW = 0.5, 1.4


def lost_request(at: Installation, chance: Random) -> Bill:
    """What the bank was asked never reaches it."""
    bill = new_bill(at)
    at.bank.expect(Trouble(before=lambda: False))
    with Payer(bill) as payer:
        payer.pay()
    return bill


def lost_answer(at: Installation, chance: Random) -> Bill:
    """The bank collects, and its answer is lost."""
    bill = new_bill(at)
    at.bank.expect(Trouble(after=lambda: False))
    with Payer(bill) as payer:
        payer.pay()
    return bill


def half_an_answer(at: Installation, chance: Random) -> Bill:
    """The bank collects, and the line breaks in the middle of its answer."""
    bill = new_bill(at)
    at.bank.expect(Trouble(after=lambda: False, arrives=chance.randint(10, 400)))
    with Payer(bill) as payer:
        payer.pay()
    return bill


def lost_answer_and_webhook(at: Installation, chance: Random) -> Bill:
    """The bank collects, its answer is lost, and no webhook comes."""
    bill = new_bill(at)
    at.bank.expect(Trouble(after=lambda: False))
    with at.bank.webhooks_held(), Payer(bill) as payer:
        payer.pay()
    return bill


def lost_answer_to_program(at: Installation, chance: Random) -> Bill:
    """The bank collects for a program, and its answer is lost, twice."""
    bill = new_bill(at, card=True)
    for _ in range(2):
        at.bank.expect(Trouble(after=lambda: False))
    with at.bank.webhooks_held():
        program = Program(bill)
        program.collect()
        program.collect()
        program.pay()
    return bill


def lost_answer_to_autopay(at: Installation, chance: Random) -> Bill:
    """AutoPay collects by itself, and the bank's answer is lost."""
    with at.bank.webhooks_held():
        bill = new_bill(at, autopay=True, before_issue=lambda: at.bank.expect(Trouble(after=lambda: False)))
        bill.wait_until_paid()
    return bill


def slow_bank(at: Installation, chance: Random) -> Bill:
    """The bank takes its time, and the customer presses again meanwhile."""
    bill = new_bill(at)
    at.bank.expect(Trouble(before=_pause(_SLOW)))
    with Payer(bill) as payer:
        payer.send_at_once([payer.must_open()] * 3)
        payer.pay()
    return bill


def bank_that_is_too_slow(at: Installation, chance: Random) -> Bill:
    """The bank collects when nobody waits for its answer any more: when the server has asked what became of it."""
    bill = new_bill(at)
    at.bank.expect(Trouble(before=_pause(_TOO_SLOW)))
    with Payer(bill) as payer:
        payer.pay()
    return bill


def bank_that_is_down(at: Installation, chance: Random) -> Bill:
    """The bank answers nobody for some seconds."""
    bill = new_bill(at)
    with Payer(bill) as payer:
        form = payer.must_open()
        with at.bank.away():
            payer.send(form)
            payer.send(form)
            threading.Event().wait(chance.uniform(0.5, 3))
        payer.pay()
    return bill


def database_away(at: Installation, chance: Random) -> Bill:
    """The database goes away before the customer pays, and comes back."""
    bill = new_bill(at)
    with Payer(bill) as payer:
        form = payer.must_open()
        gone = threading.Event()
        outage = threading.Thread(target=_take_away, args=[at, gone])
        outage.start()
        gone.wait(30)
        payer.send(form)
        outage.join()
        payer.pay()
    return bill


def database_away_meanwhile(at: Installation, chance: Random) -> Bill:
    """The database goes away while the bank collects: nothing of it can be written down."""
    bill = new_bill(at)
    gone = threading.Event()
    outage = threading.Thread(target=_take_away, args=[at, gone])

    def take_away() -> bool:
        outage.start()
        return gone.wait(30)

    at.bank.expect(Trouble(before=take_away))
    with Payer(bill) as payer:
        payer.send(payer.must_open())
        outage.join()
        payer.pay()
    return bill


def database_away_from_program(at: Installation, chance: Random) -> Bill:
    """The same to a program, which asks again with its key."""
    bill = new_bill(at, card=True)
    gone = threading.Event()
    outage = threading.Thread(target=_take_away, args=[at, gone])

    def take_away() -> bool:
        outage.start()
        return gone.wait(30)

    at.bank.expect(Trouble(before=take_away))
    program = Program(bill)
    program.collect()
    outage.join()
    program.pay()
    return bill


def _take_away(at: Installation, gone: threading.Event) -> None:
    with at.database.away():
        gone.set()
        threading.Event().wait(at.outage)


def _pause(seconds: float) -> Callable[[], bool]:
    def pause() -> bool:
        threading.Event().wait(seconds)
        return True

    return pause


OUTAGES = (
    lost_request,
    lost_answer,
    half_an_answer,
    lost_answer_and_webhook,
    lost_answer_to_program,
    lost_answer_to_autopay,
    slow_bank,
    bank_that_is_too_slow,
    bank_that_is_down,
    database_away,
    database_away_meanwhile,
    database_away_from_program,
)
