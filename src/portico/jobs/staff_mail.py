"""The mails to staff about their own access: links are made here, when mail can go out, and kept nowhere."""

from portico.domain.access.models import StaffLink
from portico.domain.access.portal_urls import staff_link_url
from portico.domain.access.staff.actions.invite import issue_staff_secret
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.lib.clock import local_date
from portico.lib.l10n import current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.staff_emails import SecondFactorChanged, StaffInvitation, StaffPassword


def mail_staff_invitation(invited: Activity) -> None:
    """Mail an invitation to work for a business, unless it was taken up or back meanwhile."""
    link = _open(invited)
    if link is None or link.business is None:
        return
    business = link.business

    def write() -> StaffInvitation:
        url = staff_link_url("invitation", issue_staff_secret(link))
        inviter = invited.actor_label if invited.actor_kind == "staff" else ""
        return StaffInvitation(url, local_date(link.expires_at, business.time_zone), inviter)

    send(StaffInvitation, write, about=invited, to=link.email, business=business)


def mail_staff_password(asked: Activity) -> None:
    """Mail the link to a new password."""
    link = _open(asked)
    if link is None or link.business is None:
        return

    def write() -> StaffPassword:
        return StaffPassword(staff_link_url("password/reset", issue_staff_secret(link)), link.ip or "")

    send(StaffPassword, write, about=asked, to=link.email, business=link.business, language=link.language)


def mail_second_factor(changed: Activity) -> None:
    """Tell a member of staff that a second factor of theirs is another one now."""
    business = Business.objects.get(pk=changed.business_id)

    def write() -> SecondFactorChanged:
        fmt = formatter(current_language())
        return SecondFactorChanged(fmt.moment(changed.at, business.time_zone), changed.ip or "")

    send(SecondFactorChanged, write, about=changed, to=changed.data["email"], business=business)


def _open(activity: Activity) -> StaffLink | None:
    link = StaffLink.objects.select_related("business").filter(pk=activity.subject_id).first()
    return link if link is not None and link.state == "open" else None
