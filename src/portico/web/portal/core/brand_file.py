"""The files of a business's brand. Everybody may see them, signed in or not, and keep them for ever."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from portico.domain.branding import queries as branding
from portico.lib.errors import NotFound
from portico.web.portal.core.gate import portal_business

# An SVG that somebody opens by itself may draw, and nothing else.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_FOR_EVER = "public, max-age=31536000, immutable"


@csrf_exempt
def brand_file(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a file of the brand, also where the portal is off: its closed pages show the logo.

    The name of an SVG followed by `.png` is what it looks like in pixels.
    """
    business = portal_business(request)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    in_pixels = name.endswith(".svg.png")
    try:
        file = branding.brand_file(business, name.removesuffix(".png") if in_pixels else name)
    except NotFound:
        return HttpResponse(status=404, headers={"Cache-Control": "no-store"})
    headers = {
        "Cache-Control": _FOR_EVER,
        "Content-Security-Policy": _POLICY,
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Resource-Policy": "same-site",
    }
    content, media_type = (file.drawn, "image/png") if in_pixels else (file.content, file.media_type)
    return HttpResponse(bytes(content), content_type=media_type, headers=headers)
