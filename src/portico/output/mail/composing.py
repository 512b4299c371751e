"""From a template to a mail: subject, text and HTML in the reader's language, and the headers around them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import MIMEPart
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode
from django.utils.translation import gettext, ngettext, npgettext, override, pgettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portico.domain.branding.queries import logo_as_png
from portico.domain.businesses.models import Business, Corners
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.colour import theme
from portico.lib.l10n import LANGUAGES, formatter
from portico.output.mail.models import Message
from portico.output.mail.template import Attachment, EmailTemplate

# What would end a header's line, and what has no business in one.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST_LINE = 200
# What the HTML calls the logo that travels with it.
LOGO_CID = "logo@portico"
_CORNERS: dict[str, str] = {Corners.SQUARE: "0", Corners.ROUND: "14px"}


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail's contents; `reply_to` is where an answer goes, if not to the business.

    `unsubscribe_url` switches mails like it off; it is empty for those that are always sent.
    """

    subject: str
    text: str
    html: str
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str = ""


def language_of(business: Business, customer: Customer | None, reader: str = "") -> str:
    """Return the language somebody is written to in: the reader's, the customer's, the business's, English."""
    languages = (reader, customer.language if customer else "", business.language)
    return next((language for language in languages if language in LANGUAGES), "en")


def composed(
    write: Callable[[], EmailTemplate], business: Business, language: str, unsubscribe_url: str = ""
) -> Composed:
    """Render a mail in a language, as text and as HTML; with a link that switches it off, where there is one."""
    fmt = formatter(language)
    with override(fmt.language):
        content = write().content(business.name, fmt)
        values = {
            "content": content,
            "business": business,
            "unsubscribe_url": unsubscribe_url,
            "language": fmt.language,
            "direction": fmt.direction,
            "theme": theme(business.accent),
            "logo": LOGO_CID if business.logo else "",
            "corner": _CORNERS.get(business.corners, "6px"),
        }
        env = _environment()
        text, html = (env.get_template(name).render(values) for name in ("mail/email.txt", "mail/email.html"))
        return Composed(one_line(content.subject), text, html, content.reply_to, content.attachments, unsubscribe_url)


def addressed(content: Composed, message: Message, business: Business) -> EmailMultiAlternatives:
    """Put a mail's contents into an envelope, from the business to the message's recipient."""
    reply_to = content.reply_to or business.email
    mail = EmailMultiAlternatives(
        subject=content.subject,
        body=content.text,
        from_email=str(Address(display_name=one_line(business.name), addr_spec=settings.PORTICO_EMAIL_FROM)),
        to=[message.recipient],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(now()),
            # No answering machine answers, RFC 3834.
            "Auto-Submitted": "auto-generated",
            **_unsubscribe_headers(content.unsubscribe_url),
            **_provider_headers(message),
        },
    )
    mail.attach_alternative(content.html, "text/html")
    if f"cid:{LOGO_CID}" in content.html:
        mail.attach(_logo(business))
    for attachment in content.attachments:
        mail.attach(_attached(attachment))
    return mail


def _attached(attachment: Attachment) -> MIMEPart:
    """Return a file as a part in base64, byte for byte: text that is sent as text gets other line ends on its way."""
    part = MIMEPart(policy=policy.default)
    maintype, _slash, subtype = attachment.media_type.partition("/")
    part.set_content(attachment.content, maintype, subtype, disposition="attachment", filename=attachment.name)
    return part


def _unsubscribe_headers(url: str) -> dict[str, str]:
    """The button of mail programs that switches mails off, at once and without a page, by RFC 8058."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url else {}


def _provider_headers(message: Message) -> dict[str, str]:
    """What providers that put a Message-ID of their own in place of ours give back with what they report of a mail."""
    if message.server.endswith("postmarkapp.com"):
        return {"X-PM-Metadata-message": message.public_id}
    return {"X-Mailin-custom": f'{{"message":"{message.public_id}"}}'} if message.server.endswith("brevo.com") else {}


def _logo(business: Business) -> MIMEPart:
    """The logo as a part of the mail, so that reading it asks nobody for anything."""
    part = MIMEPart(policy=policy.default)
    png = logo_as_png(business)
    part.set_content(png, "image", "png", disposition="inline", cid=f"<{LOGO_CID}>", filename="logo.png")
    return part


def message_id(public_id: str) -> str:
    """Return the Message-ID of a mail: the same one whenever it is tried."""
    return f"<{public_id}@{punycode(settings.PORTICO_EMAIL_FROM.rpartition('@')[2])}>"


def one_line(text: str) -> str:
    """Return a text as it may stand in a header: on one line, without controls, not endless."""
    return " ".join(_CONTROLS.sub(" ", text).split())[:_LONGEST_LINE]


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    return env
