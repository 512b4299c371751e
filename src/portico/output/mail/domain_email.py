"""The mail that tells owners how the records of their domain are."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter
from portico.output.mail.template import EmailContent, EmailTemplate


@dataclass(frozen=True, slots=True)
class DomainRecords(EmailTemplate):
    """To an owner: records of the domain are wrong, and which, or all of them are right again.

    `wrong` are the records that are missing or have other values, as `TXT _portico.…`, each with the value to enter.
    `links_moved` says that links do not lead to the domain at present.
    """

    name: ClassVar[str] = "domain_records"

    domain: str
    wrong: list[tuple[str, str]]
    url: str
    links_moved: bool = False

    def content(self, sender: str, fmt: Formatter) -> EmailContent:
        named = {"name": self.domain}
        if self.wrong:
            heading, lead = (
                _("Records are wrong"),
                _("These DNS records of %(name)s are missing, or have other values."),
            )
            subject = _("The DNS records of %(name)s are wrong")
            after = [
                _(
                    "If they stay so, links lead to the address of this installation after a day. Without its TXT"
                    " record the portal stops answering at the domain after a week."
                )
            ]
        else:
            heading = _("Records are right again")
            lead = _("All DNS records of %(name)s were found.")
            subject = _("The DNS records of %(name)s are right again")
            after = [_("Links lead to the address of this installation.")] if self.links_moved else []
        return EmailContent(
            subject=subject % named,
            heading=heading,
            lead=[lead % named],
            facts=self.wrong,
            after=after,
            button=_("Domains"),
            url=self.url,
            why=_("You get this mail because you are on the staff of %(business)s.") % {"business": sender},
        )
