"""Which comments of customers a member of staff is told of by mail."""

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.choose_alerts import choose_alerts
from portico.domain.businesses.models import Membership
from portico.domain.businesses.queries import membership_of
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer


class AlertsForm(forms.Form):
    """Of which questions, and when."""

    choices: ClassVar = [
        (Membership.Alerts.ALL, gettext_lazy("Every question that is mine or nobody's")),
        (Membership.Alerts.MINE, gettext_lazy("Only what is assigned to me or I follow")),
        (Membership.Alerts.NONE, gettext_lazy("No mail")),
    ]
    alerts = forms.ChoiceField(
        label=gettext_lazy("Tell me by e-mail of"), choices=choices, widget=forms.Select({"class": "po-input"})
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        required=False,
        choices=[("once", gettext_lazy("At once")), ("daily", gettext_lazy("Once a day, from eight in the morning"))],
        widget=forms.Select({"class": "po-input"}),
    )


@staff_page
def comment_alerts(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show what the member of staff chose; a POST chooses anew."""
    membership = membership_of(viewer.user, viewer.business)
    when = "daily" if membership.daily_digest else "once"
    form = AlertsForm(initial={"alerts": membership.comment_alerts, "when": when}, auto_id="alerts_%s")
    if request.method == "POST":
        form = AlertsForm(request.POST, auto_id="alerts_%s")
        if form.is_valid():
            chosen = Membership.Alerts(form.cleaned_data["alerts"])
            choose_alerts(membership, chosen, daily=form.cleaned_data["when"] == "daily")
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(reverse("comment_alerts"))
    context = {"form": form, "email": viewer.user.email}
    status = 422 if form.errors else 200
    return staff_answer(request, viewer, "dashboard/inbox/alerts.html", context, nav="inbox", status=status)
