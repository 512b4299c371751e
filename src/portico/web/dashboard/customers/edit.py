"""Adding a customer, and changing what is on file of one."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.sign_in.actions import change_customer
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.actions.edit_customer import create_customer
from portico.domain.customers.details import staff_details_of
from portico.domain.customers.errors import ChangedMeanwhile
from portico.domain.customers.models import Customer
from portico.lib.errors import PorticoError
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.customers.customer_form import CustomerForm

_PAGE = "dashboard/customers/edit.html"


@staff_page
def new_customer(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show an empty form; a POST adds the customer and leads to its page."""
    empty = staff_details_of(Customer(business=viewer.business))
    if request.method != "POST":
        return _page(request, viewer, CustomerForm(viewer.business, empty))
    form = CustomerForm(viewer.business, empty, request.POST.dict())
    if form.is_valid():
        try:
            made = create_customer(viewer.business, form.changes, by=viewer.actor)
        except PorticoError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The customer is added."))
            return HttpResponseRedirect(reverse("customer", args=[made.public_id]))
    return _page(request, viewer, form, status=422)


@staff_page
def edit_customer(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the form; a POST changes what it sends when all of it is valid and nobody else was faster."""
    found = customer_of(viewer, name)
    if request.method != "POST":
        return _page(request, viewer, _form(viewer, found), found)
    form = _form(viewer, found, request.POST.dict())
    if not form.is_valid():
        return _page(request, viewer, form, found, status=422)
    try:
        change_customer.edit_customer(found, form.changes, seen=form.version, by=viewer.actor)
    except ChangedMeanwhile:
        found = customer_of(viewer, name)
        form = _form(viewer, found, request.POST.dict()).over_what_is_on_file()
        if form.differences():
            return _page(request, viewer, form, found, status=409)
    except PorticoError as error:
        form.refuse(error)
        return _page(request, viewer, form, found, status=422)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("customer", args=[found.public_id]))


def _form(viewer: StaffViewer, found: Customer, typed: Mapping[str, str] | None = None) -> CustomerForm:
    return CustomerForm(viewer.business, staff_details_of(found), typed)


def _page(
    request: HttpRequest, viewer: StaffViewer, form: CustomerForm, found: Customer | None = None, *, status: int = 200
) -> HttpResponse:
    home = reverse("customer", args=[found.public_id]) if found else reverse("customers")
    context: dict[str, Any] = {
        "form": form,
        "differences": form.differences() if status == 409 else [],
        "heading": _("Change %(name)s") % {"name": found.name} if found else _("Add a customer"),
        "back_label": found.name if found else _("Customers"),
        "home": home,
        "action": reverse("edit_customer", args=[found.public_id]) if found else reverse("new_customer"),
    }
    return staff_answer(request, viewer, _PAGE, context, nav="customers", status=status)
