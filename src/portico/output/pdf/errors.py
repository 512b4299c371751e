from django.utils.translation import gettext as _

from portico.lib.errors import PorticoError
from portico.lib.l10n import current_language, formatter


class TooLong(PorticoError):
    """More rows than a PDF has room for: so many of them, and `most` at most."""

    code = "pdf_too_long"
    status = 422

    def __init__(self, rows: int, most: int) -> None:
        number = formatter(current_language()).number
        super().__init__(
            _("This has %(rows)s rows; a PDF has room for %(most)s. Choose less of it, or take the CSV.")
            % {"rows": number(rows), "most": number(most)}
        )
