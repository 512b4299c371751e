"""Expected refusals: everything Portico says no to on purpose descends from `PorticoError`."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field.

    `pointer` is a JSON pointer into the input (`/lines/0/unit_price`); `message` is a plain sentence.
    """

    pointer: str
    message: str


class PorticoError(Exception):
    """A refusal that the person or program asking can understand and act on.

    `code` is stable and machine-readable, `message` a plain sentence, `status` the HTTP status of the response,
    `fields` the places in the input that are wrong (may be empty).
    """

    code = "refused"
    status = 422

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        fields: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status
        self.fields = tuple(fields)

    def __str__(self) -> str:
        return self.message


class NotFound(PorticoError):
    """The viewer has no such thing; also raised for things that belong to somebody else."""

    code = "not_found"
    status = 404


class Conflict(PorticoError):
    """The request contradicts what exists, for instance a number that is taken."""

    code = "conflict"
    status = 409


class Invalid(PorticoError):
    """The input itself is wrong; `fields` says where."""

    code = "invalid"
    status = 422
