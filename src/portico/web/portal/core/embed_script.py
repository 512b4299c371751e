"""The script that businesses put into their own pages to show the portal there: <portico-portal>. For everybody."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from portico.web import shared

_FILE = Path(shared.__file__).parent / "static" / "portico" / "portico-embed.js"


@csrf_exempt
def embed_script(request: HttpRequest) -> HttpResponse:
    """Answer with the script, at an address that stays the same; a new release is there within the hour."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    headers = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _script() -> bytes:
    return _FILE.read_bytes()
