"""The first steps: where the dashboard begins until there is an invoice."""

from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_profile import change_profile
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.web.dashboard.tests.cast import Paper, a_document
from tests.bank import new_bank_account

PATH = "/settings/start"


def test_dashboard_begins_there_until_an_invoice_is_issued(owner: Client, acme: Customer) -> None:
    assert owner.get("/")["Location"] == PATH
    a_document(acme, Paper(draft=True))
    assert owner.get("/")["Location"] == PATH
    a_document(acme)
    assert owner.get("/")["Location"] == "/customers"


def test_each_step_says_what_is_missing_and_leads_there(owner: Client, shop: Business) -> None:
    html = owner.get(PATH).content.decode()
    for link in ("/settings/business#business_line1", "/settings/payments/bank", "/customers/new", "/documents/new"):
        assert f'href="{link}"' in html
    assert "VAT number" in html
    assert "The next invoice is INV-0001." in html
    assert html.count("po-step-done") == 1
    change_profile(shop, {"line1": "A 1", "postal_code": "1", "city": "B", "tax_number": "22/8"}, by=OPERATOR)
    new_bank_account(shop)
    html = owner.get(PATH).content.decode()
    assert html.count("po-step-done") == 3
    assert "Your papers say all that is asked." in html


def test_draft_says_what_the_law_would_miss_and_can_be_issued(owner: Client, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    html = owner.get(f"/documents/{draft.public_id}").content.decode()
    assert "The law of your country asks for more about your business" in html
    assert owner.post(f"/documents/{draft.public_id}/issue").status_code == 302
    assert Document.objects.get(pk=draft.pk).lifecycle == "issued"


def test_stranger_sees_their_own_steps(stranger: Client, acme: Customer) -> None:
    assert 'class="po-step po-step-done"' in stranger.get(PATH).content.decode()
    assert stranger.get(PATH).content.decode().count("po-step-done") == 1
