"""The portal, a mail and a PDF as a brand would make them look, with samples on them, for the frame of its settings."""

import base64
from contextlib import suppress
from copy import copy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override

from portico.domain.access.viewer import StaffViewer
from portico.domain.branding.actions.change_brand import BRAND
from portico.domain.branding.errors import PictureRefused
from portico.domain.branding.pictures import Picture, as_svg, read_icon, read_logo
from portico.domain.branding.queries import logo_as_png
from portico.domain.businesses.models import Business
from portico.lib.l10n import current_language
from portico.output.mail.preview import example_mail, html_of
from portico.output.pdf.pdf_files import preview_png
from portico.output.pdf.sheets import DocumentSheet
from portico.web.dashboard.branding.forms import BrandForm
from portico.web.dashboard.branding.samples import sample_invoice, sample_rows
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.mail_policy import MAIL_POLICY
from portico.web.shared.brand import Brand, brand_of
from portico.web.shared.page import page

SHOWN = {
    "home": gettext_lazy("My Account"),
    "activity": gettext_lazy("Activity"),
    "invoice": gettext_lazy("Invoice"),
    "pay": gettext_lazy("Pay"),
    "sign_in": gettext_lazy("Sign in"),
    "mail": gettext_lazy("Mail"),
    "pdf": gettext_lazy("PDF"),
}
_POLICY: dict[str, Any] = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF], "form-action": [CSP.NONE]}
_READERS = {"logo": read_logo, "logo_dark": read_logo, "icon": read_icon}

type Pictures = dict[str, Picture]


@staff_page
@csp_override(_POLICY)
def brand_preview(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show a sample with the looks that are asked for; what is missing or wrong is as it is kept."""
    business, params = viewer.business, request.POST or request.GET
    shown, dark = params.get("show", ""), params.get("scheme") == "dark"
    pictures = _try(business, BrandForm(params, request.FILES)) if params else {}
    if shown == "mail":
        response = _mail(business, pictures, dark=dark)
    else:
        name = shown if shown in SHOWN else "home"
        context = _pdf(business, pictures) if shown == "pdf" else _sample_page(business, pictures, name)
        context["scheme"] = "dark" if dark else "light"
        brand = _brand(business, pictures, dark=dark)
        response = page(request, f"dashboard/branding/preview/{name}.html", context, brand=brand)
    response.headers["Cache-Control"] = "no-store"
    return response


def _try(business: Business, form: BrandForm) -> Pictures:
    """Give the business, which is never saved, the looks of a form as far as they are valid; returns its pictures."""
    form.is_valid()
    for name in BRAND:
        if name in form.cleaned_data:
            setattr(business, name, form.cleaned_data[name])
    found: Pictures = {}
    for name, read in _READERS.items():
        upload = form.cleaned_data.get(name)
        if isinstance(upload, UploadedFile):
            with suppress(PictureRefused):
                found[name] = read(upload.read())
                setattr(business, name, found[name].name)
        elif form.cleaned_data.get(f"remove_{name}"):
            setattr(business, name, "")
    return found


def _brand(business: Business, pictures: Pictures, *, dark: bool) -> Brand:
    """The brand with the pictures that no address has yet, and the logo of the scheme, whatever the browser's is."""
    brand = brand_of(business)
    urls = {"logo": brand.logo_url, "logo_dark": brand.logo_dark_url, "icon": brand.icon}
    urls |= {name: _data_url(picture.media_type, picture.content) for name, picture in pictures.items()}
    dark_logo = urls["logo_dark"] if dark else ""
    return replace(brand, logo_url=dark_logo or urls["logo"], logo_dark_url=dark_logo, icon=urls["icon"])


def _mail(business: Business, pictures: Pictures, *, dark: bool) -> HttpResponse:
    logo = pictures.get("logo")
    png = (logo.drawn or logo.content) if logo else logo_as_png(business)
    html = html_of(example_mail(business, current_language()), png)
    # The query of a mail's own style sheet would ask the browser of the staff.
    html = html.replace("(prefers-color-scheme: dark)", "all" if dark else "not all")
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def _pdf(business: Business, pictures: Pictures) -> dict[str, Any]:
    sheet = _sheet(business, pictures, printed=True)
    return {"image": _data_url("image/png", preview_png(sheet)), "title": sheet.frame.title}


def _sheet(business: Business, pictures: Pictures, *, printed: bool = False) -> DocumentSheet:
    logo = pictures.get("logo")
    if logo is None:
        return sample_invoice(business, printed=printed)
    # It is not kept yet, so that nobody could look it up by its name.
    nameless = copy(business)
    nameless.logo = ""
    sheet = sample_invoice(nameless, printed=printed)
    return replace(sheet, frame=replace(sheet.frame, logo=as_svg(logo.content, logo.media_type)))


def _data_url(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _sample_page(business: Business, pictures: Pictures, name: str) -> dict[str, Any]:
    """What the portal's layout and the samples in it show; nothing leads anywhere."""
    entries = [
        ("home", _("My Account"), "home"),
        ("activity", _("Activity"), "list"),
        ("", _("Statements"), "statement"),
    ]
    nav_items = [
        SimpleNamespace(label=label, url="#", icon=icon, current=page == name, new="") for page, label, icon in entries
    ]
    layout = SimpleNamespace(
        home_url="#",
        opened_url="",
        sessions_url="",
        sign_out_url="#",
        account_name=_("Sample customer"),
        account_email="",
        switch_url="",
        contact_email=business.email,
        contact_phone=business.phone,
        return_link=None,
        nav_items=nav_items,
        footer=[],
    )
    sheet = _sheet(business, pictures) if name == "invoice" else None
    return {"layout": layout, "rows": sample_rows(business), "sheet": sheet, "currency": business.currency}
