"""Those who pay: a customer at the pay page, and a program at the API. A payer who gets no answer asks again."""

import re
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import httpx

from tests.faults.bill import Bill
from tests.faults.card import CARD
from tests.faults.installation import insist, wait_until
from tests.forms import filled

_LONG = 120.0


class Payer:
    """A customer's browser, signed in. A form is an address and what is sent there."""

    def __init__(self, bill: Bill, typed: Mapping[str, str] = CARD) -> None:
        self.bill, self.typed = bill, dict(typed)
        number = bill.amount
        ip = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.browser = httpx.Client(base_url=bill.at.server.url, timeout=30, headers={"X-Forwarded-For": ip})
        link = bill.at.found(f"/customers/{bill.customer}/portal_url")["customer"]["portal_url"]
        self.portal = re.sub(r"/s/.*", "", link)
        insist(lambda: self.browser.get(link, follow_redirects=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.browser.close()

    def open(self) -> tuple[str, dict[str, Any]] | None:
        """Open the pay page; returns its form, filled in, or None when it asks for nothing."""
        query = {"invoice": self.bill.invoice}
        html = insist(lambda: self.browser.get(f"{self.portal}/pay", params=query)).text
        action = re.search(r'<form class="po-pay" method="post" action="([^"]*)"', html)
        return (action[1].replace("&amp;", "&"), filled(html) | self.typed) if action else None

    def must_open(self) -> tuple[str, dict[str, Any]]:
        """Open the pay page of what is open."""
        form = self.open()
        assert form is not None, "there is nothing to pay"
        return form

    def send(self, form: tuple[str, dict[str, Any]]) -> httpx.Response:
        """Press Pay once; when no answer comes, reload, which sends the same form. Then look at where that leads."""
        answer = insist(lambda: self.browser.post(form[0], data=form[1]))
        if answer.status_code == httpx.codes.SEE_OTHER:
            return insist(lambda: self.browser.get(answer.headers["Location"]))
        return answer

    def send_at_once(self, forms: list[tuple[str, dict[str, Any]]]) -> list[httpx.Response]:
        """Press Pay on several pages at the same moment."""
        gate = threading.Barrier(len(forms))

        def press(form: tuple[str, dict[str, Any]]) -> httpx.Response:
            gate.wait()
            return self.send(form)

        with ThreadPoolExecutor(len(forms)) as pool:
            return list(pool.map(press, forms))

    def pay(self) -> None:
        """Press Pay whenever the page offers it, until the invoice is paid: nobody is more eager."""

        def pressed() -> bool:
            form = self.open()
            if form is not None:
                self.send(form)
            return self.bill.is_paid

        wait_until(pressed, _LONG, f"{self.bill.invoice} is paid by an eager customer")


class Program:
    """A program that charges a saved card and sends each request with an Idempotency-Key."""

    def __init__(self, bill: Bill) -> None:
        self.bill = bill
        self.serial = 0

    def collect(self) -> dict[str, Any]:
        """Ask for the money under the present key, as often as it takes to get an answer."""
        body = {
            "customer": self.bill.customer,
            "invoices": [{"invoice": self.bill.invoice}],
            "receipt_email": self.bill.email,
        }
        key = {"Idempotency-Key": f"{self.bill.invoice}-{self.serial}"}
        answer = self.bill.at.ask("POST", "/payment_attempts", json=body, headers=key)
        found: dict[str, Any] = answer.json()
        return found if answer.is_success else {"status": "refused", **found}

    def pay(self) -> None:
        """Collect, and again under a new key when that came to nothing, until the invoice is paid."""

        def collected() -> bool:
            # What was canceled or refused is over; anything else is asked about again under the same key.
            if self.collect()["status"] in {"canceled", "failed", "refused"}:
                self.serial += 1
            return self.bill.is_paid

        wait_until(collected, _LONG, f"{self.bill.invoice} is paid by an eager program")
