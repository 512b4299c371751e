"""The script on the portal's pages: off at first, and changed only with the staff member's password."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.portal_urls import has_own_host
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.events import Event
from portico.domain.branding.actions.change_script import MAX_BYTES, change_script
from portico.domain.branding.errors import ScriptRefused
from portico.domain.branding.queries import changes_of, script_text
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.second_factor import confirm_first, confirm_url, fresh_second_factor
from portico.web.dashboard.core.timeline import moments
from portico.web.shared.page import reader_formatter

_CHANGES = 5


class ScriptForm(forms.Form):
    """A script, whether it runs, what it may know, and the staff member's password."""

    on = forms.BooleanField(
        label=gettext_lazy("Run the script"),
        help_text=gettext_lazy("On every page of the portal but those where somebody signs in or pays."),
        required=False,
        widget=forms.CheckboxInput({"class": "po-check"}),
    )
    sees_customer = forms.BooleanField(
        label=gettext_lazy("Tell it the customer’s id"),
        help_text=gettext_lazy("As the API has it, such as cus_… It is never told a name or an e-mail address."),
        required=False,
        widget=forms.CheckboxInput({"class": "po-check"}),
    )
    code = forms.CharField(
        label=gettext_lazy("JavaScript"),
        help_text=gettext_lazy(
            "At most 100 kB. It can do what a customer can on these pages: run only what you trust."
        ),
        required=False,
        max_length=MAX_BYTES,
        strip=False,
        widget=forms.Textarea(
            {"class": "po-input po-source", "dir": "ltr", "rows": 18, "spellcheck": "false", "autocapitalize": "off"}
        ),
    )


@owner_page
def portal_script(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the script; a POST with the right password keeps it."""
    if request.method != "POST":
        return _page(request, viewer)
    form = ScriptForm(request.POST, auto_id="script_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    if not fresh_second_factor(request):
        form.add_error(None, confirm_first())
        return _page(request, viewer, form)
    code = form.cleaned_data["code"].replace("\r\n", "\n")
    on, sees = form.cleaned_data["on"], form.cleaned_data["sees_customer"]
    try:
        change_script(viewer.business, code, on=on, sees_customer=sees, by=viewer.actor)
    except ScriptRefused:
        form.add_error("code", _("A script has at most 100 kB."))
        return _page(request, viewer, form)
    messages.success(request, _("The script is saved."))
    return HttpResponseRedirect(reverse("portal_script"))


def _page(request: HttpRequest, viewer: StaffViewer, form: ScriptForm | None = None) -> HttpResponse:
    business = viewer.business
    kept: dict[str, Any] = {
        "on": business.script_on,
        "sees_customer": business.script_sees_customer,
        "code": script_text(business),
    }
    rows = changes_of(business, Event.SCRIPT_CHANGED)[:_CHANGES]
    context = {
        "confirm_url": "" if fresh_second_factor(request) else confirm_url(request.path, by_factor=True),
        "own_host": has_own_host(business),
        "form": form or ScriptForm(initial=kept, auto_id="script_%s"),
        "changes": moments(rows, business, reader_formatter()),
    }
    status, template = 422 if form else 200, "dashboard/branding/script.html"
    return staff_answer(request, viewer, template, context, nav="settings", status=status)
