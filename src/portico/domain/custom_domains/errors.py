from portico.lib.errors import PorticoError


class DomainRefused(PorticoError):
    """A name that can't be a business's own domain, or not now; `code` says why."""

    code = "domain_refused"
