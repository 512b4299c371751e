"""A mail carries the business's logo as a part of its own: reading it asks nobody for anything."""

from email import policy
from email.parser import BytesParser

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.branding.actions.change_brand import change_brand
from portico.domain.businesses.models import Business
from portico.lib.l10n import formatter
from portico.output.mail.composing import addressed, composed
from portico.output.mail.models import Message
from portico.output.mail.tests.samples import EMAILS
from portico.output.pdf.parties import frame
from tests.cast import new_business

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10H0z" fill="#0f5f87"/></svg>'


@pytest.fixture
def shop(db: None) -> Business:
    return change_brand(new_business("nordlicht"), {"corners": "square"}, {"logo": SVG}, by=OPERATOR)


def test_the_logo_travels_with_the_mail(shop: Business) -> None:
    content = composed(lambda: next(iter(EMAILS.values())), shop, "en")
    mail = addressed(content, Message(recipient="a@example.com", message_id="<msg_1@example.com>"), shop)
    read = BytesParser(policy=policy.default).parsebytes(mail.message().as_bytes())
    html = read.get_body(("html",))
    assert html is not None
    assert '<img src="cid:logo@portico" alt="Nordlicht"' in html.get_content()
    assert "border-radius: 0;" in html.get_content()
    (logo,) = read.iter_attachments()
    assert (logo.get_content_type(), logo["Content-ID"]) == ("image/png", "<logo@portico>")
    assert logo.get_content_disposition() == "inline"
    assert logo.get_content().startswith(b"\x89PNG")


def test_without_a_logo_the_mail_has_no_other_part(shop: Business) -> None:
    shop = change_brand(shop, {}, {"logo": None}, by=OPERATOR)
    content = composed(lambda: next(iter(EMAILS.values())), shop, "en")
    assert "<img" not in content.html
    mail = addressed(content, Message(recipient="a@example.com", message_id="<msg_1@example.com>"), shop)
    assert mail.attachments == []


def test_the_logo_stands_on_paper(shop: Business) -> None:
    paper = frame(shop, formatter("en"), title="Invoice", day=shop.today(), seller={"name": "Nordlicht"})
    assert paper.logo.startswith("<svg")
