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
