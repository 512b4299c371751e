"""Counting visits: which service, and what a page has to be allowed to load for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from portico.domain.branding.errors import AnalyticsRefused, SiteRefused
from portico.domain.branding.sites import Use, parse_site
from portico.lib.l10n import LANGUAGES

LONGEST_TEXT = 500
_GOOGLE, _UNIVERSAL = re.compile(r"G-[A-Z0-9]{4,20}"), re.compile(r"UA-.*", re.IGNORECASE)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_TAGS = "https://www.googletagmanager.com"
_COLLECTORS = ["https://*.google-analytics.com", "https://*.analytics.google.com"]


class Service(StrEnum):
    """Who counts."""

    GOOGLE = "google"
    MATOMO = "matomo"
    PLAUSIBLE = "plausible"


@dataclass(frozen=True, slots=True)
class Analytics:
    """How a portal's visits are counted. `host` is the service's own, `texts` what asks for consent, by language."""

    service: str = ""
    site_id: str = ""
    host: str = ""
    asks: bool = True
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what a business has kept; without a service nothing is counted."""
        return cls(**kept)

    def sites(self) -> dict[Use, list[str]]:
        """The sites that pages load from for it."""
        if self.service == Service.GOOGLE:
            return {
                Use.SCRIPT: [_TAGS],
                Use.IMAGE: [_TAGS, *_COLLECTORS[:1]],
                Use.CONNECT: [_TAGS, *_COLLECTORS],
            }
        if self.service:
            return {use: [self.host] for use in (Use.SCRIPT, Use.IMAGE, Use.CONNECT)}
        return {}


def checked(wanted: Analytics) -> Analytics:
    """Return it as it is kept, in the one way ids and hosts are written. Raises AnalyticsRefused."""
    if not wanted.service:
        return Analytics()
    site_id, host = wanted.site_id.strip(), ""
    if wanted.service == Service.GOOGLE:
        site_id = site_id.upper()
        if _UNIVERSAL.fullmatch(site_id):
            raise AnalyticsRefused("Google has stopped Universal Analytics.", code="analytics_universal")
        _require(_GOOGLE.fullmatch(site_id), "site_id", "analytics_google_id")
    else:
        shape = _NUMBER if wanted.service == Service.MATOMO else _DOMAIN
        _require(shape.fullmatch(site_id), "site_id", f"analytics_{wanted.service}_id")
        try:
            host = parse_site(wanted.host)
        except SiteRefused as error:
            raise AnalyticsRefused(error.message, code="analytics_host", field="host") from error
        _require("*" not in host, "host", "analytics_host")
    said = {language: wanted.texts.get(language, "").strip()[:LONGEST_TEXT] for language in LANGUAGES}
    texts = {language: text for language, text in said.items() if text}
    return Analytics(wanted.service, site_id, host, wanted.asks, texts)


def _require(met: object, where: str, code: str) -> None:
    if not met:
        raise AnalyticsRefused("This is not what the service calls it.", code=code, field=where)
