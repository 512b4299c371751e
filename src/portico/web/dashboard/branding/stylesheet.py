"""The business's own style sheet: written, checked line by line, switched off."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.events import Event
from portico.domain.branding.actions.change_stylesheet import change_stylesheet
from portico.domain.branding.errors import StylesheetRefused
from portico.domain.branding.queries import changes_of, stylesheet_text
from portico.domain.branding.stylesheets import MAX_BYTES
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.timeline import moments
from portico.web.shared.page import reader_formatter

_CHANGES = 5


class StylesheetForm(forms.Form):
    """A style sheet and whether it is in use."""

    on = forms.BooleanField(
        label=gettext_lazy("Use the style sheet"),
        help_text=gettext_lazy("If it hides something you need, open a page without it:"),
        required=False,
        widget=forms.CheckboxInput({"class": "po-check"}),
    )
    css = forms.CharField(
        label=gettext_lazy("CSS"),
        help_text=gettext_lazy("At most 100 kB. It may load pictures and fonts from trusted sites only."),
        required=False,
        max_length=MAX_BYTES,
        strip=False,
        widget=forms.Textarea(
            {"class": "po-input po-source", "dir": "ltr", "rows": 18, "spellcheck": "false", "autocapitalize": "off"}
        ),
    )


@staff_page
def stylesheet(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the style sheet; a POST keeps it when nothing in it is refused."""
    if request.method != "POST":
        return _page(request, viewer)
    form = StylesheetForm(request.POST, auto_id="css_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    try:
        css = form.cleaned_data["css"].replace("\r\n", "\n")
        change_stylesheet(viewer.business, css, on=form.cleaned_data["on"], by=viewer.actor)
    except StylesheetRefused as error:
        form.add_error("css", refusal_text(error))
        return _page(request, viewer, form)
    messages.success(request, _("The style sheet is saved."))
    return HttpResponseRedirect(reverse("brand_stylesheet"))


def refusal_text(error: StylesheetRefused) -> str:
    """Return why a style sheet can't be used, in the reader's language."""
    values = {"line": error.line, "part": error.part}
    return {
        "stylesheet_import": _("Line %(line)s: @import loads from a site that is not trusted for styles."),
        "stylesheet_url": _("Line %(line)s: %(part)s loads from a site that is not trusted."),
        "stylesheet_broken": _("Line %(line)s can't be read as CSS."),
    }.get(error.code, _("A style sheet has at most 100 kB.")) % values


def _page(request: HttpRequest, viewer: StaffViewer, form: StylesheetForm | None = None) -> HttpResponse:
    business = viewer.business
    kept: dict[str, Any] = {"on": business.stylesheet_on, "css": stylesheet_text(business)}
    rows = changes_of(business, Event.STYLESHEET_CHANGED)[:_CHANGES]
    context = {
        "form": form or StylesheetForm(initial=kept, auto_id="css_%s"),
        "portal_url": portal_base(business),
        "changes": moments(rows, business, reader_formatter()),
    }
    status, template = 422 if form else 200, "dashboard/branding/stylesheet.html"
    return staff_answer(request, viewer, template, context, nav="settings", status=status)
