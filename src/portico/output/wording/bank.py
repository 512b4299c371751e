"""Bank accounts in words, as a text has them."""

from portico.domain.businesses.bank_numbers import spaced
from portico.domain.businesses.models import BankAccount
from portico.domain.documents.how_to_pay import PayTo


def account_text(account: BankAccount) -> str:
    """Return an account as lines: the holder, the bank, IBAN and BIC, what else there is to know."""
    lines = [
        account.holder,
        account.bank_name,
        f"IBAN {spaced(account.iban)}" if account.iban else "",
        f"BIC {account.bic}" if account.bic else "",
        account.details,
    ]
    return "\n".join(line for line in lines if line.strip())


def pay_to_text(place: PayTo) -> str:
    """Return where transfers go as a text: an account below the other, or the words of an imported file."""
    return place.words or "\n\n".join(account_text(account) for account in place.accounts)
