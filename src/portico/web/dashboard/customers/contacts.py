"""The people at a customer, kept by staff."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import contact as contact_of
from portico.domain.access.queries import customer as customer_of
from portico.domain.access.sign_in.actions import change_customer
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.actions.edit_contact import add_contact, make_main_contact
from portico.domain.customers.details import CONTACT_FIELDS, contact_details
from portico.domain.customers.errors import ChangedMeanwhile, TooManyContacts
from portico.domain.customers.models import Contact, Customer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message
from portico.web.shared.contact_form import ContactForm

_NOBODY = dict.fromkeys(CONTACT_FIELDS, "")


class PersonForm(ContactForm):
    """A person at the customer, whom staff enter: a browser fills in nothing of their own."""

    def add_fields(self) -> None:
        """Add the person's fields."""
        super().add_fields()
        for name in ("email", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


@staff_page
def new_contact(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show an empty form; a POST adds the person after the others."""
    found = customer_of(viewer, name)
    if request.method != "POST":
        return _page(request, viewer, PersonForm(_NOBODY), found)
    form = PersonForm(_NOBODY, request.POST.dict())
    if form.is_valid():
        try:
            add_contact(found, _NOBODY | form.changes, by=viewer.actor)
        except TooManyContacts as error:
            form.add_error(None, error_message(error))
        else:
            return _done(request, found, _("The contact is added."))
    return _page(request, viewer, form, found, status=422)


@staff_page
def contact(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a person in the form; a POST changes what it sends, or does what its button says."""
    row = contact_of(viewer, name)
    action = request.POST.get("action", "save")
    if request.method != "POST":
        return _page(request, viewer, PersonForm(contact_details(row)), row.customer, row)
    if action == "main":
        make_main_contact(row, by=viewer.actor)
        return _done(request, row.customer, _("%(name)s is the main contact.") % {"name": row.name})
    if action == "remove":
        return _removed(request, viewer, row)
    form = PersonForm(contact_details(row), request.POST.dict())
    if not form.is_valid():
        return _page(request, viewer, form, row.customer, row, status=422)
    try:
        change_customer.change_contact(row, form.changes, seen=form.version, by=viewer.actor)
    except ChangedMeanwhile:
        row = contact_of(viewer, name)
        form = PersonForm(contact_details(row), request.POST.dict()).over_what_is_on_file()
        if form.differences():
            return _page(request, viewer, form, row.customer, row, status=409)
    return _done(request, row.customer, _("Saved."))


def _removed(request: HttpRequest, viewer: StaffViewer, row: Contact) -> HttpResponse:
    if request.POST.get("confirmed") != "yes":
        here = reverse("contact", args=[row.public_id])
        asked = {
            "heading": _("Remove this contact?"),
            "text": _("This person can no longer sign in, and is signed out everywhere at once."),
            "button": _("Remove"),
            "names": [(row.name, row.email)],
            "hidden": [("action", "remove")],
            "action": here,
            "back": here,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="customers")
    change_customer.remove_contact(row, by=viewer.actor)
    return _done(request, row.customer, _("The contact is removed."))


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    form: PersonForm,
    found: Customer,
    row: Contact | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    first = found.contacts.first() if row else None
    context: Mapping[str, object] = {
        "form": form,
        "differences": form.differences() if status == 409 else [],
        "heading": _("Change a contact") if row else _("Add a contact"),
        "name": found.name,
        "home": reverse("customer", args=[found.public_id]),
        "known": row is not None,
        "is_main": row is not None and row == first,
        "action": reverse("contact", args=[row.public_id]) if row else reverse("new_contact", args=[found.public_id]),
    }
    return staff_answer(request, viewer, "dashboard/customers/contact.html", context, nav="customers", status=status)


def _done(request: HttpRequest, found: Customer, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("customer", args=[found.public_id]))
