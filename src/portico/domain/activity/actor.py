"""Who does something: the answer to "by whom" on every recorded change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that changes the books.

    `kind` is customer, staff, api, operator (the command line) or system; `id` is the public id of the session's
    customer, user or key; `label` is the name people read; `ip` is where a visitor came from, when there was one.
    """

    kind: str
    id: str = ""
    label: str = ""
    ip: str | None = None


OPERATOR = Actor("operator", label="Command line")
SYSTEM = Actor("system", label="Portico")
