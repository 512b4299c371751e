"""Who works for a business, and what it tells its customers about paying."""

from collections.abc import Sequence

from django.db.models import QuerySet, prefetch_related_objects

from portico.domain.businesses.models import BankAccount, Business, Membership, PaymentInstruction, User
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id

Way = PaymentInstruction.Way


def staff_emails(business: Business) -> list[str]:
    """Return the e-mail addresses of everybody on a business's staff, in the order in which they joined."""
    rows = User.objects.filter(memberships__business=business, is_active=True).order_by("memberships__created_at", "id")
    return list(rows.values_list("email", flat=True))


def owners_of(business: Business) -> list[User]:
    """Return who decides for a business, in the order in which they joined."""
    rows = User.objects.filter(memberships__business=business, memberships__role=Membership.Role.OWNER, is_active=True)
    return list(rows.order_by("memberships__created_at", "id"))


def membership_of(user: User, business: Business) -> Membership:
    """Return the place of a member of staff in a business they belong to."""
    return Membership.objects.get(user=user, business=business)


def bank_accounts(business: Business) -> list[BankAccount]:
    """Return the accounts a business takes transfers on, in its order; read once for a business in memory."""
    prefetch_related_objects([business], "bank_accounts")
    return sorted(business.bank_accounts.all(), key=lambda row: (row.position, row.pk))


def bank_account(business: Business, name: str) -> BankAccount:
    """Return a business's bank account by its public id. Raises NotFound."""
    key = parse_public_id(name, "bank_account")
    found = BankAccount.objects.filter(business=business, pk=key).select_related("business").first() if key else None
    if found is None:
        raise NotFound(f"There is no bank account {name}.")
    return found


def payment_instructions(business: Business) -> QuerySet[PaymentInstruction]:
    """What a business says about transfers, checks and cash."""
    return PaymentInstruction.objects.filter(business=business)


def instructions(business: Business) -> list[PaymentInstruction]:
    """Return what a business says about transfers, checks and cash, the general texts first; read once as above."""
    prefetch_related_objects([business], "payment_instructions")
    return sorted(business.payment_instructions.all(), key=lambda row: (row.way, row.country, row.language))


def instruction(business: Business, name: str) -> PaymentInstruction:
    """Return one of these texts by its public id. Raises NotFound."""
    key = parse_public_id(name, "payment_instruction")
    rows = PaymentInstruction.objects.filter(business=business).select_related("business")
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no payment instruction {name}.")
    return found


def instructions_for(
    business: Business, language: str, country: str, rows: Sequence[PaymentInstruction] | None = None
) -> dict[str, str]:
    """Return what a reader of a language, at a customer in a country, is told, by way to pay.

    A text for the country goes before one for all, as it says something else; then the reader's language, a text for
    all languages, the business's own language and any other. `rows` are the business's texts where they are known.
    """
    order = [language, "", business.language]

    def fit(row: PaymentInstruction) -> tuple[bool, int]:
        return row.country == "", order.index(row.language) if row.language in order else len(order)

    said = instructions(business) if rows is None else rows
    fitting = [row for row in said if row.country in {"", country}]
    return {row.way: row.text for row in sorted(fitting, key=fit, reverse=True)}
