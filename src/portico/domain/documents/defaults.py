"""What a document gets that its author left out: the customer's own terms first, then the business's."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document


def with_defaults(business: Business, customer: Customer, data: DocumentInput, given: Collection[str]) -> DocumentInput:
    """Return the input with what is not among the `given` fields as the customer's or the business's settings say."""
    left_out: dict[str, Any] = {}
    if SPECS[data.kind].sign > 0:
        days = business.default_due_days if customer.payment_terms_days is None else customer.payment_terms_days
        left_out["terms"] = business.text("default_terms", customer.language)
        if days is not None:
            left_out["due_on"] = data.issued_on + timedelta(days=days)
    left_out["prices_include_tax"] = business.default_prices_include_tax
    return replace(data, **{name: value for name, value in left_out.items() if name not in given})


def as_it_is(document: Document, customer: Customer, data: DocumentInput, given: Collection[str]) -> DocumentInput:
    """Return the input with what is not among the `given` fields as a document has it, whatever the settings say now.

    A draft that gets another date is due by the settings again.
    """
    data = with_defaults(document.business, customer, data, given)
    left_out = {"terms": document.terms, "prices_include_tax": document.prices_include_tax}
    kept: dict[str, Any] = {name: value for name, value in left_out.items() if name not in given}
    if "due_on" not in given and data.issued_on == document.issued_on:
        kept["due_on"] = document.due_on
    return replace(data, **kept)
