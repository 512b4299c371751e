"""Stripe's own form: what is typed goes to Stripe, which gives a token for it. It needs JavaScript."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from portico.domain.payments.registry import gateway_named
from portico.lib.l10n import current_language
from portico.web.portal.core.method_forms.method_form import MethodForm


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _policy() -> Mapping[str, tuple[str, ...]]:
    """What Stripe's script needs (https://docs.stripe.com/security/guide#content-security-policy), and no more."""
    script, api = _origin(settings.PORTICO_STRIPE_JS_URL), _origin(settings.PORTICO_STRIPE_API_URL)
    # Its frames come from hosts below the script's own; a bank's challenge may be shown in one too.
    frames = ("https://*.js.stripe.com", "https://hooks.stripe.com") if script == "https://js.stripe.com" else ()
    return {"script-src": (script, *frames[:1]), "frame-src": (script, *frames), "connect-src": (api,)}


class StripeForm(MethodForm):
    """The Payment Element for one way to pay; its token is charged."""

    template: ClassVar[str] = "portal/method_forms/stripe.html"
    scripts: ClassVar[tuple[str, ...]] = (settings.PORTICO_STRIPE_JS_URL, "portico/stripe.js")
    policy: ClassVar[Mapping[str, tuple[str, ...]]] = _policy()
    # A token is good for one charge.
    secret_fields: ClassVar[frozenset[str]] = frozenset({"stripe_card", "stripe_direct_debit"})

    def fields(self) -> dict[str, forms.Field]:
        """Return the field that the script puts the token into."""
        missing = gettext_lazy("This way to pay needs JavaScript. Turn it on, or choose another way.")
        field = forms.CharField(
            label=gettext_lazy("Card or account"),
            max_length=255,
            widget=forms.HiddenInput,
            error_messages={"required": missing},
        )
        return {self._name: field}

    def values(self, amount: int, currency: str) -> Mapping[str, Any]:
        """Return what the script tells Stripe."""
        values = gateway_named(self.offer.account.gateway).form_values(self.offer.method, currency)
        key = self.offer.account.settings.get("publishable_key", "")
        return {**values, "key": key, "amount": amount, "currency": currency.lower(), "locale": current_language()}

    def details(self, cleaned: Mapping[str, Any]) -> dict[str, str]:
        """Return the token."""
        return {"stripe_token": str(cleaned.get(self._name) or "")}

    @property
    def _name(self) -> str:
        return f"stripe_{self.offer.method}"
