"""The sandbox bank's webhooks, posted to the running server as a real provider would."""

import logging
import urllib.request
from urllib.parse import urlsplit

from portico.gateways.sandbox.bank import Bank
from portico.gateways.sandbox.signature import signature
from portico.lib.clock import now

logger = logging.getLogger(__name__)

_SECONDS = 10
_TRIES_AT_START = 3


def deliver(bank: Bank, here: str = "") -> int:
    """Post the webhooks that are due, each signed, and return how many were taken. The others are posted again.

    They go to the addresses that the charges were made with; or, with `here`, to those same paths where Portico is
    served now, which may be another port than when a charge was made.
    """
    due = bank.due_notices()
    failed = []
    for notice in due:
        url = here + urlsplit(notice["url"]).path if here and notice["url"] else notice["url"]
        taken = bool(url) and _post(url, notice["secret"], notice["body"].encode())
        bank.noted(notice["id"], delivered=taken)
        if not taken:
            failed.append(notice)
    # A server that is just starting takes no webhooks yet: only what fails again is worth a line.
    if again := [notice for notice in failed if notice["tries"] >= _TRIES_AT_START]:
        logger.info("The sandbox could not deliver %d webhooks, and posts them again.", len(again))
    return len(due) - len(failed)


def _post(url: str, secret: str, body: bytes) -> bool:
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Sandbox-Signature": f"t={moment},v1={signature(secret, moment, body)}",
    }
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - the address is this installation's own
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return bool(answer.status == 200)
    except OSError as error:
        logger.debug("The sandbox could not deliver a webhook: %s", error)
        return False
