"""Bank accounts of a business in tests."""

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.bank_accounts import (
    BankAccountInput,
    add_bank_account,
    remove_bank_account,
)
from portico.domain.businesses.models import BankAccount, Business
from portico.domain.businesses.queries import bank_accounts

IBAN = "DE89 3704 0044 0532 0130 00"


def new_bank_account(business: Business, **values: str) -> BankAccount:
    """Give a business an account; one with an IBAN, in any currency, unless other values are given."""
    given = values if "details" in values else {"iban": IBAN, "holder": business.legal_name or business.name, **values}
    account = add_bank_account(business, BankAccountInput(**given), by=OPERATOR)
    business.refresh_from_db()
    return account


def only_bank_account(business: Business, details: str) -> None:
    """Leave a business one account that these words describe, or none."""
    for account in bank_accounts(business):
        remove_bank_account(account, by=OPERATOR)
    if details:
        new_bank_account(business, details=details)
    business.refresh_from_db()
