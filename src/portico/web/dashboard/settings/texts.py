"""What the business says in each language: the welcome text, the terms of invoices, the foot of documents."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.change_texts import change_texts
from portico.domain.businesses.models import Business
from portico.domain.businesses.texts import BY_LANGUAGE
from portico.lib.errors import Invalid
from portico.lib.l10n import LANGUAGES, current_language
from portico.output.wording.business import business_field_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import parameters_of

_LONGEST = {"welcome_message": 500, "default_terms": 2000, "legal_note": 500}


class TextsForm(forms.Form):
    """The texts of a business in one language; an empty field shows what is said in its place."""

    def __init__(self, business: Business, language: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "texts_%s", "initial": business.texts.get(language, {}), **options})
        for name in BY_LANGUAGE:
            label = _("Welcome message") if name == "welcome_message" else business_field_label(name, business.country)
            attributes = {"class": "po-input", "dir": "auto", "lang": language, "rows": 4}
            widget = forms.Textarea({**attributes, "placeholder": getattr(business, name)})
            self.fields[name] = forms.CharField(label=label, required=False, max_length=_LONGEST[name], widget=widget)


@staff_page
def business_texts(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the texts of a language, at first the reader's; a POST keeps them."""
    business = viewer.business
    asked = parameters_of(request, "language").get("language", "")
    language = asked if asked in LANGUAGES else current_language()
    form = TextsForm(business, language)
    if request.method == "POST":
        # Browsers send two characters for a line end that they count as one; it is one here too.
        typed = {name: str(value).replace("\r\n", "\n") for name, value in request.POST.items()}
        form = TextsForm(business, language, typed)
        if form.is_valid() and _kept(viewer, language, form):
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(f"{reverse('business_texts')}?language={language}")
    context = {
        "form": form,
        "current": language,
        "language_label": LANGUAGES[language],
        "choices": [
            (code, f"{name} ({_('own words')})" if code in business.texts else name) for code, name in LANGUAGES.items()
        ],
    }
    status = 422 if form.errors else 200
    return staff_answer(request, viewer, "dashboard/settings/texts.html", context, nav="settings", status=status)


def _kept(viewer: StaffViewer, language: str, form: TextsForm) -> bool:
    try:
        change_texts(viewer.business, language, form.cleaned_data, by=viewer.actor)
    except Invalid as refused:
        for error in refused.fields:
            form.add_error(error.pointer.removeprefix("/"), _("Leave out line breaks and control characters."))
        return False
    return True
