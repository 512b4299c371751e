from portico.lib.errors import PorticoError


class TooLong(PorticoError):
    """More rows than a PDF has room for."""

    code = "pdf_too_long"
    status = 422
