"""What DNS says of a domain: whether its TXT record proves it, and whether it leads here."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import dns.exception
import dns.rdatatype
import dns.resolver
from django.conf import settings

# How long one question may take, in seconds, over all servers.
_SECONDS = 5.0
# How many values of a record are kept and shown.
_KEPT = 5


@dataclass(frozen=True, slots=True)
class Findings:
    """What a look-up found.

    `proven` and `leads_here` are None when nobody knows, because a server did not answer. `texts` are the TXT records
    found, `aliases` the CNAME's target, `addresses` those the domain has, `expected` those it should have.
    """

    proven: bool | None
    leads_here: bool | None
    texts: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)


def look_up(name: str, *, proof_name: str, proof_value: str, target: str) -> Findings:
    """Ask DNS for a domain's proof and its way to `target`. Takes seconds when servers are silent."""
    resolver = _resolver()
    texts = _ask(resolver, proof_name, "TXT")
    aliases = None if texts is None else _ask(resolver, name, "CNAME")
    if texts is None or aliases is None:
        # The servers are silent: every further question would take as long again.
        return Findings(proven=None if texts is None else proof_value in texts, leads_here=None, texts=_some(texts))
    addresses = expected = None
    leads_here: bool | None = target in aliases
    if not leads_here:
        # At the top of a zone there is no alias: the addresses have to be the target's.
        addresses = _addresses(resolver, name)
        expected = _addresses(resolver, target) if addresses else None
        leads_here = _lead_to(addresses, expected)
    return Findings(
        proven=proof_value in texts,
        leads_here=leads_here,
        texts=_some(texts),
        aliases=_some(aliases),
        addresses=_some(addresses),
        expected=_some(expected),
    )


def _lead_to(addresses: list[str] | None, expected: list[str] | None) -> bool | None:
    """Tell whether a domain's addresses are all the target's; None when a server did not answer."""
    if addresses == []:
        return False
    return None if addresses is None or expected is None else bool(expected) and set(addresses) <= set(expected)


def _addresses(resolver: dns.resolver.Resolver, name: str) -> list[str] | None:
    four = _ask(resolver, name, "A")
    six = None if four is None else _ask(resolver, name, "AAAA")
    return None if four is None or six is None else four + six


def _ask(resolver: dns.resolver.Resolver, name: str, kind: str) -> list[str] | None:
    """Return a name's records of a kind, empty when there are none, or None when no server answers."""
    try:
        answer = resolver.resolve(name, kind, search=False, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return []
    except dns.exception.DNSException:
        return None
    if answer.rrset is None:
        return []
    return sorted(_text(record) for record in answer.rrset if record.rdtype == dns.rdatatype.from_text(kind))


def _text(record: Any) -> str:
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("utf-8", "replace")
    return str(record.to_text()).removesuffix(".").lower()


def _some(values: Iterable[str] | None) -> list[str]:
    return [value[:255] for value in list(values or ())[:_KEPT]]


def _resolver() -> dns.resolver.Resolver:
    """Return the system's resolver, or one that asks the servers set."""
    servers = settings.PORTICO_DNS_SERVERS
    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        hosts = [server.rpartition(":") if server.count(":") == 1 else (server, "", "53") for server in servers]
        resolver.nameservers = [host for host, _, _ in hosts]
        resolver.nameserver_ports = {host: int(port) for host, _, port in hosts}
    resolver.lifetime = _SECONDS
    # A record that was just made is to be found, whatever was known a minute ago.
    resolver.cache = None
    return resolver
