"""Why a file was not taken."""

from portico.lib.errors import PorticoError


class Unreadable(PorticoError):
    """A file, or one thing in it, can't be taken as it stands.

    `line` is the line in the file (1 is the first) or None where there is no such place; `place` names the element,
    for instance `cac:LegalMonetaryTotal/cbc:PayableAmount`, or is "" when the file as a whole is meant.
    """

    code = "unreadable_file"

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        place: str = "",
        code: str | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.line = line
        self.place = place

    @property
    def where(self) -> str:
        """`line 12, cbc:IssueDate`, as much of it as is known."""
        parts = [f"line {self.line}" if self.line else "", self.place]
        return ", ".join(part for part in parts if part)
