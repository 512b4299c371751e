"""What a customer is asked for to pay or to save a method, gateway by gateway.

A module here is named after its gateway and has one `MethodForm`.

A gateway without a module has no fields: its provider asks on its own page, which the customer is sent to.
"""

from portico.domain.payments.offered import Offer
from portico.web.portal.core.method_forms.method_form import MethodForm
from portico.web.portal.core.method_forms.sandbox import SandboxForm
from portico.web.portal.core.method_forms.stripe import StripeForm

_FORMS: dict[str, type[MethodForm]] = {
    "sandbox": SandboxForm,
    "stripe": StripeForm,
}


def method_form(offer: Offer) -> MethodForm:
    """Return what is asked for to pay in a new way; what was saved needs nothing."""
    form = MethodForm if offer.saved else _FORMS.get(offer.account.gateway, MethodForm)
    return form(offer)
