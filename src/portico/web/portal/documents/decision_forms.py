"""The forms by which a customer approves or declines an estimate."""

from django import forms
from django.utils.translation import gettext_lazy


class ApproveForm(forms.Form):
    """Who approves, and that the terms are accepted. `edition` is the estimate as the page showed it."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput({"class": "po-input", "autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Type your name as your signature.")},
    )
    accepted = forms.BooleanField(
        label=gettext_lazy("I accept this estimate and its terms"),
        widget=forms.CheckboxInput({"class": "po-check"}),
        error_messages={"required": gettext_lazy("Tick this to accept the estimate and its terms.")},
    )


class DeclineForm(forms.Form):
    """Why an estimate is declined."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"class": "po-input", "rows": 3}),
        error_messages={"required": gettext_lazy("Say in a few words why.")},
    )
