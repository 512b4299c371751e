"""Where the money for a document goes: what is valid now, whatever was printed when it was issued."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portico.domain.businesses.models import BankAccount, Business
from portico.domain.businesses.queries import bank_accounts
from portico.domain.documents.models import Document

_TRANSFER = "bank_transfer"


@dataclass(frozen=True, slots=True)
class PayTo:
    """Where transfers go: to these accounts of the business, or where an imported file says in its own words."""

    accounts: tuple[BankAccount, ...] = ()
    words: str = ""


def how_to_pay(business: Business, document: Document, accounts: Sequence[BankAccount] | None = None) -> PayTo | None:
    """Return where an invoice of the business asks to be paid to.

    None when nothing is owed on it, transfers are disabled for it or its customer, or nobody said.

    It is the business's accounts of today, which `accounts` holds where they are known. An imported invoice keeps what
    its file brought (another account, a payee, a reference) until the business changes its accounts after the import:
    what was said last is valid.
    """
    if not document.is_owed or _TRANSFER in {*document.disabled_methods, *document.customer.disabled_methods}:
        return None
    own = accounts_for(document.currency, bank_accounts(business) if accounts is None else accounts)
    changed = business.bank_details_changed_at
    is_newer = bool(own) and changed is not None and changed > document.created_at
    if document.source == "import" and document.payment_means and not is_newer:
        return PayTo(words=document.payment_means)
    return PayTo(own) if own else None


def accounts_for(currency: str, accounts: Iterable[BankAccount]) -> tuple[BankAccount, ...]:
    """Return the accounts for a currency; those for any currency where none is for this one."""
    rows = list(accounts)
    return tuple(row for row in rows if row.currency == currency) or tuple(row for row in rows if not row.currency)


def ways_to_pay(
    business: Business, documents: Iterable[Document], accounts: Sequence[BankAccount] | None = None
) -> dict[tuple[str, PayTo], list[Document]]:
    """Return those documents that are owed by their currency and where they ask to be paid to, as `how_to_pay` says."""
    owed = [row for row in documents if row.is_owed]
    known = bank_accounts(business) if accounts is None and owed else accounts or ()
    found: dict[tuple[str, PayTo], list[Document]] = {}
    for row in owed:
        place = how_to_pay(business, row, known)
        if place is not None:
            found.setdefault((row.currency, place), []).append(row)
    return found
