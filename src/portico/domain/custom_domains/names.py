"""Names of domains: one spelling for each, and those that can't be a business's own."""

import ipaddress
import re

import idna
from django.conf import settings

from portico.domain.custom_domains.errors import DomainRefused

# Reserved by RFC 6761, RFC 6762, RFC 7686 and RFC 8375, or known on one network alone.
_LOCAL = {"localhost", "local", "internal", "invalid", "test", "example", "onion", "arpa", "lan", "home", "corp"}
# Browsers take a name that ends with one of these for an IP address.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def parse_domain(text: str) -> str:
    """Return a domain as DNS has it. Raises DomainRefused.

    >>> parse_domain("Billing.MyCompany.com.")
    'billing.mycompany.com'
    >>> parse_domain("rechnung.bücher.de")
    'rechnung.xn--bcher-kva.de'
    """
    name = text.strip().removesuffix(".")
    if not name or name.endswith(".") or any(part in name for part in ("/", ":", "@", "?", "#", "*")):
        raise DomainRefused(
            "Enter the name alone, such as billing.example.com, without https://, port or path.", code="domain_form"
        )
    try:
        # The dot at the end may be that of another script, too.
        name = idna.encode(name, uts46=True, std3_rules=True).decode().lower().removesuffix(".")
    except idna.IDNAError as error:
        raise DomainRefused("This is no name that a domain can have.", code="domain_form") from error
    labels = name.split(".")
    if _is_address(name):
        raise DomainRefused("Enter a name, not an IP address.", code="domain_is_ip")
    if len(labels) < 2 or _NUMBER.fullmatch(labels[-1]):
        raise DomainRefused("Enter the whole name, such as billing.example.com.", code="domain_form")
    if labels[-1] in _LOCAL:
        raise DomainRefused("This name is not known in the public internet.", code="domain_local")
    if _is_ours(name):
        raise DomainRefused("This name belongs to this installation.", code="domain_ours")
    return name


def shown(name: str) -> str:
    """Return a domain in its own script, where it has one.

    >>> shown("xn--bcher-kva.de")
    'bücher.de'
    """
    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name


def target() -> str:
    """Return the name that a CNAME record has to lead to: this installation's own."""
    host: str = settings.PORTICO_BASE_HOST
    return host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_ours(name: str) -> bool:
    own = [settings.PORTICO_BASE_HOST, settings.PORTICO_PORTAL_DOMAIN]
    portals = settings.PORTICO_PORTAL_DOMAIN
    return name in own or bool(portals and name.endswith(f".{portals}"))
