"""The portal's settings: only valid ones are kept, and what was typed is not lost."""

import pytest
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business

PATH = "/settings/portal"
GOOD = {
    "portal_enabled": "on",
    "link_life_days": "365",
    "show_sales_orders": "on",
    "allow_contact_edits": "on",
    "welcome_message": "Welcome.\r\nPlease pay by transfer.",
}


def test_settings_are_shown_and_kept(owner: Client, shop: Business) -> None:
    html = owner.get(PATH).content.decode()
    assert 'value="30"' in html
    assert "http://testserver/portal/nordlicht/" in html
    assert "/settings/portal/tokens" in owner.get("/settings").content.decode()
    answer = owner.post(PATH, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    shop.refresh_from_db()
    assert (shop.portal_enabled, shop.link_life_days, shop.show_sales_orders) == (True, 365, True)
    assert (shop.show_credit_notes, shop.show_statements, shop.allow_contact_edits) == (False, False, True)
    assert shop.welcome_message == "Welcome.\nPlease pay by transfer."
    change = Activity.objects.get(verb="settings.changed")
    assert change.actor_label == "Olga"
    assert change.data["before"]["link_life_days"] == 30
    assert "The settings are saved." in owner.get(PATH).content.decode()


def test_saving_what_is_there_is_no_event(owner: Client) -> None:
    owner.post(PATH, GOOD)
    owner.post(PATH, GOOD)
    assert Activity.objects.filter(verb="settings.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link_life_days", "0"),
        ("link_life_days", "366"),
        ("link_life_days", "30.5"),
        ("link_life_days", ""),
        ("welcome_message", "x" * 501),
    ],
)
def test_a_wrong_value_is_refused_and_the_rest_stays_typed(
    owner: Client, shop: Business, field: str, value: str
) -> None:
    answer = owner.post(PATH, {**GOOD, field: value})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="portal_{field}_error"' in html
    assert "Please pay by transfer." in html or field == "welcome_message"
    before = (shop.link_life_days, shop.welcome_message, shop.show_sales_orders)
    shop.refresh_from_db()
    assert (shop.link_life_days, shop.welcome_message, shop.show_sales_orders) == before
    assert not Activity.objects.filter(verb="settings.changed").exists()


def test_five_hundred_characters_with_line_ends_fit(owner: Client, shop: Business) -> None:
    text = "\r\n".join(["x" * 99] * 5)
    assert owner.post(PATH, {**GOOD, "welcome_message": text}).status_code == 302
    shop.refresh_from_db()
    assert len(shop.welcome_message) == 499


def test_the_master_switch_says_that_it_signs_everybody_out(owner: Client) -> None:
    assert "Switching it off signs every customer out" in owner.get(PATH).content.decode()


def test_the_master_switch_closes_the_portal(owner: Client, shop: Business, visitor: Client) -> None:
    assert visitor.get("/portal/nordlicht/").status_code != 404
    owner.post(PATH, {name: value for name, value in GOOD.items() if name != "portal_enabled"})
    assert visitor.get("/portal/nordlicht/").status_code == 404
