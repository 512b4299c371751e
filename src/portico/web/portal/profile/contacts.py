"""A customer's contacts, changed by the customer."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access import queries as access
from portico.domain.access.sign_in.actions import change_customer
from portico.domain.access.viewer import CustomerViewer
from portico.domain.customers.actions import edit_contact as customers
from portico.domain.customers.details import CONTACT_FIELDS, contact_details
from portico.domain.customers.errors import ChangedMeanwhile, TooManyContacts
from portico.domain.customers.models import Contact
from portico.domain.customers.queries import notified_of_email
from portico.lib.errors import NotFound
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_url, page_url
from portico.web.portal.profile.detail import edit_page, saved
from portico.web.shared.contact_form import ContactForm

_TEMPLATE = "portal/profile/edit_contact.html"
_NOBODY = dict.fromkeys(CONTACT_FIELDS, "")


@portal_page("allow_contact_edits", methods=FORM, fresh=True)
def add_contact(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show an empty form; a POST adds the person."""
    if request.method != "POST":
        return edit_page(request, viewer, _TEMPLATE, ContactForm(_NOBODY), _labels(None))
    form = ContactForm(_NOBODY, request.POST.dict())
    if form.is_valid():
        try:
            customers.add_contact(viewer.customer, _NOBODY | form.changes, by=viewer.actor)
        except TooManyContacts:
            form.add_error(None, _("There are too many contacts already. Please remove one first."))
        else:
            return _saved(viewer, "", form)
    return edit_page(request, viewer, _TEMPLATE, form, _labels(None), status=422)


@portal_page("allow_contact_edits", methods=FORM, fresh=True)
def edit_contact(request: HttpRequest, viewer: CustomerViewer, key: str) -> HttpResponse:
    """Show the form; a POST changes what it sends when all of it is valid and nobody else was faster."""
    contact = access.contact(viewer, key)
    if request.method != "POST":
        return edit_page(request, viewer, _TEMPLATE, ContactForm(contact_details(contact)), _labels(contact))
    form = ContactForm(contact_details(contact), request.POST.dict())
    if not form.is_valid():
        return edit_page(request, viewer, _TEMPLATE, form, _labels(contact), status=422)
    try:
        change_customer.change_contact(contact, form.changes, seen=form.version, by=viewer.actor)
    except ChangedMeanwhile:
        contact = access.contact(viewer, key)
        form = ContactForm(contact_details(contact), request.POST.dict()).over_what_is_on_file()
        if form.differences():
            return edit_page(request, viewer, _TEMPLATE, form, _labels(contact), status=409)
        return saved("contact")
    return _saved(viewer, form.on_file["email"], form)


@portal_page("allow_contact_edits", methods=FORM, fresh=True)
def remove_contact(request: HttpRequest, viewer: CustomerViewer, key: str) -> HttpResponse:
    """Ask whether the person is to be removed; a POST does it."""
    contact = access.contact(viewer, key)
    if request.method == "POST":
        try:
            change_customer.remove_contact(contact, by=viewer.actor)
        except ChangedMeanwhile as error:
            raise NotFound("The contact is gone.") from error
        return saved("removed")
    context = {
        "contact": contact,
        "is_reader": bool(contact.email) and contact.email.lower() == viewer.session.email.lower(),
        "back_url": item_url("edit_contact", contact.public_id),
        "details_url": page_url("billing_details"),
    }
    return customer_page(request, viewer, "portal/profile/remove_contact.html", context, nav="billing_details")


def _saved(viewer: CustomerViewer, former: str, form: ContactForm) -> HttpResponse:
    own = viewer.customer.email
    notified = notified_of_email(viewer.customer, former, form.changes.get("email", ""))
    return saved("notified" if own and notified == own else "contact")


def _labels(contact: Contact | None) -> Mapping[str, str]:
    if contact is None:
        return {"heading": _("Add a contact"), "remove_url": ""}
    return {"heading": _("Change a contact"), "remove_url": item_url("remove_contact", contact.public_id)}
