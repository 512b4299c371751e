"""Where to send a transfer for some invoices: a box for each account that is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from portico.domain.businesses.models import Business
from portico.domain.documents.how_to_pay import ways_to_pay
from portico.domain.documents.models import Document
from portico.web.portal.core.kinds import quote_numbers, quote_sentence


@dataclass(frozen=True, slots=True)
class BankBox:
    """Payment details, and what to write on the transfer."""

    text: str
    quote: str


def bank_boxes(business: Business, invoices: Iterable[Document], *, numbered: bool) -> list[BankBox]:
    """Return the boxes for invoices that are owed; those that nobody has said how to pay are left out.

    With `numbered`, and where there are several boxes, each names its invoices.
    """
    ways = ways_to_pay(business, invoices)
    quote = quote_numbers if numbered or len(ways) > 1 else quote_sentence
    return [BankBox(text, quote(numbers)) for text, numbers in ways.items() if text]
