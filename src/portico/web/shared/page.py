"""Turning a template into a response: what every page knows about its reader, and the named parts htmx asks for."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.functional import SimpleLazyObject
from jinja2 import Template
from markupsafe import Markup

from portico.lib.l10n import LANGUAGES, Formatter, current_language, formatter
from portico.web.shared.brand import REPORTS, Brand

_TOKEN_FIELD = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    brand: Brand,
    language_url: str = "",
    status: int = 200,
    part: str = "",
) -> HttpResponse:
    """Answer with a template, or with only its block `part` when htmx asks for the region of that name.

    Every template gets `fmt` (the reader's formatter), `language`, `direction`, `languages`, `language_url` (empty when
    the language can't be changed here), `here`, `acting_for`, `frame` (the page is in, or None), `brand`, `csp_nonce`,
    `csrf_input` and `csrf_token`.
    """
    fmt = reader_formatter()
    # A page without a form needs no token, and one with several forms needs only one.
    token = SimpleLazyObject(lambda: get_token(request))
    values: dict[str, Any] = {
        "request": request,
        "fmt": fmt,
        "language": fmt.language,
        "direction": fmt.direction,
        "languages": LANGUAGES,
        "language_url": language_url,
        "here": request.get_full_path(),
        "acting_for": "",
        "frame": None,
        "brand": brand,
        "csp_nonce": get_nonce(request),
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(lambda: _TOKEN_FIELD.format(token)),
        **context,
    }
    compiled = _template(template)
    if part and wants_part(request, part):
        html = "".join(compiled.blocks[part](compiled.new_context(values)))
    else:
        html = compiled.render(values)
    response = HttpResponse(html, status=status)
    if brand.policy is not None:
        _say_policy(response, brand.policy)
    if part:
        response.headers["Vary"] = "HX-Request, HX-Target"
    return response


def _say_policy(response: HttpResponse, policy: Mapping[str, Any]) -> None:
    response._csp_config = policy  # type: ignore[attr-defined]  # what Django's own decorator sets
    response.headers["Reporting-Endpoints"] = f'{REPORTS}="{policy["report-uri"][0]}"'


def wants_part(request: HttpRequest, part: str) -> bool:
    """Tell whether htmx asks for this region only. Coming back through history asks for the whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Target") == part
        and headers.get("HX-History-Restore-Request") != "true"
    )


def load_templates(*folders: str) -> None:
    """Compile the templates below some folders, which is otherwise done when a page is first asked for."""
    environment = cast("Jinja2", engines["jinja2"]).env
    for name in environment.list_templates(filter_func=lambda name: name.startswith(folders)):
        environment.get_template(name)


def _template(name: str) -> Template:
    engine = cast("Jinja2", engines["jinja2"])
    return engine.env.get_template(name)


def reader_formatter() -> Formatter:
    """Return the formatter of the reader's language."""
    return formatter(current_language())
