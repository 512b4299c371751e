"""Run as `python -m benchmarks.unconfirmed COUNT BUSINESS` with an installation's environment: payments to confirm.

Makes so many payments of new invoices, each of a customer of its own, that the sandbox's bank has collected and nobody
here knows of yet, and writes down the webhook that would tell of each.
"""

import json
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

from benchmarks.confirming import NOTICES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
django.setup()

from django.conf import settings  # noqa: E402  # models can be imported only now

from portico.domain.activity.actor import OPERATOR  # noqa: E402  # as above
from portico.domain.businesses.models import Business  # noqa: E402  # as above
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer  # noqa: E402  # as above
from portico.domain.documents.actions.create import DocumentInput, create_document  # noqa: E402  # as above
from portico.domain.documents.models import Kind  # noqa: E402  # as above
from portico.domain.documents.totals import LineInput  # noqa: E402  # as above
from portico.domain.payments.actions.ask_provider import ask_provider  # noqa: E402  # as above
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt  # noqa: E402  # as above
from portico.domain.payments.models import GatewayAccount, Method, PaymentAttempt  # noqa: E402  # as above
from portico.gateways.sandbox.connection import bank  # noqa: E402  # as above
from portico.lib.ids import uuid7  # noqa: E402  # as above

# A card whose bank asks for a confirmation, which then comes here by webhook alone.
_CARD = {"cardholder": "Ada", "card_number": "4000 0000 0000 3220", "card_expiry": "12/40", "card_cvc": "123"}


def unconfirmed(business: Business, count: int) -> list[dict[str, Any]]:
    """Make payments that are collected and not known yet; returns a webhook of each."""
    account = GatewayAccount.objects.select_related("business").get(business=business, gateway="sandbox")
    return [_notice(_attempt(business, account)) for _ in range(count)]


def _attempt(business: Business, account: GatewayAccount) -> PaymentAttempt:
    key = f"payer-{uuid7().hex}"
    customer, _ = upsert_customer(business, CustomerInput(external_id=key, name=key), by=OPERATOR)
    data = DocumentInput(Kind.INVOICE, "EUR", business.today(), [LineInput("Work", Decimal(1), Decimal(100))])
    invoice = create_document(business, customer, data, by=OPERATOR)
    asked = AttemptInput(key, "EUR", Method.CARD, [ShareInput(invoice, invoice.open_amount)])
    attempt = start_attempt(customer, account, asked, by=OPERATOR)
    return ask_provider(attempt, by=OPERATOR, return_url="http://localhost", details=_CARD)


def _notice(attempt: PaymentAttempt) -> dict[str, Any]:
    bank().move(attempt.provider_id, "succeeded")
    *_, notice = [row for row in bank().due_notices() if row["charge"] == attempt.provider_id]
    for row in bank().due_notices():
        # The server's own worker does not post them.
        bank().noted(row["id"], delivered=True)
    return {"body": notice["body"], "secret": notice["secret"]}


if __name__ == "__main__":
    count, slug = sys.argv[1:]
    made = unconfirmed(Business.objects.get(slug=slug), int(count))
    (Path(settings.PORTICO_HOME) / NOTICES).write_text(json.dumps(made))
