"""The front end a request is for: a business's portal, the API, or the staff's pages.

The base host carries staff pages, the API and, under `/portal/{slug}/`, every portal; a business also answers at
`{slug}.{portal domain}` when such a domain is set, and at domains of its own that it has proven. Any other host is
unknown and gets a plain 404.
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
from django.urls import get_script_prefix, set_script_prefix

from portico.config import certificates
from portico.domain.custom_domains.queries import business_at
from portico.lib import faults
from portico.web.shared.sites import PORTAL_URLCONF, RequestedSite, Site, requested_site, set_requested_site

Handler = Callable[[HttpRequest], HttpResponseBase]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SLUG = r"[a-z0-9-]{1,40}"
_PORTAL_PATH = re.compile(rf"/portal/({_SLUG})(/.*)?", re.DOTALL)
# What programs and a bank's customers come to: no staff session is looked for.
_WITHOUT_STAFF = ("/api/", "/webhooks/", "/sandbox/")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class HostMiddleware:
    """Finds the front end by host and path, and mounts a portal's pages where they were asked for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.proxies = [ipaddress.ip_network(name, strict=False) for name in settings.PORTICO_TRUSTED_PROXIES]
        base = settings.PORTICO_BASE_HOST
        name = f"[{base}]" if ":" in base else base
        self.base_hosts = {name} | (_LOOPBACK if name in _LOOPBACK else set())
        domain = settings.PORTICO_PORTAL_DOMAIN
        self.portal_host = re.compile(rf"({_SLUG})\.{re.escape(domain)}") if domain else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self._believe_proxy(request)
        host = split_domain_port(request.META.get("HTTP_HOST", ""))[0]
        if request.path_info == certificates.ASK_PATH:
            return certificates.ask(request)
        (slug, prefix), business = self._portal(host, request.path_info), None
        if slug is None and host not in self.base_hosts:
            # Before the question, so that a database that is away is answered as on other pages of a portal.
            set_requested_site(request, RequestedSite(Site.PORTAL, host))
            if faults.going_on(writes=False):
                return self.get_response(request)
            business = business_at(host)
            slug = business.slug if business else None
        if slug is None and host not in self.base_hosts:
            return HttpResponseNotFound("Unknown host.\n", content_type="text/plain")
        if prefix is not None and request.path_info == prefix.rstrip("/"):
            return HttpResponsePermanentRedirect(prefix)
        if slug is None:
            site = Site.API if request.path_info.startswith(_WITHOUT_STAFF) else Site.DASHBOARD
            set_requested_site(request, RequestedSite(site, host))
            return self.get_response(request)
        set_requested_site(request, RequestedSite(Site.PORTAL, host, slug, prefix is not None, business))
        request.urlconf = PORTAL_URLCONF
        if prefix is None:
            return self.get_response(request)
        request.path_info = request.path_info.removeprefix(prefix.rstrip("/"))
        outer = get_script_prefix()
        set_script_prefix(prefix)
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(outer)

    def _portal(self, host: str, path: str) -> tuple[str | None, str | None]:
        """Return the business's slug and, when it is named by the path, the prefix its pages are mounted under.

        The base host stays what it is, even when it lies within the portals' own domain.
        """
        if host in self.base_hosts:
            match = _PORTAL_PATH.fullmatch(path)
            return (match[1], f"/portal/{match[1]}/") if match else (None, None)
        match = self.portal_host.fullmatch(host) if self.portal_host else None
        return (match[1], None) if match else (None, None)

    def _believe_proxy(self, request: HttpRequest) -> None:
        """Take address, scheme and host from a configured proxy's headers, and from nobody else's."""
        if settings.PORTICO_HTTPS:
            # No matter which proxy ends TLS, visitors only ever come to the address that links are built from.
            request.META["wsgi.url_scheme"] = "https"
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        request.META["REMOTE_ADDR"] = str(peer or "")
        if not self._is_proxy(peer):
            return
        for part in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            address = _address(part.strip())
            if address is None:
                break
            request.META["REMOTE_ADDR"] = str(address)
            if not self._is_proxy(address):
                break
        if request.META.get("HTTP_X_FORWARDED_HOST"):
            request.META["HTTP_HOST"] = request.META["HTTP_X_FORWARDED_HOST"].split(",")[-1].strip()
        if request.META.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip().lower() == "https":
            request.META["wsgi.url_scheme"] = "https"

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.proxies)


def _address(text: str) -> Address | None:
    """Return an IP address without its port or zone; IPv4 within IPv6 reads as IPv4."""
    bare = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text.partition("%")[0]
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _staff_only(middleware: Callable[..., object]) -> Callable[[Handler], Handler]:
    """Keep a layer that only staff pages need out of the way of portal and API requests."""

    def factory(get_response: Handler) -> Handler:
        layer = cast("Handler", middleware(get_response))

        def handle(request: HttpRequest) -> HttpResponseBase:
            return layer(request) if requested_site(request).site is Site.DASHBOARD else get_response(request)

        return handle

    return factory


staff_sessions = _staff_only(SessionMiddleware)
staff_authentication = _staff_only(AuthenticationMiddleware)
staff_messages = _staff_only(MessageMiddleware)
