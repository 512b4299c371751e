"""Who counts the portal's visits, and what visitors are asked before anything is counted."""

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
from portico.domain.branding.actions.change_analytics import change_analytics
from portico.domain.branding.analytics import LONGEST_TEXT, Analytics, Service, checked
from portico.domain.branding.errors import AnalyticsRefused
from portico.domain.branding.queries import changes_of
from portico.lib.l10n import LANGUAGES, current_language
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.second_factor import confirm_first, confirm_url, fresh_second_factor
from portico.web.dashboard.core.timeline import moments
from portico.web.shared.page import reader_formatter

_CHANGES = 5
_INPUT = {"class": "po-input", "dir": "ltr", "spellcheck": "false", "autocapitalize": "off"}


class AnalyticsForm(forms.Form):
    """A service for counting visits, and the question to visitors in each language."""

    service = forms.ChoiceField(
        label=gettext_lazy("Service"),
        required=False,
        choices=[
            ("", gettext_lazy("None")),
            (Service.GOOGLE, "Google Analytics"),
            (Service.MATOMO, "Matomo"),
            (Service.PLAUSIBLE, "Plausible"),
        ],
        widget=forms.Select({"class": "po-input"}),
    )
    site_id = forms.CharField(
        label=gettext_lazy("Id"),
        help_text=gettext_lazy(
            "Google Analytics: the measurement id, such as G-ABC123DEF4. Matomo: the site’s number. Plausible: the"
            " domain."
        ),
        required=False,
        max_length=100,
        widget=forms.TextInput(_INPUT),
    )
    host = forms.CharField(
        label=gettext_lazy("Host"),
        help_text=gettext_lazy("Of Matomo or Plausible, such as https://matomo.example.com."),
        required=False,
        max_length=200,
        widget=forms.TextInput(_INPUT),
    )
    asks = forms.BooleanField(
        label=gettext_lazy("Ask visitors first"),
        help_text=gettext_lazy("Nothing is loaded, stored or counted before they agree. In the EU that is the law."),
        required=False,
        widget=forms.CheckboxInput({"class": "po-check"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, name in LANGUAGES.items():
            self.fields[f"text_{language}"] = forms.CharField(
                label=_("Question in %(language)s") % {"language": name},
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea({"class": "po-input", "dir": "auto", "rows": 2, "lang": language}),
            )

    def texts(self, *, used: bool) -> list[forms.BoundField]:
        """The question's fields: of English, the reader's language and those with a text, or of the rest."""
        always = {"en", current_language()}
        fields = [(language, self[f"text_{language}"]) for language in LANGUAGES]
        return [field for language, field in fields if (language in always or bool(field.value())) == used]

    def wanted(self) -> Analytics:
        """Return what the form says."""
        cleaned = self.cleaned_data
        texts = {language: cleaned[f"text_{language}"] for language in LANGUAGES}
        return Analytics(cleaned["service"], cleaned["site_id"], cleaned["host"], cleaned["asks"], texts)


@owner_page
def analytics_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show who counts; a POST keeps it when it can be."""
    if request.method != "POST":
        return _page(request, viewer)
    form = AnalyticsForm(request.POST, auto_id="analytics_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    try:
        wanted = checked(form.wanted())
    except AnalyticsRefused as error:
        form.add_error(error.field, _refusal_text(error))
        return _page(request, viewer, form)
    changes_script = _script_of(wanted) != _script_of(Analytics.of(viewer.business.analytics))
    if changes_script and not fresh_second_factor(request):
        form.add_error(None, confirm_first())
        return _page(request, viewer, form)
    change_analytics(viewer.business, wanted, by=viewer.actor)
    messages.success(request, _("The settings are saved."))
    return HttpResponseRedirect(reverse("analytics_settings"))


def _script_of(analytics: Analytics) -> tuple[str, str, str]:
    """What decides whose script pages load."""
    return analytics.service, analytics.site_id, analytics.host


def _refusal_text(error: AnalyticsRefused) -> str:
    return {
        "analytics_universal": _(
            "Google stopped Universal Analytics in 2023: ids that begin with UA- count nothing any more. Create a"
            " Google Analytics 4 property; its id begins with G-."
        ),
        "analytics_google_id": _("An id of Google Analytics is G- and some letters and digits, such as G-ABC123DEF4."),
        "analytics_matomo_id": _("The id of a site in Matomo is a number."),
        "analytics_plausible_id": _("Enter the domain as Plausible calls it, such as example.com."),
    }.get(error.code, _("Enter https:// and a host, without a path, such as https://matomo.example.com."))


def _page(request: HttpRequest, viewer: StaffViewer, form: AnalyticsForm | None = None) -> HttpResponse:
    business = viewer.business
    kept = Analytics.of(business.analytics)
    initial = {"service": kept.service, "site_id": kept.site_id, "host": kept.host, "asks": kept.asks}
    initial |= {f"text_{language}": text for language, text in kept.texts.items()}
    rows = changes_of(business, Event.ANALYTICS_CHANGED)[:_CHANGES]
    context = {
        "confirm_url": "" if fresh_second_factor(request) else confirm_url(request.path, by_factor=True),
        "own_host": has_own_host(business),
        "form": form or AnalyticsForm(initial=initial, auto_id="analytics_%s"),
        "changes": moments(rows, business, reader_formatter()),
    }
    status, template = 422 if form else 200, "dashboard/branding/analytics.html"
    return staff_answer(request, viewer, template, context, nav="settings", status=status)
