"""What a business mails by itself: issued invoices, reminders and their days; and the way to the texts."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.change_settings import MAIL_SETTINGS, change_mail_settings
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer

_FIRST, _LAST, _MOST = -60, 365, 10
# A minus sign, as people and their keyboards write it.
_MINUS = str.maketrans("−–", "--")


class DaysField(forms.CharField):
    """Days after a due date, with commas between them."""

    def clean(self, value: Any) -> list[int]:
        """Return the days, ascending. Raises ValidationError for what is no day, or too many."""
        parts = [part for part in re.split(r"[,;\s]+", str(super().clean(value)).translate(_MINUS)) if part]
        try:
            days = sorted({int(part) for part in parts})
        except ValueError:
            raise ValidationError(_("Enter whole numbers with commas between them, such as -3, 1, 7.")) from None
        if any(not _FIRST <= day <= _LAST for day in days):
            raise ValidationError(_("The days lie between 60 before the due date, -60, and 365 after it."))
        if len(days) > _MOST:
            raise ValidationError(_("At most ten reminders go out for an invoice."))
        return days


def _switch(label: Any, help_text: Any) -> forms.BooleanField:
    widget = forms.CheckboxInput({"class": "po-check"})
    return forms.BooleanField(label=label, help_text=help_text, required=False, widget=widget)


class MailSettingsForm(forms.Form):
    """What goes out by itself, as it is kept on the business."""

    mail_issued_invoices = _switch(
        gettext_lazy("Mail invoices when they are issued"),
        gettext_lazy(
            "Five minutes later, unless you void it or mail it yourself before. Invoices dated more than a week"
            " back are not mailed: they were sent elsewhere."
        ),
    )
    mail_attaches_pdf = _switch(
        gettext_lazy("Attach the PDF"), gettext_lazy("To mails with documents, statements and reminders.")
    )
    mail_reminders = _switch(
        gettext_lazy("Remind customers of open invoices"),
        gettext_lazy(
            "From eight in the morning. Not while you owe an answer, a payment is under way, promised or disputed,"
            " or there is a payment plan."
        ),
    )
    reminder_days = DaysField(
        label=gettext_lazy("Days after the due date"),
        help_text=gettext_lazy(
            "With commas between them. Before the due date with a minus sign: -3 is three days before."
        ),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "po-input", "dir": "ltr"}),
    )

    def clean(self) -> None:
        """Refuse reminders without a day."""
        if self.cleaned_data.get("mail_reminders") and self.cleaned_data.get("reminder_days") == []:
            raise ValidationError({"reminder_days": _("Enter at least one day, or switch reminders off.")})


@staff_page
def mail_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the settings; a POST keeps them when all are valid, and otherwise keeps what was typed on the page."""
    business, status = viewer.business, 200
    if request.method == "POST":
        form = MailSettingsForm(request.POST, auto_id="mail_%s")
        if form.is_valid():
            change_mail_settings(business, form.cleaned_data, by=viewer.actor)
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(reverse("mail_settings"))
        status = 422
    else:
        initial = {name: getattr(business, name) for name in MAIL_SETTINGS}
        initial["reminder_days"] = ", ".join(map(str, business.reminder_days))
        form = MailSettingsForm(initial=initial, auto_id="mail_%s")
    return staff_answer(request, viewer, "dashboard/mail/settings.html", {"form": form}, nav="settings", status=status)
