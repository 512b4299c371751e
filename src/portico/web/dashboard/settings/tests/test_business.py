"""The business's own page: who it is, what its documents begin with, its numbers and its closed books."""

import re
from datetime import date

import pytest
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document, Sequence
from portico.web.dashboard.tests.cast import a_document

PATH = "/settings/business"


def shown(owner: Client) -> dict[str, str]:
    """What a browser would send of the page as it stands."""
    html = owner.get(PATH).content.decode()
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        found[attributes.get("name", "")] = attributes.get(
            "value", "on" if attributes.get("type") == "checkbox" else ""
        )
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL):
        found[name] = text
    return found


def test_profile_is_kept_and_shown_again(owner: Client, shop: Business) -> None:
    typed = shown(owner) | {
        "legal_name": "Nordlicht Studio GmbH",
        "tax_id": "DE811569869",
        "tax_number": "22/815/08154",
        "registration_court": "Amtsgericht Hamburg",
        "registration_number": "HRB 107221",
        "directors": "Ida Lund, Ole Beck",
        "email": "buero@nordlicht.example",
        "website": "https://nordlicht.example",
        "default_due_days": "14",
        "default_terms": "Net 14 days.\r\nNo discount.",
        "ageing_edges": "14; 28 60",
        "lock_date": "2025-12-31",
        "series_invoice_prefix": "{yy}/",
        "series_invoice_yearly": "on",
    }
    answer = owner.post(PATH, typed)
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    shop.refresh_from_db()
    assert (shop.legal_name, shop.directors, shop.default_terms) == (
        "Nordlicht Studio GmbH", "Ida Lund, Ole Beck", "Net 14 days.\nNo discount.",
    )  # fmt: skip
    assert (shop.ageing_edges, shop.lock_date, shop.default_due_days) == ([14, 28, 60], date(2025, 12, 31), 14)
    assert Sequence.objects.get(business=shop, series="invoice").prefix == "{yy}/"
    again = shown(owner)
    assert again["ageing_edges"] == "14, 28, 60"
    assert "Next: 26/0001, 26/0002" in owner.get(PATH).content.decode()
    change = Activity.objects.get(verb="profile.changed")
    assert (change.actor_label, change.data["after"]["tax_id"]) == ("Olga", "DE811569869")
    assert Activity.objects.filter(verb="numbering.changed").count() == 1
    owner.post(PATH, again)
    assert Activity.objects.filter(verb__in=["profile.changed", "numbering.changed", "lock_date.changed"]).count() == 3


def test_no_link_leads_away_between_the_fields(owner: Client) -> None:
    """What was typed would be lost: other pages are named after the button that keeps it."""
    form = owner.get(PATH).content.decode().split('<form class="po-settings"')[1].split("</form>")
    assert 'class="po-btn' in form[0]
    assert "<a " not in form[0]
    assert 'href="/settings/brand"' in form[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "nobody"),
        ("website", "javascript:alert(1)"),
        ("terms_url", "ftp://x.example"),
        ("country", "XX"),
        ("default_due_days", "-1"),
        ("ageing_edges", "60, 30"),
        ("ageing_edges", "thirty"),
        ("lock_date", "2026-11-20"),
        ("lock_date", "31.12.2025"),
        ("directors", "x" * 301),
        ("series_invoice_prefix", "{month}"),
        ("series_invoice_next_number", "0"),
        ("series_estimate_padding", "13"),
    ],
)
def test_wrong_value_is_said_at_its_field_and_nothing_is_kept(
    owner: Client, shop: Business, field: str, value: str
) -> None:
    answer = owner.post(PATH, shown(owner) | {"city": "Husum", field: value})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="business_{field}_error"' in html
    assert 'value="Husum"' in html
    shop.refresh_from_db()
    assert (shop.city, shop.lock_date) == ("", None)
    assert not Sequence.objects.exists()
    assert not Activity.objects.filter(verb="profile.changed").exists()


def test_what_the_law_asks_for_is_named_until_it_is_there(owner: Client, shop: Business) -> None:
    Business.objects.filter(pk=shop.pk).update(name="Nordlicht GmbH")
    html = owner.get(PATH).content.decode()
    callout = html[html.index("The law of your country") :][:1200]
    for field in ("line1", "city", "tax_id", "registration_court", "registration_number", "directors"):
        assert f'href="#business_{field}"' in callout
    filled = {"line1": "A 1", "postal_code": "1", "city": "B", "tax_number": "2", "directors": "C"}
    owner.post(PATH, shown(owner) | filled | {"registration_court": "D", "registration_number": "E"})
    assert "The law of your country" not in owner.get(PATH).content.decode()


def test_number_taken_while_the_page_is_open_is_kept(owner: Client, shop: Business, invoice: Document) -> None:
    typed = shown(owner)
    a_document(invoice.customer)
    owner.post(PATH, typed | {"city": "Husum"})
    assert not Activity.objects.filter(verb="numbering.changed").exists()


def test_stranger_changes_their_own_business_alone(stranger: Client, shop: Business) -> None:
    stranger.post(PATH, shown(stranger) | {"city": "Husum"})
    shop.refresh_from_db()
    assert shop.city == ""
    assert Business.objects.get(slug="fremd").city == "Husum"
