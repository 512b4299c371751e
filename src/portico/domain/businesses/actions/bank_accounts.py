"""The accounts that a business asks its customers to transfer money to."""

from dataclasses import dataclass, replace

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.bank_numbers import compact, is_bic, is_iban
from portico.domain.businesses.models import BankAccount, Business
from portico.lib.clock import now
from portico.lib.errors import FieldError, Invalid
from portico.lib.l10n import is_country
from portico.lib.money import is_currency
from portico.lib.one_line import is_blank

_FIELDS = ("label", "currency", "country", "holder", "bank_name", "iban", "bic", "details")


@dataclass(frozen=True, slots=True)
class BankAccountInput:
    """A bank account. Without a currency, it is for documents in any that no other account is for."""

    label: str = ""
    currency: str = ""
    country: str = ""
    holder: str = ""
    bank_name: str = ""
    iban: str = ""
    bic: str = ""
    details: str = ""


@transaction.atomic
def add_bank_account(business: Business, data: BankAccountInput, *, by: Actor) -> BankAccount:
    """Let customers transfer to an account, after the others. Raises Invalid, with every field that is wrong."""
    data = _checked(data)
    business = _locked(business)
    account = BankAccount(business=business, position=business.bank_accounts.count())
    _keep(account, data)
    _record(Event.BANK_ACCOUNT_ADDED, account, by)
    return account


@transaction.atomic
def change_bank_account(account: BankAccount, data: BankAccountInput, *, by: Actor) -> BankAccount:
    """Change an account; open documents ask for it as it is now. Raises Invalid, with every field that is wrong."""
    data = _checked(data)
    _locked(account.business)
    _keep(account, data)
    _record(Event.BANK_ACCOUNT_CHANGED, account, by)
    return account


@transaction.atomic
def move_bank_account(account: BankAccount, *, up: bool, by: Actor) -> None:
    """Show an account one place earlier or later than the business's others."""
    rows = list(_locked(account.business).bank_accounts.order_by("position", "id"))
    place = [row.pk for row in rows].index(account.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    BankAccount.objects.bulk_update(rows, ["position"])
    _record(Event.BANK_ACCOUNT_CHANGED, account, by)


@transaction.atomic
def remove_bank_account(account: BankAccount, *, by: Actor) -> None:
    """Ask nobody to transfer to an account any more."""
    business = _locked(account.business)
    _record(Event.BANK_ACCOUNT_REMOVED, account, by)
    account.delete()
    _said_now(business)


def _keep(account: BankAccount, data: BankAccountInput) -> None:
    for name in _FIELDS:
        setattr(account, name, getattr(data, name))
    account.save()
    _said_now(account.business)


def _said_now(business: Business) -> None:
    """What was said last is valid: it goes before what earlier imported files say."""
    Business.objects.filter(pk=business.pk).update(bank_details_changed_at=now())


def _checked(data: BankAccountInput) -> BankAccountInput:
    """Return what is kept: numbers without spaces, and the country that the IBAN names."""
    data = replace(data, iban=compact(data.iban), bic=compact(data.bic))
    wrong = []
    if data.iban and not is_iban(data.iban):
        wrong.append(FieldError("/iban", "This is not an IBAN. Please check it character by character."))
    if not data.iban and is_blank(data.details):
        wrong.append(FieldError("/iban", "Give the IBAN or, where the country has none, the account's details."))
    if data.bic and not is_bic(data.bic):
        wrong.append(FieldError("/bic", "This is not a BIC, such as COBADEFFXXX."))
    if data.iban and is_blank(data.holder):
        wrong.append(FieldError("/holder", "Say in whose name the account is."))
    if data.currency and not is_currency(data.currency):
        wrong.append(FieldError("/currency", "There is no such currency."))
    if data.country and not is_country(data.country):
        wrong.append(FieldError("/country", "There is no such country."))
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    return replace(data, country=data.iban[:2]) if data.iban else data


def _locked(business: Business) -> Business:
    return Business.objects.select_for_update(no_key=True).get(pk=business.pk)


def _record(event: Event, account: BankAccount, by: Actor) -> None:
    name = account.label or account.iban or account.details.split("\n")[0][:60]
    data = {"name": name, **{part: getattr(account, part) for part in _FIELDS if part != "label"}}
    record(event, account, by=by, data=data)
