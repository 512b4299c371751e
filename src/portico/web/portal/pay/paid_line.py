from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaidLine:
    """An invoice that an attempt is for, how much of it, and what is still open."""

    number: str
    url: str
    amount: str
    left: str
