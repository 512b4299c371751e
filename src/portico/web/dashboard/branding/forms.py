"""The form of a brand, and what it says about pictures that can't be taken."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.branding.errors import PictureRefused
from portico.domain.branding.pictures import MAX_BYTES
from portico.domain.businesses.models import Corners, Typeface

_HEX = re.compile(r"#[0-9a-f]{6}")
_INPUT = {"class": "po-input"}


def _picture(label: Any, help_text: Any = "") -> forms.FileField:
    widget = forms.FileInput({**_INPUT, "accept": ".svg,.png,.jpg,.jpeg,.webp"})
    return forms.FileField(label=label, help_text=help_text, required=False, widget=widget, max_length=255)


def _removal(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput({"class": "po-check"}))


class LooksForm(forms.Form):
    """What can be tried in the preview before it is kept."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As customers know you. The name in law stays on documents."),
        max_length=200,
        widget=forms.TextInput({**_INPUT, "dir": "auto"}),
    )
    accent = forms.CharField(
        label=gettext_lazy("Colour"),
        help_text=gettext_lazy("Of buttons and of the current place, such as #1f5d4c."),
        widget=forms.TextInput({"class": "po-input po-colour", "type": "color"}),
    )
    corners = forms.ChoiceField(
        label=gettext_lazy("Corners"),
        choices=[
            (Corners.SQUARE, gettext_lazy("Square")),
            (Corners.SOFT, gettext_lazy("Slightly round")),
            (Corners.ROUND, gettext_lazy("Round")),
        ],
        widget=forms.Select(_INPUT),
    )
    typeface = forms.ChoiceField(
        label=gettext_lazy("Typeface"),
        help_text=gettext_lazy("The reader’s own loads fastest. The others come from this Portico."),
        choices=[(Typeface.SYSTEM, gettext_lazy("The reader’s own")), ("firago", "FiraGO"), ("noto", "Noto Sans")],
        widget=forms.Select(_INPUT),
    )

    name_beside_logo = forms.BooleanField(
        label=gettext_lazy("Show the name beside the logo"),
        help_text=gettext_lazy("Turn it off when the logo has the name in it."),
        required=False,
        widget=forms.CheckboxInput({"class": "po-check"}),
    )

    def clean_accent(self) -> str:
        """Accept a colour as browsers send it."""
        colour = str(self.cleaned_data["accent"]).strip().lower()
        if not _HEX.fullmatch(colour):
            raise forms.ValidationError(_("Enter a colour such as #1f5d4c."))
        return colour


class BrandForm(LooksForm):
    """All of a brand."""

    logo = _picture(
        gettext_lazy("Logo"), gettext_lazy("SVG, PNG, JPEG or WebP, at most 4 MB. It is shown 30 pixels high.")
    )
    remove_logo = _removal(gettext_lazy("Remove the logo"))
    logo_dark = _picture(
        gettext_lazy("Logo for dark pages"),
        gettext_lazy("Without one, the logo stands on a light ground there."),
    )
    remove_logo_dark = _removal(gettext_lazy("Remove the logo for dark pages"))
    icon = _picture(gettext_lazy("Icon"), gettext_lazy("For the browser’s tab. Square."))
    remove_icon = _removal(gettext_lazy("Remove the icon"))

    def clean(self) -> dict[str, Any]:
        """Refuse a picture that is too large by its size, before any of it is read into memory."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("logo", "logo_dark", "icon"):
            upload = cleaned.get(name)
            if isinstance(upload, UploadedFile) and (upload.size or 0) > MAX_BYTES:
                self.add_error(name, _("A picture has at most 4 MB."))
        return cleaned

    def pictures(self) -> dict[str, bytes | None]:
        """The pictures that were sent, and None for those to be removed."""
        found: dict[str, bytes | None] = {}
        for name in ("logo", "logo_dark", "icon"):
            upload = self.cleaned_data.get(name)
            if upload:
                found[name] = upload.read()
            elif self.cleaned_data.get(f"remove_{name}"):
                found[name] = None
        return found


def picture_words(error: PictureRefused) -> str:
    """Return why a picture can't be taken, in the reader's language."""
    if error.code == "svg_refused":
        words = _("Line %(line)s: %(part)s is not allowed in a logo. Have it exported as shapes only.")
        return words % {"line": error.line, "part": error.part}
    return {
        "svg_too_large": _("The drawing is too large: an SVG has at most 256 kB and 4,000 shapes."),
        "svg_broken": _("This SVG can't be drawn."),
        "svg_entities": _("The SVG declares entities. Have it exported as shapes only."),
        "svg_no_size": _("The SVG says neither a viewBox nor its width and height."),
        "picture_kind": _("A logo is a PNG, JPEG, WebP or SVG."),
        "picture_too_large": _("A picture has at most 4 MB."),
        "file_empty": _("The file is empty."),
    }.get(error.code, _("The picture can't be read, or is too large."))
