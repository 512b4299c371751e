from portico.lib.errors import PorticoError


class PictureRefused(PorticoError):
    """A picture that can't be shown as a logo or an icon; `code` says why, `line` and `part` where in an SVG.

    `slot` is the picture it was to be: a logo or an icon.
    """

    code = "picture_refused"

    def __init__(self, message: str, *, code: str, line: int = 0, part: str = "") -> None:
        super().__init__(message, code=code)
        self.line, self.part, self.slot = line, part, ""


class StylesheetRefused(PorticoError):
    """A style sheet that may not be used: `line` and `part` say where and what, `code` why."""

    code = "stylesheet_refused"

    def __init__(self, message: str, *, code: str, line: int = 0, part: str = "") -> None:
        super().__init__(message, code=code)
        self.line, self.part = line, part


class SiteRefused(PorticoError):
    """What is no site that can be trusted; `code` says why."""

    code = "site_refused"


class AnalyticsRefused(PorticoError):
    """An id or a host that no service for counting visits has; `field` says which, `code` why."""

    code = "analytics_refused"

    def __init__(self, message: str, *, code: str, field: str = "site_id") -> None:
        super().__init__(message, code=code)
        self.field = field


class ScriptRefused(PorticoError):
    """A script that is too large."""

    code = "script_too_large"
