"""Web processes, the worker or both are killed with SIGKILL at each place of each way to be paid."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from random import Random

from tests.faults import places
from tests.faults.bank import Trouble
from tests.faults.bill import Bill, new_bill
from tests.faults.card import DEBIT
from tests.faults.installation import Installation, wait_until
from tests.faults.payer import Payer, Program

TARGETS = ("web", "worker", "both")
_BEGINNING = (places.BEFORE_ATTEMPT, places.AFTER_ATTEMPT)
_GOING_ON = (
    places.BEFORE_CALL,
    places.DURING_CALL,
    places.AFTER_CALL,
    places.BEFORE_OUTCOME,
    places.AFTER_OUTCOME,
)

type Kill = Callable[[Installation, Random], Bill]


def kills() -> Iterator[tuple[str, Kill]]:
    """Yield every kill with its name: `page before-call: web`."""
    for way, (role, begins, pay) in _WAYS.items():
        for place in (*_BEGINNING, *_GOING_ON) if begins else _GOING_ON:
            for target in TARGETS:
                yield f"{way} {place}: {target}", partial(_killed, role, pay, place, target)


def _killed(role: str, pay: "_Way", place: str, target: str, at: Installation, chance: Random) -> Bill:
    def strike() -> None:
        """Give the order, now that who is to be killed is running."""
        wait_until(lambda: bool(at.server.processes(target)), 20, f"the {target} runs")
        pids = at.server.processes(target)
        if place != places.DURING_CALL:
            places.order(at.folder, place, role, pids)
            return

        def kill() -> bool:
            places.kill(pids)
            return True

        at.bank.expect(Trouble(frozenset({"charge", "read"}), after=kill))

    # Sometimes the bank's webhook helps, sometimes the server has to find out by itself. It would be faster than the
    # worker, and keep it from the place where it is to die.
    held = role == "worker" or chance.random() < 0.5
    with at.bank.webhooks_held() if held else nullcontext():
        bill = pay(at, strike)
    wait_until(at.is_settled, 5, "the kill has come about")
    return bill


type _Way = Callable[[Installation, Callable[[], None]], Bill]


def _on_the_page(at: Installation, strike: Callable[[], None]) -> Bill:
    bill = new_bill(at)
    with Payer(bill) as payer:
        form = payer.must_open()
        strike()
        payer.send(form)
        payer.pay()
    return bill


def _by_a_program(at: Installation, strike: Callable[[], None]) -> Bill:
    bill = new_bill(at, card=True)
    strike()
    Program(bill).pay()
    return bill


def _by_autopay(at: Installation, strike: Callable[[], None]) -> Bill:
    bill = new_bill(at, autopay=True, before_issue=strike)
    bill.wait_until_paid()
    return bill


def _by_asking_the_bank(at: Installation, strike: Callable[[], None]) -> Bill:
    """The bank's answer is lost and no webhook comes, so that the worker asks for it later."""
    bill = new_bill(at)
    at.bank.expect(Trouble(after=lambda: False))
    with at.bank.webhooks_held(), Payer(bill) as payer:
        payer.send(payer.must_open())
        strike()
        payer.pay()
    return bill


def _by_webhook(at: Installation, strike: Callable[[], None]) -> Bill:
    """A debit settles, and its webhook is the first to say so."""
    bill = new_bill(at)
    with at.bank.webhooks_held(), Payer(bill, DEBIT) as payer:
        payer.send(payer.must_open())
        (charge,) = at.bank.charges_of(bill.amount)
        # The server asks for itself by and by; the webhook has to be faster.
        strike()
        at.bank.bank.move(charge["id"], "succeeded")
        for notice in at.bank.notices_of(charge["id"]):
            at.bank.post(notice)
        bill.wait_until_paid()
    return bill


_WAYS: dict[str, tuple[str, bool, _Way]] = {
    "page": ("web", True, _on_the_page),
    "program": ("web", True, _by_a_program),
    "AutoPay": ("worker", True, _by_autopay),
    "question": ("worker", False, _by_asking_the_bank),
    "webhook": ("web", False, _by_webhook),
}
