"""Calls to Stripe's API, and what its errors mean to Portico."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import stripe
from django.conf import settings

from portico.domain.payments.gateway import Credentials, ProviderRefused, ProviderUnreachable

logger = logging.getLogger(__name__)

# The metadata in which an intent and a refund at Stripe say which key of Portico's they were made with.
KEY = "portico_key"

# Seconds to connect and to wait for an answer: banks take their time, and the sweep asks after two minutes.
_TIMEOUT = (5.0, 30.0)


@cache
def _http() -> stripe.RequestsClient:
    # One for all calls, so that connections are kept open, one per thread.
    return stripe.RequestsClient(timeout=_TIMEOUT)


def client_of(credentials: Credentials) -> stripe.StripeClient:
    """Return a client that acts for a business's account.

    The library repeats nothing: Portico asks again itself, under the same key, and knows then what it is waiting for.
    Two that retry would hold a customer up for minutes, and each would multiply the other's tries.
    """
    return stripe.StripeClient(
        credentials.secrets.get("secret_key", ""),
        base_addresses={"api": settings.PORTICO_STRIPE_API_URL},
        http_client=_http(),
        max_network_retries=0,
    )


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn the library's errors into the contract's; `what` says in the log what was asked.

    A declined method and a key that was used for something else are the caller's to deal with.
    """
    try:
        yield
    except (stripe.CardError, stripe.IdempotencyError):
        raise
    except stripe.AuthenticationError as error:
        raise ProviderRefused("Stripe does not know this secret key.", code="unknown_keys") from error
    except stripe.PermissionError as error:
        raise ProviderRefused("Stripe does not let this secret key do that.", code="keys_lack_permission") from error
    except stripe.InvalidRequestError as error:
        # Stripe's sentence is for developers: customers get one of ours.
        logger.error("Stripe refused to %s: %s (%s)", what, error.user_message, error.code)
        raise ProviderRefused(_plain(error), code=error.code or "refused_by_stripe") from error
    except stripe.StripeError as error:
        # No connection, a time-out, too many requests, an error inside Stripe: it may have done what it was asked.
        raise ProviderUnreachable("Stripe gave no answer.") from error


def _plain(error: stripe.InvalidRequestError) -> str:
    if error.code == "amount_too_small":
        return "The amount is less than the least that can be paid this way."
    if error.code == "amount_too_large":
        return "The amount is more than can be paid this way."
    return "This can't be paid this way. Nothing was charged."
