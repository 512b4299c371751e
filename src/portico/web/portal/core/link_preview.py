"""What messengers show of an address that somebody sends on: the business's name and icon, and nothing else.

Their programs open a link before a person does. They get one page for every address of a portal: it looks nothing up,
so it uses nothing up, opens no session, counts as no visit, and tells nobody whether a link is good.
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from portico.domain.access import queries as access
from portico.domain.businesses.models import Business
from portico.web.portal.core.gate import keep_private, language_for
from portico.web.shared.brand import brand_of
from portico.web.shared.page import page
from portico.web.shared.sites import Site, requested_site

# Messages on an iPhone name two of these, Signal names WhatsApp. The browsers in their apps are called otherwise:
# `Telegram-Android`, `Slack_SSB`, `Line/14`, `FBAN/FBIOS`.
_PREVIEWERS = re.compile(
    r"^WhatsApp/|facebookexternalhit|Facebot|TelegramBot|Twitterbot|Slackbot|Slack-ImgProxy|Discordbot|LinkedInBot"
    r"|SkypeUriPreview|line-poker|kakaotalk-scrap|Mattermost-Bot|Rocket\.Chat|^Synapse|Mastodon/|Bluesky Cardyb"
)
# Files that the page and its picture are made of.
_OPEN = frozenset({"brand_file", "embed_script"})


class LinkPreviewMiddleware:
    """Middleware that answers programs of messengers for all pages of a portal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Leave requests and responses as they are."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        """Return the page for a messenger's program; everybody else goes on to the view."""
        requested, match = requested_site(request), request.resolver_match
        if (
            requested.site != Site.PORTAL
            or request.method not in {"GET", "HEAD"}
            or (match and match.url_name in _OPEN)
        ):
            return None
        if not _PREVIEWERS.search(request.headers.get("User-Agent", "")):
            return None
        business = access.business_by_slug(requested.slug)
        return _preview(request, business) if business else None


def _preview(request: HttpRequest, business: Business) -> HttpResponseBase:
    with translation.override(language_for(request, business, None)):
        return keep_private(page(request, "portal/link_preview.html", {}, brand=brand_of(business)))
