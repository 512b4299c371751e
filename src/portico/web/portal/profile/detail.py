"""Billing details: what the business knows of its customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.customers.models import ADDRESS_FIELDS, Address, Customer
from portico.lib.l10n import LANGUAGES, Formatter
from portico.output.pdf.parties import address_lines as written_lines
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_address, page_address
from portico.web.portal.profile.edit_form import EditForm
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class Detail:
    """A label with what is known; empty lines mean it is missing. `url` leads to where it alone is changed."""

    label: str
    lines: list[str]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    email: str
    phone: str
    url: str


@portal_page()
@revalidated
def billing_details(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the customer's billing details."""
    fmt, customer = reader_formatter(), viewer.customer
    addresses = {address.kind: address for address in customer.addresses.all()}
    billing, shipping = addresses.get(Address.Kind.BILLING), addresses.get(Address.Kind.SHIPPING)
    context = {
        "details": _details(customer, billing, shipping, fmt),
        "people": [
            Person(row.name, row.role, row.email, row.phone, item_address("edit_contact", row.public_id))
            for row in customer.contacts.all()
        ],
        "missing": fmt.list(missing_fields(customer, billing)),
        "contact_email": viewer.business.email,
        "may_edit": viewer.business.allow_contact_edits,
        "saved": request.GET.get("saved", ""),
    }
    return customer_page(request, viewer, "portal/profile/detail.html", context, place="billing_details")


def edit_page(
    request: HttpRequest,
    viewer: CustomerViewer,
    template: str,
    form: EditForm,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a form over what is on file; 409 says what somebody else has changed in the meantime."""
    differences = form.differences() if status == 409 else []
    values = {
        "form": form,
        "differences": differences,
        "details_url": page_address("billing_details"),
        **(context or {}),
    }
    return customer_page(request, viewer, template, values, place="billing_details", status=status)


def saved(what: str) -> HttpResponse:
    """Go back to the billing details, which say that `what` (details, contact, told, removed) is kept."""
    return HttpResponse(status=303, headers={"Location": f"{page_address('billing_details')}?saved={what}"})


def _details(customer: Customer, billing: Address | None, shipping: Address | None, fmt: Formatter) -> list[Detail]:
    details = [
        Detail(_("Name"), [customer.name]),
        Detail(_("E-mail"), _filled(customer.email), page_address("change_email")),
        Detail(_("Phone"), _filled(customer.phone)),
        Detail(_("Billing address"), postal_lines(billing, fmt)),
        Detail(_("Tax number"), _filled(customer.tax_id)),
        Detail(_("Registration number"), _filled(customer.registration_number)),
        Detail(_("Shipping address"), postal_lines(shipping, fmt)),
        Detail(_("Language"), _filled(LANGUAGES.get(customer.language, ""))),
        Detail(_("Currency"), _filled(fmt.currency_name(customer.currency) if customer.currency else "")),
    ]
    optional = {_("Phone"), _("Registration number"), _("Shipping address"), _("Language"), _("Currency")}
    return [detail for detail in details if detail.lines or detail.label not in optional]


def billing_address(viewer: CustomerViewer) -> Address | None:
    """Return the customer's billing address."""
    return next((row for row in viewer.customer.addresses.all() if row.kind == Address.Kind.BILLING), None)


def address_lines(customer: Customer, address: Address | None, fmt: Formatter) -> list[str]:
    """Return the name, the postal address and the e-mail address, one line each, without empty ones."""
    return [customer.name, *postal_lines(address, fmt), *_filled(customer.email)]


def postal_lines(address: Address | None, fmt: Formatter) -> list[str]:
    """Return an address as lines, written as in its country, the country in the reader's language."""
    if address is None:
        return []
    parts = {name: getattr(address, name) for name in ADDRESS_FIELDS}
    return [*written_lines(parts), *_filled(fmt.country(address.country) if address.country else "")]


def missing_fields(customer: Customer, address: Address | None) -> list[str]:
    """Return what an invoice needs and nobody has told the business yet, as words."""
    missing = []
    if not customer.email:
        missing.append(_("e-mail address"))
    if address is None or not (address.line1 and address.city and address.country):
        missing.append(_("billing address"))
    return missing


def _filled(text: str) -> list[str]:
    return [text] if text else []
