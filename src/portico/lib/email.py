"""E-mail addresses as they may be shown to somebody who is not known to read them."""


def masked(address: str) -> str:
    """Return an address that its reader knows again and nobody else can write to: `a•••@acme.de`.

    A name of one letter, or one that begins with anything but a letter or digit, shows nothing of itself.
    """
    name, at, domain = address.rpartition("@")
    first = name[:1] if len(name) > 1 and name[0].isalnum() else ""
    return f"{first}•••{at}{domain if at else ''}"
