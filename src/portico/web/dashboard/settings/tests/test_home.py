"""Every page of the settings says where one is, and leads back."""

import re

from django.test import Client

_CURRENT = re.compile(r'<a[^>]*href="/settings"[^>]*aria-current="page"')


def test_every_page_of_the_settings_leads_back_to_them(owner: Client) -> None:
    hub = owner.get("/settings").content.decode()
    pages = set(re.findall(r'<a[^>]*href="(/settings/[^"]*)"', hub))
    assert len(pages) > 15
    for page in sorted(pages):
        html = owner.get(page).content.decode()
        assert 'class="po-back" href="/settings' in html, page
        assert _CURRENT.search(html), page


def test_the_texts_of_mails_are_settings_too(owner: Client) -> None:
    for page in ("/settings/mail/texts", "/settings/mail/texts/invoice/de"):
        html = owner.get(page).content.decode()
        assert _CURRENT.search(html), page
        assert html.count('aria-current="page"') == 1, page


def test_the_journal_leads_back_to_the_documents(owner: Client) -> None:
    assert 'class="po-back" href="/documents"' in owner.get("/journal").content.decode()
