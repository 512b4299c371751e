"""What every mail is made of: the words, said once, for its text and its HTML alike."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from portico.lib.l10n import Formatter


@dataclass(frozen=True, slots=True)
class Words:
    """A mail as it reads, top to bottom; what is empty is left out.

    `why` tells the recipient why they got it; `quote` is what somebody wrote, with its own line ends. `button` is the
    label of the one action, `url` where it leads.
    """

    subject: str
    heading: str
    why: str
    lead: list[str] = field(default_factory=list)
    quote: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    code: str = ""
    button: str = ""
    url: str = ""
    after: list[str] = field(default_factory=list)


class Letter(ABC):
    """A kind of mail. Its fields are everything it says besides its words, so nothing else can slip in."""

    # How the log calls it.
    name: ClassVar[str]
    # How long after the event it is still worth sending.
    patience: ClassVar[timedelta] = timedelta(hours=24)

    @abstractmethod
    def words(self, sender: str, fmt: Formatter) -> Words:
        """Say it in the language that is active, `fmt`'s; `sender` is the business's name."""
