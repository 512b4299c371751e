"""E-mail addresses as they may be shown to somebody who is not known to read them."""


def masked(address: str) -> str:
    """Return an address that its reader knows again and nobody else can write to: `a•••@acme.de`."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}•••{at}{domain}"
