"""A way to pay as a page shows it, and what its gateway's scripts need of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.forms import BoundField
from django.http import HttpResponse

from portico.web.portal.core.method_forms.method_form import MethodForm


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay; `words` say what it costs, `fields` are those of its gateway, `template` shows them."""

    value: str
    label: str
    words: str
    chosen: bool
    saves: bool
    template: str
    fields: list[BoundField]
    values: Mapping[str, Any]


def scripts_of(forms: Iterable[MethodForm]) -> list[str]:
    """Return the scripts that a page with these forms loads, each once."""
    return list(dict.fromkeys(script for form in forms for script in form.scripts))


def allow_scripts(response: HttpResponse, forms: Iterable[MethodForm]) -> None:
    """Widen the content security policy by what the gateways' own scripts need, for this answer alone."""
    policy: dict[str, Any] = dict(settings.SECURE_CSP)
    for form in forms:
        for directive, sources in form.policy.items():
            policy[directive] = list(dict.fromkeys([*policy.get(directive, []), *sources]))
    response._csp_config = policy  # type: ignore[attr-defined]  # what Django's own decorator sets
