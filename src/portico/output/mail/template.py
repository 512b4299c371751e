"""What every mail is made of, written once for its text and its HTML."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, NamedTuple

from portico.lib.l10n import Formatter


class Attachment(NamedTuple):
    """A file that goes with a mail."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class EmailContent:
    """A mail as it reads, top to bottom; what is empty is left out.

    `reply_to` is where an answer goes, if not to the business. `why` tells the recipient why they got it; `quote` is
    what somebody wrote, with its own line ends. `button` is the label of the one action, `url` where it leads.
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
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()


class EmailTemplate(ABC):
    """A kind of mail. Its fields are the only data that its texts can use."""

    # How the log calls it.
    name: ClassVar[str]
    # How long after the event it is still worth sending.
    retry_for: ClassVar[timedelta] = timedelta(hours=24)

    @abstractmethod
    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        """Return the texts in the active language, `fmt`'s; `sender` is the business's name."""
