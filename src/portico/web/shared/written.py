"""A page as it was written, with marks where each response has something of its own: the nonce and the forms' token."""

from collections.abc import Mapping
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.middleware.csrf import get_token
from markupsafe import Markup

# Nobody has ever seen them, as no response leaves with them, so no text on a page can hold them.
_NONCE, _TOKEN = token_hex(16), token_hex(16)

# What templates write instead of `csp_nonce`, `csrf_token` and `csrf_input`.
MARKS = {
    "csp_nonce": _NONCE,
    "csrf_token": _TOKEN,
    "csrf_input": Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(_TOKEN),
}


class Written(HttpResponse):
    """A page for one request; `written` is what the same page for another request can be made from."""

    def __init__(
        self, request: HttpRequest, written: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self.written = written
        content = written
        for mark, value in ((_NONCE, get_nonce), (_TOKEN, get_token)):
            if mark.encode() in content:
                content = content.replace(mark.encode(), str(value(request)).encode())
        super().__init__(content, status=status, headers=headers)
