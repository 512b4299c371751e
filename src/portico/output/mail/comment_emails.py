"""Mails about what customers and staff write to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portico.lib.l10n import Formatter, apart
from portico.output.mail.template import EmailContent, EmailTemplate

# Of each message that a digest names.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class CustomerWrote(EmailTemplate):
    """To staff: a customer wrote something. `title` reads `Invoice INV-2041`; it is empty for a general question.

    One that came by mail from nobody known is not `verified`, and never said to be the customer's.
    """

    name: ClassVar[str] = "customer_wrote"

    title: str
    customer: str
    author: str
    body: str
    url: str
    files: tuple[str, ...] = ()
    verified: bool = True
    reply_to: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        names = {"customer": apart(self.customer), "document": self.title}
        if not self.verified and self.title:
            subject = _("Sender not verified: mail about %(document)s") % names
        elif not self.verified:
            subject = _("Sender not verified: mail to a conversation")
        elif self.title:
            subject = _("%(customer)s has a question about %(document)s") % names
        else:
            subject = _("%(customer)s has a question") % names
        facts = [
            (_("Customer"), self.customer),
            (pgettext("sender", "From"), self.author if self.author != self.customer else ""),
            (_("Files"), fmt.list(list(self.files)) if self.files else ""),
        ]
        return EmailContent(
            subject=subject,
            heading=subject,
            lead=[] if self.verified else [_("This mail may not be from the customer. Only staff can see it.")],
            quote=self.body,
            facts=[(label, value) for label, value in facts if value],
            button=_("Answer"),
            url=self.url,
            reply_to=self.reply_to,
            why=_("You get this mail because you are on the staff of %(business)s. You can turn it off in the inbox.")
            % {"business": sender},
        )


@dataclass(frozen=True, slots=True)
class StaffAnswered(EmailTemplate):
    """To a customer: somebody of the business wrote. `title` is empty where it is about no document."""

    name: ClassVar[str] = "staff_answered"

    title: str
    author: str
    body: str
    url: str
    files: tuple[str, ...] = ()
    reply_to: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        if self.title:
            subject = _("New message about %(document)s") % {"document": self.title}
        else:
            subject = _("Message from %(business)s") % {"business": sender}
        facts = [
            (pgettext("sender", "From"), self.author),
            (_("Files"), fmt.list(list(self.files)) if self.files else ""),
        ]
        return EmailContent(
            subject=subject,
            heading=subject,
            quote=self.body,
            facts=[(label, value) for label, value in facts if value],
            button=_("Read and answer"),
            url=self.url,
            reply_to=self.reply_to,
            why=_("You get this mail because %(business)s writes to you about your account.") % {"business": sender},
        )


class DigestLine(NamedTuple):
    """Something that a customer said; `title` is empty where it is about no document."""

    author: str
    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class StaffDigest(EmailTemplate):
    """To a member of staff, once a day: what customers have said and still waits. `more` counts what is left out."""

    name: ClassVar[str] = "staff_digest"

    said: Sequence[DigestLine]
    more: int
    url: str

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        count = len(self.said) + self.more
        subject = ngettext("%(n)s message waits for an answer", "%(n)s messages wait for an answer", count)
        more = ngettext("and %(n)s more", "and %(n)s more", self.more) % {"n": fmt.number(self.more)}
        facts = [(" · ".join(filter(None, [apart(row.author), row.title])), _shortened(row.body)) for row in self.said]
        return EmailContent(
            subject=subject % {"n": fmt.number(count)},
            heading=subject % {"n": fmt.number(count)},
            facts=facts,
            after=[more] if self.more else [],
            button=_("Open the inbox"),
            url=self.url,
            why=_("You get this mail once a day, as you chose in the inbox, under E-mail alerts."),
        )


def _shortened(body: str) -> str:
    text = " ".join(body.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"
