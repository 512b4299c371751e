"""The mails there are: each a dataclass of what it is about, and its texts. See `docs/recipes/add-a-mail.md`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portico.lib.l10n import Formatter
from portico.output.mail.template import Attachment, EmailContent, EmailTemplate
from portico.output.mail.wordings import Wording
from portico.output.wording.methods import method_label

_MINUTES_OF_A_CODE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SignIn(EmailTemplate):
    """Signing in by mail: a link, and a code where one is waited for.

    `asked_from` is the browser and place that asked, if known.
    """

    name: ClassVar[str] = "sign_in"
    retry_for: ClassVar[timedelta] = _MINUTES_OF_A_CODE

    url: str
    code: str
    minutes: int
    asked_from: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=_("Sign in to %(business)s") % {"business": sender},
            heading=_("Sign in"),
            lead=[
                _("Sign in with the link below, or type this code where you asked for it.")
                if self.code
                else _("Sign in with the link below.")
            ],
            code=self.code,
            button=_("Sign in"),
            url=self.url,
            after=[
                _minutes(self.minutes),
                *_asked_from(self.asked_from),
                _("If it was not you, ignore this mail. Nobody can sign in without it."),
            ],
            why=_("You get this mail because somebody asked to sign in with your address."),
        )


@dataclass(frozen=True, slots=True)
class StepUp(EmailTemplate):
    """A code alone, before a sensitive change in the portal."""

    name: ClassVar[str] = "step_up"
    retry_for: ClassVar[timedelta] = _MINUTES_OF_A_CODE

    code: str
    minutes: int
    asked_from: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=_("Your code for %(business)s") % {"business": sender},
            heading=_("Confirm that it is you"),
            lead=[_("Type this code in the portal to continue.")],
            code=self.code,
            after=[
                _minutes(self.minutes),
                *_asked_from(self.asked_from),
                _("If it was not you, please tell us: somebody else is signed in as you."),
            ],
            why=_("You get this mail because something important is about to be changed in your account."),
        )


@dataclass(frozen=True, slots=True)
class PortalLink(EmailTemplate):
    """A customer's portal link, sent by the business."""

    name: ClassVar[str] = "portal_link"

    url: str
    expires_on: date

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=_("Your account at %(business)s") % {"business": sender},
            heading=_("Your account at %(business)s") % {"business": sender},
            lead=[_("See your invoices, payments and statements in one place, without a password.")],
            button=_("Open your account"),
            url=self.url,
            after=[_until(self.expires_on, fmt), _replaced(), personal()],
            why=_("You get this mail because you are a customer of %(business)s.") % {"business": sender},
        )


@dataclass(frozen=True, slots=True)
class FreshLink(EmailTemplate):
    """A link in place of one that had expired. `opens` names what it leads to, if that is not the whole account.

    It reads `Invoice 2026-0041` in the reader's language, its number by `Formatter.code`.
    """

    name: ClassVar[str] = "fresh_link"

    url: str
    expires_on: date
    opens: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        subject = (
            _("%(document)s from %(business)s") % {"document": self.opens, "business": sender}
            if self.opens
            else _("Your new link to %(business)s") % {"business": sender}
        )
        return EmailContent(
            subject=subject,
            heading=_("Your new link"),
            lead=[
                _("The link you opened had expired. This one leads to %(document)s.") % {"document": self.opens}
                if self.opens
                else _("The link you opened had expired. This one takes its place.")
            ],
            button=_("Show %(document)s") % {"document": self.opens} if self.opens else _("Open your account"),
            url=self.url,
            after=[_until(self.expires_on, fmt), personal()],
            why=_("You get this mail because somebody opened an old link and asked for a new one."),
        )


@dataclass(frozen=True, slots=True)
class Receipt(EmailTemplate):
    """A payment that was received: what was paid how, and what for. Amounts in minor units; `fee` came on top.

    `wording` is filled in already.
    """

    name: ClassVar[str] = "receipt"

    number: str
    url: str
    wording: Wording
    amount: int
    currency: str
    paid_on: date
    method: str
    fee: int = 0
    invoices: tuple[str, ...] = ()
    kept: int = 0
    attachments: tuple[Attachment, ...] = ()

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        facts = [(_("Amount"), fmt.money(self.amount, self.currency)), (_("Received"), fmt.long_date(self.paid_on))]
        facts.append((_("Method"), method_label(self.method)))
        if self.invoices:
            facts.append((_("Invoices"), fmt.list([fmt.code(number) for number in self.invoices])))
        if self.fee:
            facts.append((_("Fee"), fmt.money(self.fee, self.currency)))
        if self.kept:
            facts.append((_("Kept as credit"), fmt.money(self.kept, self.currency)))
        return EmailContent(
            subject=self.wording.subject,
            heading=_("Your payment was received"),
            lead=[line for line in self.wording.text.splitlines() if line.strip()],
            facts=facts,
            button=_("Show the receipt"),
            url=self.url,
            after=[personal()],
            why=_("You get this mail because your address was given for the receipt of payment %(number)s.")
            % {"number": fmt.code(self.number)},
            attachments=self.attachments,
        )


