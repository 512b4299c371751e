"""Finding what was made at Stripe under one of Portico's keys, when no answer told its id.

Stripe's search lags behind by up to a minute and would call a charge unknown that was made; its lists do not.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import stripe

from portico.gateways.stripe.client import KEY
from portico.lib.ids import PREFIXES, instant_of, parse_public_id

# How far the clocks of Stripe and of this server may be apart.
_SKEW = timedelta(hours=1)
_PAGE = 100


def intent_by_key(client: stripe.StripeClient, key: str) -> stripe.PaymentIntent | None:
    """Return the payment intent that was made under a key, or None."""
    page = client.v1.payment_intents.list({"limit": _PAGE, "created": _since(key), "expand": ["data.payment_method"]})
    return _with_key(page.auto_paging_iter(), key)


def setup_by_key(client: stripe.StripeClient, key: str) -> stripe.SetupIntent | None:
    """Return the setup intent that was made under a key, or None."""
    page = client.v1.setup_intents.list({"limit": _PAGE, "created": _since(key), "expand": ["data.payment_method"]})
    return _with_key(page.auto_paging_iter(), key)


def refund_by_key(client: stripe.StripeClient, key: str) -> stripe.Refund | None:
    """Return the refund that was made under a key, or None."""
    return _with_key(client.v1.refunds.list({"limit": _PAGE, "created": _since(key)}).auto_paging_iter(), key)


def _with_key[Made: (stripe.PaymentIntent, stripe.SetupIntent, stripe.Refund)](
    rows: Iterable[Made], key: str
) -> Made | None:
    return next((row for row in rows if _key_of(row.metadata) == key), None)


def _key_of(metadata: Any) -> str:
    return str(metadata[KEY]) if metadata is not None and KEY in metadata else ""


def _since(key: str) -> stripe.params.PaymentIntentListParamsCreated:
    """Nothing was made under a key before the key itself: a key is a public id, which holds the time it was made."""
    made = parse_public_id(key, *PREFIXES)
    return {"gte": int((instant_of(made) - _SKEW).timestamp()) if made else 0}
