"""The team: who works for the business, who is invited, and what owners change about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.errors import TooManyMails
from portico.domain.access.models import StaffLink
from portico.domain.access.staff import queries
from portico.domain.access.staff.actions.change_team import change_role, remove_staff
from portico.domain.access.staff.actions.invite import invite, invite_again, withdraw_invitation
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import require_second_factor
from portico.domain.businesses.models import Membership
from portico.lib.errors import Conflict, NotFound, PorticoError
from portico.lib.l10n import Formatter
from portico.output.mail.queries import has_way_out
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message
from portico.web.dashboard.core.second_factor import with_second_factor
from portico.web.shared.edit_form import EmailField
from portico.web.shared.page import reader_formatter

Role = Membership.Role


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"class": "po-input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        help_text=gettext_lazy("Owners also decide about people, keys, payment providers and scripts."),
        choices=[(Role.MEMBER, gettext_lazy("Member")), (Role.OWNER, gettext_lazy("Owner"))],
        widget=forms.Select({"class": "po-input"}),
    )


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: str
    name: str
    email: str
    is_owner: bool
    is_self: bool
    last_sign_in: str
    second_factor: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    id: str
    email: str
    role: str
    until: str
    expired: bool
    invited_by: str


@owner_page
def team(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the team; a POST does what its button says."""
    if request.method != "POST":
        return _page(request, viewer)
    actions: dict[str, Callable[[HttpRequest, StaffViewer], HttpResponse]] = {
        "invite": _invite,
        "again": _again,
        "withdraw": _withdraw,
        "owner": _make_owner,
        "member": _make_member,
        "remove": _remove,
        "require": _require,
    }
    # A button in a row says what and whom at once.
    action = request.POST.get("do", "")
    if action not in actions:
        raise NotFound("There is no such action.")
    try:
        return actions[action](request, viewer)
    except queries.StaffLinkClosed:
        return _page(request, viewer, refusal=Conflict("It has been used meanwhile.", code="changed_meanwhile"))
    except Conflict as refusal:
        return _page(request, viewer, refusal=refusal)


def role_label(role: str) -> str:
    """Return what a role is called."""
    return _("Owner") if role == Role.OWNER else _("Member")


def _invite(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    form = InviteForm(request.POST, auto_id="invite_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    try:
        _need_mail()
        link = invite(viewer.business, form.cleaned_data["email"], Role(form.cleaned_data["role"]), by=viewer.actor)
    except PorticoError as refusal:
        form.add_error("email", error_message(refusal))
        return _page(request, viewer, form)
    return _done(request, _("An invitation to %(email)s is on its way.") % {"email": link.email})


def _again(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    link = _invitation(request, viewer)
    try:
        _need_mail()
        invite_again(link, by=viewer.actor)
    except TooManyMails as refusal:
        return _page(request, viewer, refusal=refusal)
    return _done(request, _("An invitation to %(email)s is on its way.") % {"email": link.email})


def _withdraw(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    withdraw_invitation(_invitation(request, viewer), by=viewer.actor)
    return _done(request, _("The invitation is withdrawn."))


def _make_owner(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    change_role(_member(request, viewer), Role.OWNER, by=viewer.actor)
    return _done(request, _("The role is changed."))


def _make_member(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    member = change_role(_member(request, viewer), Role.MEMBER, by=viewer.actor)
    # Who gives the role up themselves can't see this page any more.
    gone = member.user_id == viewer.user.pk
    return _done(request, _("The role is changed."), "staff_home" if gone else "team")


def _remove(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    member = _member(request, viewer)
    if request.POST.get("confirmed") != "yes":
        asked: dict[str, Any] = {
            "heading": _("Remove from the team?"),
            "text": _(
                "They are signed out at once and see nothing of the business any more; invitations they sent are"
                " withdrawn. What they did stays."
            ),
            "button": _("Remove"),
            "names": [(str(member.user), member.user.email)],
            "hidden": [("do", "remove"), ("who", member.user.public_id)],
            "action": reverse("team"),
            "back": reverse("team"),
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="settings")
    remove_staff(member, by=viewer.actor)
    gone = member.user_id == viewer.user.pk
    return _done(
        request, _("%(name)s is no longer on the team.") % {"name": member.user}, "staff_home" if gone else "team"
    )


def _require(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    required = request.POST.get("required") == "on"
    if required and not with_second_factor(request):
        messages.error(request, _("Sign in with a second factor of your own first, so that you are not shut out."))
        return HttpResponseRedirect(reverse("team"))
    require_second_factor(viewer.business, required=required, by=viewer.actor)
    return _done(request, _("The settings are saved."))


def _need_mail() -> None:
    if not has_way_out():
        raise Conflict("No mail server is set up.", code="no_mail_server")


def _member(request: HttpRequest, viewer: StaffViewer) -> Membership:
    return queries.member(viewer, request.POST.get("who", "").replace("\x00", ""))


def _invitation(request: HttpRequest, viewer: StaffViewer) -> StaffLink:
    return queries.invitation(viewer, request.POST.get("who", ""))


def _done(request: HttpRequest, text: str, to: str = "team") -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(reverse(to))


def _page(
    request: HttpRequest, viewer: StaffViewer, form: InviteForm | None = None, *, refusal: PorticoError | None = None
) -> HttpResponse:
    fmt = reader_formatter()
    context = {
        "form": form or InviteForm(auto_id="invite_%s"),
        "required": viewer.business.second_factor_required,
        "members": [_member_row(member, viewer, fmt) for member in queries.team(viewer)],
        "invitations": [_invitation_row(link, viewer, fmt) for link in queries.invitations(viewer)],
    }
    status = 422 if form else 200
    return staff_answer(
        request, viewer, "dashboard/team/members.html", context, nav="settings", status=status, refusal=refusal
    )


def _member_row(member: Membership, viewer: StaffViewer, fmt: Formatter) -> MemberRow:
    user = member.user
    return MemberRow(
        id=user.public_id,
        name=str(user),
        email=user.email,
        is_owner=member.role == Role.OWNER,
        is_self=user.pk == viewer.user.pk,
        second_factor=bool(getattr(member, "has_second_factor", False)),
        last_sign_in=fmt.moment(user.last_login, viewer.business.time_zone) if user.last_login else "",
    )


def _invitation_row(link: StaffLink, viewer: StaffViewer, fmt: Formatter) -> InvitationRow:
    return InvitationRow(
        id=link.public_id,
        email=link.email,
        role=role_label(link.role),
        until=fmt.moment(link.expires_at, viewer.business.time_zone),
        expired=link.state == "expired",
        invited_by=_("Command line") if link.created_by == OPERATOR.label else link.created_by,
    )