@dataclass(frozen=True, slots=True)
class EmailChange(EmailTemplate):
    """To a new address: is it yours?"""

    name: ClassVar[str] = "email_change"
    retry_for: ClassVar[timedelta] = timedelta(hours=1)

    url: str
    minutes: int

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=_("Confirm your address for %(business)s") % {"business": sender},
            heading=_("Confirm your address"),
            lead=[_("From now on, mail from %(business)s is to come to this address.") % {"business": sender}],
            button=_("Confirm"),
            url=self.url,
            after=[_minutes(self.minutes), _("If it was not you, ignore this mail: nothing changes.")],
            why=_("You get this mail because somebody named your address in the portal of %(business)s.")
            % {"business": sender},
        )


@dataclass(frozen=True, slots=True)
class EmailChanged(EmailTemplate):
    """To the former address: it has been replaced, and how to take that back where its reader can do so alone.

    `new_address` is masked already, and empty when there is none now.
    """

    name: ClassVar[str] = "email_changed"

    new_address: str
    undo_url: str = ""
    undo_days: int = 0

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        days = ngettext("You can take it back for %(n)s day.", "You can take it back for %(n)s days.", self.undo_days)
        after = days % {"n": fmt.number(self.undo_days)} if self.undo_url else _("If it was not you, please tell us.")
        gone = _("Mail from %(business)s no longer comes here.") % {"business": sender}
        goes = _("It goes to the new address.") if self.new_address else ""
        return EmailContent(
            subject=_("Your address at %(business)s was changed") % {"business": sender},
            heading=_("Your address was changed"),
            lead=[f"{gone} {goes}".rstrip(), _("If you did this, there is nothing to do.")],
            facts=[(_("New address"), self.new_address)] if self.new_address else [],
            button=_("It was not me, change it back") if self.undo_url else "",
            url=self.undo_url,
            after=[after],
            why=_("You get this mail because this was your address at %(business)s.") % {"business": sender},
        )


@dataclass(frozen=True, slots=True)
class ContactAddress(EmailTemplate):
    """To a customer: a contact has an address that was not on file before, and what to do if nobody there gave it.

    `former` is what it takes the place of, if anything. `url` leads to where the contact can be removed, if it can be;
    `write_to` is the business's own address, if known. One `to_replaced` goes to the customer's former address, while
    that change can be taken back: `address` is masked then.
    """

    name: ClassVar[str] = "contact_address"

    account: str
    contact: str
    address: str
    former: str
    at: datetime
    time_zone: str
    given_from: str = ""
    url: str = ""
    write_to: str = ""
    to_replaced: bool = False

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        given = _("A contact was given an e-mail address in the portal.")
        opens = _("People who read mail there can sign in and see the whole account.")
        return EmailContent(
            subject=_("A contact can now sign in at %(business)s") % {"business": sender},
            heading=_("A contact can now sign in"),
            lead=[f"{given} {opens}", _("If you or a colleague did this, there is nothing to do.")],
            facts=[(label, value) for label, value in self._facts(fmt) if value],
            button=_("Show the contacts") if self.url else "",
            url=self.url,
            after=self._otherwise(),
            why=(
                _("You get this mail because this was your address at %(business)s.")
                if self.to_replaced
                else _("You get this mail because this is your address at %(business)s.")
            )
            % {"business": sender},
        )

    def _facts(self, fmt: Formatter) -> list[tuple[str, str]]:
        return [
            (pgettext("customer", "Account"), self.account),
            (_("Contact"), self.contact),
            (_("E-mail"), self.address),
            (_("Former address"), self.former),
            (_("When"), fmt.moment(self.at, self.time_zone)),
            (_("Network address"), self.given_from),
        ]

    def _otherwise(self) -> list[str]:
        tell = (
            _("If you know nothing of it, please write to %(address)s: somebody may have a link to your account.")
            % {"address": self.write_to}
            if self.write_to
            else _("If you know nothing of it, please tell us: somebody may have a link to your account.")
        )
        remove = _("Remove the contact as well: its sessions end at once.")
        back = _("Take the change of your own address back as well, with the link we sent you.")
        return [tell, *([remove] if self.url else []), *([back] if self.to_replaced else [])]


def _asked_from(place: str) -> list[str]:
    return [_("Requested from %(place)s.") % {"place": place}] if place else []


def _minutes(count: int) -> str:
    return ngettext("It works once, within %(n)s minute.", "It works once, within %(n)s minutes.", count) % {"n": count}


def _until(day: date, fmt: Formatter) -> str:
    return _("The link works until %(day)s.") % {"day": fmt.long_date(day)}


def _replaced() -> str:
    return _("A link you may have got before no longer works.")


def personal() -> str:
    """Say that the link is the reader's own."""
    return _("Anybody with this mail can open the link, so pass it on with care.")
