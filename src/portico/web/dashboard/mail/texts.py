"""What mails say, by kind and language: read, changed, tried and put back."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from portico.domain.access.viewer import StaffViewer
from portico.domain.branding.queries import logo_as_png
from portico.domain.businesses.models import Business
from portico.lib.errors import NotFound, PorticoError
from portico.lib.l10n import LANGUAGES, formatter
from portico.output.mail.actions.change_wording import change_wording, reset_wording
from portico.output.mail.actions.mail_test import mail_test
from portico.output.mail.placeholders import WordingRefused, check_wording
from portico.output.mail.preview import composed_preview, html_of, previewed
from portico.output.mail.queries import own_wordings
from portico.output.mail.wordings import (
    REMINDER,
    WORDINGS,
    Wording,
    days_of_reminder,
    default_wording,
    reminder_name,
    wording_of,
    wording_spec,
)
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import parameters_of
from portico.web.dashboard.core.mail_labels import mail_kind
from portico.web.dashboard.core.mail_policy import MAIL_POLICY

_PAGE_POLICY: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


class WordingForm(forms.Form):
    """A mail's subject and text. What is no placeholder is refused with its line."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200, widget=forms.TextInput({"class": "po-input", "dir": "auto"})
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5000,
        strip=False,
        help_text=gettext_lazy("A line is a paragraph. A line whose placeholders are all empty is left out."),
        widget=forms.Textarea({"class": "po-input", "dir": "auto", "rows": 10}),
    )

    def __init__(self, name: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "wording_%s", **options})
        self.names = wording_spec(name).names

    def clean_subject(self) -> str:
        """Refuse what is no placeholder."""
        return self._checked("subject")

    def clean_text(self) -> str:
        """Refuse what is no placeholder, with its line."""
        return self._checked("text")

    def _checked(self, field: str) -> str:
        text = str(self.cleaned_data[field]).replace("\r\n", "\n").strip()
        try:
            check_wording(text, self.names)
        except WordingRefused as refused:
            message = _("Line %(line)s: there is no %(what)s. Take one of the placeholders below.")
            raise forms.ValidationError(message % {"line": refused.line, "what": refused.what}) from None
        return text

    @property
    def wording(self) -> Wording:
        """What was typed, once it is valid."""
        return Wording(self.cleaned_data["subject"], self.cleaned_data["text"])


@dataclass(frozen=True, slots=True)
class TextLink:
    """A mail whose text can be changed, and whether the business has words of its own in the language shown."""

    label: str
    url: str
    own: bool


@staff_page
def mail_texts(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """List the mails whose words can be changed in one language, at first the business's own."""
    asked = parameters_of(request, "language").get("language", "")
    language = asked if asked in LANGUAGES else viewer.business.language or "en"
    own = own_wordings(viewer.business)
    changed = {code for _name, code in own}
    context = {
        "rows": [
            TextLink(text_label(name), reverse("mail_text", args=[name, language]), (name, language) in own)
            for name in _names(viewer.business)
        ],
        "current": language,
        "choices": [
            (code, f"{name} ({_('own words')})" if code in changed else name) for code, name in LANGUAGES.items()
        ],
    }
    return staff_answer(request, viewer, "dashboard/mail/texts.html", context, nav="settings")


@staff_page
@csp_override(_PAGE_POLICY)
def mail_text(request: HttpRequest, viewer: StaffViewer, name: str, language: str) -> HttpResponse:
    """Show a mail's words; a POST keeps them, puts Portico's back, or mails them to the reader."""
    _refuse_unknown(viewer.business, name, language)
    business, action = viewer.business, request.POST.get("do", "save")
    usual, here = (
        wording_of(business, name, language),
        HttpResponseRedirect(reverse("mail_text", args=[name, language])),
    )
    form = WordingForm(name, initial={"subject": usual.subject, "text": usual.text})
    refusal: PorticoError | None = None
    if request.method == "POST" and action == "reset":
        reset_wording(business, name, language, by=viewer.actor)
        messages.success(request, _("The text is Portico's own again."))
        return here
    if request.method == "POST":
        form = WordingForm(name, request.POST)
        if form.is_valid() and action == "test":
            refusal = _test(request, viewer, name, language, form.wording)
        elif form.is_valid():
            change_wording(business, name, language, form.wording, by=viewer.actor)
            messages.success(request, _("The text is saved."))
            return here
    context = {
        "form": form,
        "heading": text_label(name),
        "language_label": LANGUAGES[language],
        "names": ["{{ " + word + " }}" for word in wording_spec(name).names],
        "is_own": usual != default_wording(name, language),
        "action": request.path,
        "preview_url": reverse("mail_text_preview", args=[name, language]),
        "email": viewer.user.email,
    }
    status = 422 if form.errors else 200
    return staff_answer(
        request, viewer, "dashboard/mail/text.html", context, nav="settings", status=status, refusal=refusal
    )


def _test(request: HttpRequest, viewer: StaffViewer, name: str, language: str, wording: Wording) -> PorticoError | None:
    """Mail what was typed to the reader; returns why not."""
    to, words = viewer.user.email, previewed(viewer, name, language, wording)
    try:
        mail_test(viewer.business, name, language, words, to, by=viewer.actor)
    except PorticoError as error:
        return error
    messages.success(request, _("A test is on its way to %(address)s. Nothing was saved.") % {"address": to})
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def mail_text_preview(request: HttpRequest, viewer: StaffViewer, name: str, language: str) -> HttpResponse:
    """Answer with a mail as its words, or on a POST what was typed, make it, as HTML or as text; nothing is kept."""
    _refuse_unknown(viewer.business, name, language)
    kept = wording_of(viewer.business, name, language)
    words = request.POST if request.method == "POST" else {"subject": kept.subject, "text": kept.text}
    form = WordingForm(name, words)
    policy = {"Content-Security-Policy": MAIL_POLICY}
    if not form.is_valid():
        said = "\n".join(f"{form[field].label}: {' '.join(map(str, errors))}" for field, errors in form.errors.items())
        return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8", headers=policy)
    mail = composed_preview(viewer.business, language, previewed(viewer, name, language, form.wording))
    if request.POST.get("as") == "text":
        text = f"{mail.subject}\n\n{mail.text}"
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=policy)
    return HttpResponse(html_of(mail, logo_as_png(viewer.business)), headers=policy)


def text_label(name: str) -> str:
    """Return what a mail's text is called."""
    if not name.startswith(REMINDER):
        return mail_kind(name)
    days = days_of_reminder(name)
    if days == 0:
        return _("Reminder on the due date")
    count = {"n": abs(days)}
    if days < 0:
        return ngettext("Reminder %(n)s day before", "Reminder %(n)s days before", -days) % count
    return ngettext("Reminder %(n)s day after", "Reminder %(n)s days after", days) % count


def _names(business: Business) -> list[str]:
    return [*WORDINGS, *(reminder_name(days) for days in business.reminder_days)]


def _refuse_unknown(business: Business, name: str, language: str) -> None:
    if name not in _names(business) or language not in LANGUAGES or formatter(language).language != language:
        raise NotFound("There is no such text.")
