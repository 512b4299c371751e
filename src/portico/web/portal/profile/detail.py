"""Billing details: what the business knows of its customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from portico.domain.access.viewer import CustomerViewer
from portico.domain.customers.models import Address, Customer
from portico.domain.payments.autopay import autopay_of
from portico.domain.payments.queries import payment_methods
from portico.lib.l10n import LANGUAGES, Formatter
from portico.output.wording.mail_topics import switched_off_labels
from portico.output.wording.payment_methods import saved_label
from portico.web.portal.core.customer_details import filled, missing_fields
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.customer_details import address_label, address_lines, detail_labels
from portico.web.shared.edit_form import EditForm
from portico.web.shared.page import reader_formatter

# Details that the page names even while they are not known.
_SHOWN_WHEN_MISSING = frozenset({"name", "email", "billing", "tax_id"})
# How many payment methods the page names; a page of their own has them all.
_FEW = 5


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
            Person(row.name, row.role, row.email, row.phone, item_url("edit_contact", row.public_id))
            for row in customer.contacts.all()
        ],
        "methods": _methods(viewer),
        "autopay": viewer.business.allow_autopay and autopay_of(customer) is not None,
        "missing": fmt.list(missing_fields(customer, billing)),
        "contact_email": viewer.business.email,
        "may_edit": viewer.business.allow_contact_edits,
        "mail_off": switched_off_labels(customer, fmt),
        "saved": request.GET.get("saved", ""),
    }
    return customer_page(request, viewer, "portal/profile/detail.html", context, nav="billing_details")


def _methods(viewer: CustomerViewer) -> list[str]:
    return [saved_label(row) for row in payment_methods(viewer, viewer.customer)[:_FEW]]


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
        "details_url": page_url("billing_details"),
        **(context or {}),
    }
    return customer_page(request, viewer, template, values, nav="billing_details", status=status)


def saved(what: str) -> HttpResponse:
    """Go back to the billing details, which say that `what` (details, contact, notified, removed, mail) is kept."""
    return HttpResponse(status=303, headers={"Location": f"{page_url('billing_details')}?saved={what}"})


def _details(customer: Customer, billing: Address | None, shipping: Address | None, fmt: Formatter) -> list[Detail]:
    labels, currency = detail_labels(), customer.currency
    details = {
        "name": Detail(labels["name"], [customer.name]),
        "email": Detail(labels["email"], filled(customer.email), page_url("change_email")),
        "phone": Detail(labels["phone"], filled(customer.phone)),
        "billing": Detail(address_label(Address.Kind.BILLING), address_lines(billing, fmt)),
        "tax_id": Detail(labels["tax_id"], filled(customer.tax_id)),
        "registration_number": Detail(labels["registration_number"], filled(customer.registration_number)),
        "shipping": Detail(address_label(Address.Kind.SHIPPING), address_lines(shipping, fmt)),
        "language": Detail(labels["language"], filled(LANGUAGES.get(customer.language, ""))),
        "currency": Detail(labels["currency"], filled(fmt.currency_name(currency) if currency else "")),
    }
    return [detail for name, detail in details.items() if detail.lines or name in _SHOWN_WHEN_MISSING]
