from collections.abc import Mapping
from typing import Any, ClassVar

from django.forms import Field

from portico.domain.payments.offered import Offer


class MethodForm:
    """The fields for one way to pay, and how what was typed becomes the details its gateway charges.

    A gateway's own form overrides what differs. `template` shows the fields; it gets `way` (this offer's `Way`), and
    `values` besides. `scripts` are the static or foreign scripts that the page loads for it, `policy` what they need
    beyond the site's content security policy, by directive.
    """

    template: ClassVar[str] = "portal/method_forms/fields.html"
    scripts: ClassVar[tuple[str, ...]] = ()
    policy: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Never written into a page again, not even when the form is refused.
    secret_fields: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, offer: Offer) -> None:
        self.offer = offer

    def fields(self) -> dict[str, Field]:
        """Return the fields by name; a name belongs to one gateway and method alone."""
        return {}

    def values(self, amount: int, currency: str) -> Mapping[str, Any]:
        """Return what the template needs besides: a publishable key, what a script is to be told."""
        return {}

    def details(self, cleaned: Mapping[str, Any]) -> dict[str, str]:
        """Return what the gateway is to charge, from this form's cleaned fields."""
        return {name: str(cleaned.get(name) or "") for name in self.fields()}
