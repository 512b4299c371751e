"""The application as a server runs it: Django, with static files answered in front of it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise  # type: ignore[import-untyped]  # published without types

from portico.config.bodies import with_bodies_read, with_chunked_bodies, with_utf8_alone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")


def _harden(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-site"


application = WhiteNoise(
    with_utf8_alone(with_chunked_bodies(with_bodies_read(get_wsgi_application()))),
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    # A name with its content's hash may be kept for ever; a browser that uses another one asks again after a minute.
    immutable_file_test=r"\.[0-9a-f]{12}\.\w+$",
    allow_all_origins=False,
    add_headers_function=_harden,
)
