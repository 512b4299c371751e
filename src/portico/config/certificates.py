"""TLS: the certificate that the server itself answers with, and the names that a proxy may have certificates for."""

import hmac
import ipaddress
import logging
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from granian.constants import SSLProtocols

from portico.domain.access.queries import business_by_slug
from portico.domain.custom_domains.queries import business_at

ASK_PATH = "/internal/tls/ask"

# How often the files are looked at, in seconds.
_LOOK_EVERY = 5

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its chain and its key, two PEM files."""

    chain: Path
    key: Path

    def refusal(self) -> str:
        """Say in a line why the files can't be used; empty when they can."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.chain, self.key)
        except ssl.SSLError as error:
            return f"{self.chain} and {self.key} are no certificate with its key: {error.reason or error}."
        except OSError as error:
            return f"The certificate can't be read: {error.strerror or error}: {error.filename or self.chain}."
        return ""

    def as_options(self) -> dict[str, Any]:
        """Return what Granian needs to answer with it."""
        return {"ssl_cert": self.chain, "ssl_key": self.key, "ssl_protocol_min": SSLProtocols.tls12}

    def watch(self, renewed: Callable[[], None]) -> None:
        """Call `renewed` whenever the files have changed and can be used; a pair that can't is said and left alone."""
        threading.Thread(target=self._watch, args=[renewed], name="certificate", daemon=True).start()

    def _watch(self, renewed: Callable[[], None]) -> None:
        pause, known = threading.Event(), self._state()
        while True:
            pause.wait(_LOOK_EVERY)
            state = self._state()
            if state == known:
                continue
            if refusal := self.refusal():
                _logger.error("The certificate is not renewed. %s", refusal)
            else:
                _logger.warning("The certificate has changed; web processes start again with it.")
                renewed()
            known = state

    def _state(self) -> list[tuple[int, int]]:
        found = []
        for path in (self.chain, self.key):
            try:
                stat = path.stat()
            except OSError:
                found.append((0, 0))
            else:
                found.append((stat.st_mtime_ns, stat.st_ino))
        return found


def ask(request: HttpRequest) -> HttpResponse:
    """Answer 200 when `domain` is served here, else 404; only to programs of this machine, or with the token."""
    if not _may_ask(request):
        return HttpResponse("Ask from this machine, or with the token.\n", "text/plain", status=403)
    if is_served(request.GET.get("domain", "").lower().removesuffix(".")):
        return HttpResponse("Served here.\n", "text/plain")
    return HttpResponse("Not served here.\n", "text/plain", status=404)


def is_served(host: str) -> bool:
    """Tell whether something answers at a host name: staff's pages, a business, or a business's own domain."""
    if host == settings.PORTICO_BASE_HOST:
        return True
    if not host.isprintable():
        return False
    slug, _, domain = host.partition(".")
    if domain and domain == settings.PORTICO_PORTAL_DOMAIN:
        return business_by_slug(slug) is not None
    return bool(host) and business_at(host) is not None


def _may_ask(request: HttpRequest) -> bool:
    token = settings.PORTICO_TLS_ASK_TOKEN
    if token and hmac.compare_digest(request.GET.get("token", "").encode(), token.encode()):
        return True
    # What a proxy passes on names its visitor; the proxy's own question does not.
    return "HTTP_X_FORWARDED_FOR" not in request.META and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
