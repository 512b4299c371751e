"""The form that something is mailed with: to whom, who gets a copy, what it says, with its PDF or without."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portico.domain.customers.models import Customer
from portico.domain.documents.actions.mail_document import MOST_BYTES_OF_FILES
from portico.domain.documents.mailing import MailInput
from portico.domain.files.models import File
from portico.lib.one_line import validate_email
from portico.output.mail.wordings import Wording

_INPUT = {"class": "po-input"}
_BETWEEN = re.compile(r"[,;\s]+")


class AddressesField(forms.CharField):
    """Typed addresses, with commas, semicolons, blanks or line ends between them."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        widget = forms.TextInput({**_INPUT, "dir": "ltr", "autocomplete": "off"})
        super().__init__(label=label, help_text=help_text, required=False, max_length=2000, widget=widget)

    def clean(self, value: object) -> list[str]:
        """Return the addresses. Raises ValidationError that names what is none."""
        found = [part for part in _BETWEEN.split(str(super().clean(value))) if part]
        for address in found:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("%(text)s is no e-mail address.") % {"text": address}) from None
        return found


class SendForm(forms.Form):
    """What staff choose before something is mailed."""

    people = forms.MultipleChoiceField(
        label=pgettext_lazy("recipients", "To"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "po-check"}),
    )
    others = AddressesField(gettext_lazy("Other addresses"), gettext_lazy("With commas between them."))
    copies = AddressesField(gettext_lazy("Copies to"), gettext_lazy("They get the same mail."))
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200, widget=forms.TextInput({**_INPUT, "dir": "auto"})
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5000,
        help_text=gettext_lazy("Plain text. The amount, the link and your address stand below it."),
        widget=forms.Textarea({**_INPUT, "dir": "auto", "rows": 7}),
    )
    attach_pdf = forms.BooleanField(
        label=gettext_lazy("Attach the PDF"), required=False, widget=forms.CheckboxInput({"class": "po-check"})
    )

    attached = forms.MultipleChoiceField(
        label=gettext_lazy("Files"), required=False, widget=forms.CheckboxSelectMultiple({"class": "po-check"})
    )

    def __init__(
        self,
        customer: Customer,
        usual: Wording,
        data: Mapping[str, object] | None = None,
        *,
        attach_pdf: bool,
        files: Sequence[File] = (),
    ) -> None:
        people = people_of(customer)
        initial = {
            "people": [address for address, _label in people[:1]],
            "subject": usual.subject,
            "text": usual.text,
            "attach_pdf": attach_pdf,
        }
        super().__init__(data, initial=initial, auto_id="send_%s")
        self.usual = usual
        self.sizes = {file.public_id: file.size for file in files}
        self._offer("people", people)
        self._offer("attached", [(file.public_id, file.name) for file in files])

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def clean_attached(self) -> list[str]:
        """Refuse more than mail servers take."""
        chosen = list(self.cleaned_data["attached"])
        if sum(self.sizes[name] for name in chosen) > MOST_BYTES_OF_FILES:
            raise ValidationError(_("These files are too large for a mail."))
        return chosen

    def clean(self) -> None:
        """Refuse a mail to nobody."""
        if not self.errors and not (self.cleaned_data["people"] or self.cleaned_data["others"]):
            raise ValidationError({"others": _("Choose somebody, or type an address.")})

    def to_input(self) -> MailInput:
        """Return what was chosen; words that were not changed stay the business's own, in each reader's language."""
        values = self.cleaned_data
        text = values["text"].replace("\r\n", "\n").strip()
        return MailInput(
            to=[*values["people"], *values["others"]],
            copies=values["copies"],
            subject="" if values["subject"] == self.usual.subject else values["subject"],
            text="" if text == self.usual.text.strip() else text,
            attach_pdf=values["attach_pdf"],
            files=values["attached"],
            by_hand=True,
        )


def people_of(customer: Customer) -> Sequence[tuple[str, str]]:
    """Return a customer's addresses with the names they belong to: the main one first, then the contacts'."""
    found = {}
    if customer.email:
        found[customer.email.lower()] = (customer.email, f"{customer.email} · {customer.name}")
    for contact in customer.contacts.all():
        if contact.email:
            words = " · ".join(filter(None, [contact.email, contact.name, contact.role]))
            found.setdefault(contact.email.lower(), (contact.email, words))
    return list(found.values())
