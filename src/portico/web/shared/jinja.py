"""The Jinja environment of every page: strict about missing names, translated, escaping by default."""

from functools import cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from portico.lib.l10n import apart


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend (`OPTIONS["environment"]`).

    Templates get `url(name, …)`, `static(path)`, `apart(name)` for a name within a sentence, and gettext in its new
    style: `_("Hello %(name)s", name=name)`.
    What depends on the reader (`fmt`, `language`, `direction`, `csp_nonce`) comes from `portico.web.shared.page`.
    """
    options["undefined"] = StrictUndefined
    options["autoescape"] = True
    env = Environment(  # noqa: S701  # autoescape is set above
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True, **options
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        _gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(url=_url, static=cache(static), apart=apart)
    env.policies["ext.i18n.trimmed"] = True
    return env


def _gettext(message: str) -> str:
    """Translate a text of a template: a page has some hundred, and each is looked up once per language."""
    return _translated(get_language(), message)


@cache
def _translated(language: str | None, message: str) -> str:
    # `language` is the one that is active: it is only part of the key.
    return gettext(message)


def _url(name: str, *args: object, **parameters: object) -> str:
    """Return the path of a named page; `args` fill its path in order, `parameters` by name."""
    return reverse(name, args=args or None, kwargs=parameters or None)
