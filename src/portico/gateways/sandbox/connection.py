"""How the gateway reaches its bank: in this process, or over HTTP when PORTICO_SANDBOX_URL names a server of it."""

import json
import urllib.error
import urllib.request
from functools import cache
from http.client import HTTPException
from typing import Any, Protocol, cast

from django.conf import settings

from portico.domain.payments.gateway import ProviderUnreachable
from portico.gateways.sandbox.bank import Bank

_SECONDS = 10


class Connection(Protocol):
    """What the gateway asks its bank."""

    def charge(self, asked: dict[str, Any]) -> dict[str, Any]: ...
    def read(self, *, key: str = "", identity: str = "") -> dict[str, Any] | None: ...
    def cancel(self, key: str, account: str) -> dict[str, Any]: ...
    def refund(self, key: str, identity: str, amount: int) -> dict[str, Any]: ...
    def read_refund(self, key: str) -> dict[str, Any] | None: ...
    def read_dispute(self, identity: str) -> dict[str, Any] | None: ...
    def remove_method(self, token: str) -> None: ...


def connect() -> Connection:
    """Return the bank: the one that settings name, or one beside the database's file."""
    return _Remote(settings.PORTICO_SANDBOX_URL) if settings.PORTICO_SANDBOX_URL else bank()


@cache
def bank() -> Bank:
    """Return the bank of this installation."""
    return Bank(settings.PORTICO_HOME / "sandbox.sqlite3")


class _Remote:
    """A bank that another process serves; see `portico.gateways.sandbox.server`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def charge(self, asked: dict[str, Any]) -> dict[str, Any]:
        return cast("dict[str, Any]", self._call("charge", asked=asked))

    def read(self, *, key: str = "", identity: str = "") -> dict[str, Any] | None:
        return self._call("read", key=key, identity=identity)

    def cancel(self, key: str, account: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self._call("cancel", key=key, account=account))

    def refund(self, key: str, identity: str, amount: int) -> dict[str, Any]:
        return cast("dict[str, Any]", self._call("refund", key=key, identity=identity, amount=amount))

    def read_refund(self, key: str) -> dict[str, Any] | None:
        return self._call("read_refund", key=key)

    def read_dispute(self, identity: str) -> dict[str, Any] | None:
        return self._call("read_dispute", identity=identity)

    def remove_method(self, token: str) -> None:
        self._call("remove_method", token=token)

    def _call(self, name: str, **arguments: Any) -> dict[str, Any] | None:
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own setting
            f"{self.url}/{name}", json.dumps(arguments).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                return cast("dict[str, Any] | None", json.load(answer))
        except (OSError, ValueError, HTTPException) as error:
            raise ProviderUnreachable("The sandbox's bank gave no answer.") from error
