"""Which door a request has come to: a business's portal, the API, or the staff's pages.

The base host carries staff pages, the API and, under `/portal/{slug}/`, every portal; a business also answers at
`{slug}.{portal domain}` when such a domain is set. Any other host is unknown and gets a plain 404.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseNotFound, HttpResponsePermanentRedirect
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from portico.web.shared.doors import PORTAL_URLCONF, Door, Entry, enter, entry_of

Handler = Callable[[HttpRequest], HttpResponseBase]

_PORTAL_PATH = re.compile(r"/portal/([a-z0-9-]{1,40})(/.*)?", re.DOTALL)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class HostMiddleware:
    """Finds the door by host and path, and mounts a portal's pages where they were asked for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.proxies = [ipaddress.ip_network(name, strict=False) for name in settings.PORTICO_TRUSTED_PROXIES]
        base = settings.PORTICO_BASE_HOST
        self.base_hosts = {base} | (_LOOPBACK if base in _LOOPBACK else set())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self._believe_proxy(request)
        host = split_domain_port(request.META.get("HTTP_HOST", ""))[0]
        slug, prefix = self._portal(host, request.path_info)
        if slug is None and host not in self.base_hosts:
            return HttpResponseNotFound("Unknown host.\n", content_type="text/plain")
        if prefix is not None and request.path_info == prefix.rstrip("/"):
            return HttpResponsePermanentRedirect(prefix)
        if slug is None:
            door = Door.API if request.path_info.startswith("/api/") else Door.STAFF
            enter(request, Entry(door, host))
            return self.get_response(request)
        enter(request, Entry(Door.PORTAL, host, slug, prefixed=prefix is not None))
        request.urlconf = PORTAL_URLCONF
        if prefix is None:
            return self.get_response(request)
        request.path_info = request.path_info.removeprefix(prefix.rstrip("/"))
        set_script_prefix(prefix)
        try:
            return self.get_response(request)
        finally:
            set_script_prefix("/")

    def _portal(self, host: str, path: str) -> tuple[str | None, str | None]:
        """Return the business's slug and, when it is named by the path, the prefix its pages are mounted under."""
        domain = settings.PORTICO_PORTAL_DOMAIN
        if domain and host.endswith(f".{domain}"):
            return host.removesuffix(f".{domain}"), None
        match = _PORTAL_PATH.fullmatch(path) if host in self.base_hosts else None
        return (match[1], f"/portal/{match[1]}/") if match else (None, None)

    def _believe_proxy(self, request: HttpRequest) -> None:
        """Take address, scheme and host from a configured proxy's headers, and from nobody else's."""
        try:
            peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
        except ValueError:
            return
        if not any(peer in network for network in self.proxies):
            return
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        for address in reversed(forwarded):
            try:
                known = any(ipaddress.ip_address(address) in network for network in self.proxies)
            except ValueError:
                break
            request.META["REMOTE_ADDR"] = address
            if not known:
                break
        if request.META.get("HTTP_X_FORWARDED_HOST"):
            request.META["HTTP_HOST"] = request.META["HTTP_X_FORWARDED_HOST"].split(",")[-1].strip()
        if request.META.get("HTTP_X_FORWARDED_PROTO", "").strip().lower() == "https":
            request.META["wsgi.url_scheme"] = "https"


def _staff_only(middleware: Callable[..., object]) -> Callable[[Handler], Handler]:
    """Keep a layer that only staff pages need out of the way of portal and API requests."""

    def factory(get_response: Handler) -> Handler:
        layer = cast("Handler", middleware(get_response))

        def handle(request: HttpRequest) -> HttpResponseBase:
            return layer(request) if entry_of(request).door is Door.STAFF else get_response(request)

        return handle

    return factory


staff_sessions = _staff_only(SessionMiddleware)
staff_authentication = _staff_only(AuthenticationMiddleware)
staff_messages = _staff_only(MessageMiddleware)
