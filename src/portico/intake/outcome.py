"""What became of a file."""

from dataclasses import dataclass
from typing import Literal

from portico.domain.documents.models import Document

Status = Literal["imported", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. A refused one has only a `reason` and, when it is known, `where` it lies.

    `payable` is minor units of `currency`; `customer` is the name on the account. `document` is None for a refused
    file, and for one that would be imported by a run that changes nothing. `warnings` says what is doubtful, or kept
    aside, of one that is imported; `own_pdf` is the name of the PDF that is the document itself.
    """

    name: str
    status: Status
    kind: str = ""
    number: str = ""
    customer: str = ""
    currency: str = ""
    payable: int = 0
    document: Document | None = None
    reason: str = ""
    where: str = ""
    line: int | None = None
    code: str = ""
    warnings: tuple[str, ...] = ()
    own_pdf: str = ""
