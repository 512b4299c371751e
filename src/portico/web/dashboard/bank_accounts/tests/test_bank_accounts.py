"""Bank accounts and payment texts in the dashboard: checked, ordered, changed and removed."""

from typing import Any

import pytest
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import BankAccount, Business, PaymentInstruction

LIST = "/settings/payments/bank"
NEW, NEW_TEXT = f"{LIST}/new", f"{LIST}/texts/new"
GOOD = {
    "holder": "Nordlicht GmbH",
    "bank_name": "Hansekontor",
    "iban": "de89 3704 0044 0532 0130 00",
    "bic": "cobadeffxxx",
    "currency": "eur",
}


def text(response: Any) -> str:
    return str(response.content.decode())


def followed(client: Client, response: Any) -> str:
    assert response.status_code == 302, text(response)[:3000]
    return text(client.get(response.headers["Location"]))


def test_account_is_kept_in_one_spelling_and_shown_as_customers_read_it(shop: Business, owner: Client) -> None:
    assert "No bank account yet" in text(owner.get(LIST))
    page = followed(owner, owner.post(NEW, GOOD))
    account = BankAccount.objects.get(business=shop)
    assert (account.iban, account.bic, account.currency, account.country) == (
        "DE89370400440532013000", "COBADEFFXXX", "EUR", "DE",
    )  # fmt: skip
    assert "IBAN DE89 3704 0044 0532 0130 00" in page
    form = text(owner.get(f"{LIST}/{account.public_id}"))
    assert 'value="DE89 3704 0044 0532 0130 00"' in form
    assert Activity.objects.get(verb="bank_account.added").data["iban"] == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"iban": "DE89 3704 0044 0532 0130 01"}, "iban", "This is not an IBAN."),
        ({"iban": "x"}, "iban", "This is not an IBAN."),
        ({"iban": ""}, "iban", "Give the IBAN or"),
        ({"bic": "COBA"}, "bic", "This is not a BIC"),
        ({"holder": " "}, "holder", "Say in whose name"),
        ({"holder": "\u200b"}, "holder", "Say in whose name"),
        ({"holder": "x" * 71}, "holder", "70"),
        ({"currency": "XQX"}, "currency", "There is no such currency."),
        ({"country": "XX"}, "country", ""),
        ({"details": "x" * 1001}, "details", "1000"),
        ({"details": "a\0b"}, "details", ""),
    ],
)
def test_wrong_account_is_refused_at_its_field_and_what_was_typed_stays(
    shop: Business, owner: Client, change: dict[str, str], field: str, said: str
) -> None:
    answer = owner.post(NEW, GOOD | change)
    html = text(answer)
    assert answer.status_code == 422
    assert f'id="bank_{field}_error"' in html
    assert said in html
    assert 'value="Hansekontor"' in html
    assert not BankAccount.objects.exists()
    assert not Activity.objects.filter(verb="bank_account.added").exists()


def test_account_of_a_country_without_iban_is_described(shop: Business, owner: Client) -> None:
    details = "Routing 021000021\r\nAccount 1234567"
    page = followed(owner, owner.post(NEW, {"details": details, "currency": "USD", "country": "US", "label": "US"}))
    assert "Routing 021000021\nAccount 1234567" in page
    assert BankAccount.objects.get(business=shop).country == "US"


def test_accounts_change_places_and_are_removed_after_a_question(shop: Business, owner: Client) -> None:
    owner.post(NEW, GOOD | {"label": "First"})
    owner.post(NEW, GOOD | {"label": "Second"})
    first, second = BankAccount.objects.order_by("position")
    html = followed(owner, owner.post(f"{LIST}/{second.public_id}", {"action": "up"}))
    assert html.index("Second") < html.index("First")
    owner.post(f"{LIST}/{second.public_id}", {"action": "up"})
    url = f"{LIST}/{first.public_id}"
    assert "Remove this bank account?" in text(owner.post(url, {"action": "remove"}))
    assert BankAccount.objects.count() == 2
    html = followed(owner, owner.post(url, {"action": "remove", "confirmed": "yes"}))
    assert "First" not in html
    assert owner.get(url).status_code == 404


def test_changed_account_is_what_is_shown(shop: Business, owner: Client) -> None:
    owner.post(NEW, GOOD)
    account = BankAccount.objects.get(business=shop)
    url = f"{LIST}/{account.public_id}"
    assert owner.post(url, GOOD | {"iban": "DE00"}).status_code == 422
    account.refresh_from_db()
    assert account.iban == "DE89370400440532013000"
    page = followed(owner, owner.post(url, GOOD | {"iban": "CH93 0076 2011 6238 5295 7", "currency": "CHF"}))
    assert "IBAN CH93 0076 2011 6238 5295 7" in page
    assert BankAccount.objects.get().country == "CH"


def test_text_for_customers_is_kept_once_for_its_readers(shop: Business, owner: Client) -> None:
    given = {"way": "check", "language": "de", "country": "CH", "text": "Bitte an das Postfach 12."}
    assert "Bitte an das Postfach 12." in followed(owner, owner.post(NEW_TEXT, given))
    answer = owner.post(NEW_TEXT, given | {"text": "Something else"})
    assert answer.status_code == 422
    assert "There is a text for this way to pay, language and country already." in text(answer)
    assert "Something else" in text(answer)
    for wrong in ({"text": " "}, {"way": "card"}, {"language": "xx"}, {"text": "x" * 501}):
        assert owner.post(NEW_TEXT, given | {"country": "DE"} | wrong).status_code == 422
    row = PaymentInstruction.objects.get(business=shop)
    assert row.text == "Bitte an das Postfach 12."
    url = f"{LIST}/texts/{row.public_id}"
    assert "Postfach 13" in followed(owner, owner.post(url, given | {"text": "Postfach 13"}))
    assert "No text yet" in followed(owner, owner.post(url, {"action": "remove"}))


def test_stranger_business_reaches_neither(shop: Business, owner: Client, stranger: Client) -> None:
    owner.post(NEW, GOOD)
    owner.post(NEW_TEXT, {"way": "cash", "text": "At the desk"})
    account, row = BankAccount.objects.get(), PaymentInstruction.objects.get()
    for url, data in (
        (f"{LIST}/{account.public_id}", GOOD | {"holder": "Me"}),
        (f"{LIST}/{account.public_id}", {"action": "remove", "confirmed": "yes"}),
        (f"{LIST}/texts/{row.public_id}", {"way": "cash", "text": "Give it to me"}),
    ):
        assert stranger.get(url).status_code == 404
        assert stranger.post(url, data).status_code == 404
    assert BankAccount.objects.get().holder == "Nordlicht GmbH"
    assert PaymentInstruction.objects.get().text == "At the desk"
