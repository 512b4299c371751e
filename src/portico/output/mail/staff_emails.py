"""Mails to staff about their own access."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter, apart
from portico.output.mail.template import EmailContent, EmailTemplate


@dataclass(frozen=True, slots=True)
class StaffInvitation(EmailTemplate):
    """To somebody who is to work for the business: a link, good once. `inviter` is empty for the command line."""

    name: ClassVar[str] = "staff_invitation"

    url: str
    expires_on: date
    inviter: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        names = {"person": apart(self.inviter), "business": sender}
        return EmailContent(
            subject=_("Work with %(business)s in Portico") % names,
            heading=_("You are invited"),
            lead=[
                _("%(person)s invites you to the dashboard of %(business)s.") % names
                if self.inviter
                else _("You are invited to the dashboard of %(business)s.") % names
            ],
            button=_("Accept the invitation"),
            url=self.url,
            after=[
                _("The link works once, until %(day)s.") % {"day": fmt.long_date(self.expires_on)},
                _("If you did not expect it, ignore this mail: nothing happens."),
            ],
            why=_("You get this mail because somebody at %(business)s entered your address.") % names,
        )


@dataclass(frozen=True, slots=True)
class StaffPassword(EmailTemplate):
    """To a member of staff who forgot the password: a link, good once."""

    name: ClassVar[str] = "staff_password"
    retry_for: ClassVar[timedelta] = timedelta(hours=1)

    url: str
    asked_from: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        return EmailContent(
            subject=_("Choose a new password"),
            heading=_("Choose a new password"),
            lead=[_("Choose a new password for the dashboard with the link below.")],
            button=_("Choose a new password"),
            url=self.url,
            after=[
                _("It works once, within one hour."),
                *([_("Requested from %(place)s.") % {"place": self.asked_from}] if self.asked_from else []),
                _("If it was not you, ignore this mail: your password stays as it is."),
            ],
            why=_("You get this mail because somebody asked for a new password with your address."),
        )


@dataclass(frozen=True, slots=True)
class SecondFactorChanged(EmailTemplate):
    """To a member of staff: a second factor of theirs was added, removed or renewed. `when` reads as it stands."""

    name: ClassVar[str] = "second_factor_changed"

    when: str
    done_from: str = ""

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        facts = [(_("When"), self.when), (_("Network address"), self.done_from)]
        return EmailContent(
            subject=_("Your second factor was changed"),
            heading=_("Your second factor was changed"),
            lead=[_("What you sign in with besides your password is no longer what it was.")],
            facts=[(label, value) for label, value in facts if value],
            after=[_("If it was not you, tell an owner of the business or the operator of this Portico at once.")],
            why=_("You get this mail because you are on the staff of %(business)s.") % {"business": sender},
        )
