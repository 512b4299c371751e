"""What a link may name as the page it leads to: a closed list of names, never an address."""

PAGES = (
    "my_account",
    "invoices",
    "estimates",
    "credit_notes",
    "payments",
    "balance_forward_statement",
    "open_item_statement",
    "pay",
    "update_billing_info",
    "add_payment_method",
)

# Where a link to a document may lead besides: to what is said about it, on its page.
CONVERSATION = "conversation"


def known_page(name: str) -> str:
    """Return the name of a page that the address of a link may ask for; empty for any other."""
    return name if name in {*PAGES, CONVERSATION} else ""
