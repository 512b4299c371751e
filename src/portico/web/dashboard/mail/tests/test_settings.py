"""What goes out by itself: the settings, their bad input, and stopping the reminders of one invoice."""

from typing import Any

import pytest
from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_mail_settings
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document

_GOOD = {
    "mail_issued_invoices": "on",
    "mail_attaches_pdf": "",
    "mail_reminders": "on",
    "reminder_days": "7, −3; 1 7",
}


def test_the_settings_are_kept(owner: Client, shop: Business) -> None:
    page = owner.get("/settings/mail").content.decode()
    assert "-3, 1, 7, 14, 30" in page
    assert owner.post("/settings/mail", _GOOD).status_code == 302
    shop.refresh_from_db()
    assert (shop.mail_issued_invoices, shop.mail_attaches_pdf, shop.mail_reminders) == (True, False, True)
    assert shop.reminder_days == [-3, 1, 7]
    assert Activity.objects.filter(verb="settings.changed").count() == 1
    owner.post("/settings/mail", _GOOD)
    assert Activity.objects.filter(verb="settings.changed").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reminder_days": "soon"}, "Enter whole numbers with commas between them"),
        ({"reminder_days": "1.5"}, "Enter whole numbers with commas between them"),
        ({"reminder_days": "-61"}, "between 60 before the due date"),
        ({"reminder_days": "366"}, "between 60 before the due date"),
        ({"reminder_days": ", ".join(map(str, range(11)))}, "At most ten reminders"),
        ({"reminder_days": ""}, "Enter at least one day"),
    ],
)
def test_what_is_wrong_is_said_and_kept(owner: Client, shop: Business, changes: dict[str, Any], words: str) -> None:
    answer = owner.post("/settings/mail", _GOOD | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert changes["reminder_days"] in answer.content.decode()
    shop.refresh_from_db()
    assert shop.mail_reminders is False
    assert not Activity.objects.filter(verb="settings.changed").exists()


def test_reminders_of_an_invoice_are_stopped_and_resumed(
    owner: Client, stranger: Client, invoice: Document, shop: Business
) -> None:
    path = f"/documents/{invoice.public_id}"
    assert "Reminders are switched off" in owner.get(f"{path}/send").content.decode()
    change_mail_settings(shop, {"mail_reminders": True}, by=OPERATOR)
    assert "The next one goes out on 28 Nov 2026." in owner.get(f"{path}/send").content.decode()
    assert stranger.post(f"{path}/reminders", {"do": "stop"}).status_code == 404
    assert owner.post(f"{path}/reminders", {"do": "burn"}).status_code == 404
    page = owner.post(f"{path}/reminders", {"do": "stop"}, follow=True).content.decode()
    assert "Reminders of this invoice are stopped." in page
    invoice.refresh_from_db()
    assert invoice.reminders_stopped
    owner.post(f"{path}/reminders", {"do": "resume"})
    invoice.refresh_from_db()
    assert not invoice.reminders_stopped
