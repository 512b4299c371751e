"""The first steps: what a business should say before its first invoice."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customers
from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.legal import missing_for_invoices
from portico.domain.businesses.queries import bank_accounts
from portico.domain.documents.kinds import Kind
from portico.domain.documents.numbering import number_series
from portico.domain.documents.queries import has_issued_invoices
from portico.domain.payments.queries import gateway_accounts
from portico.output.wording.business import business_field_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: where, what is missing of it, and whether it is done."""

    label: str
    url: str
    text: str
    done: bool


@staff_page
def first_steps(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show what is missing before the first invoice, each line with the way to it."""
    steps = [_profile(viewer), _accounts(viewer), _numbers(viewer), _customer(viewer), _invoice(viewer)]
    context = {"steps": steps, "left": sum(not step.done for step in steps)}
    return staff_answer(request, viewer, "dashboard/settings/start.html", context, nav="settings")


def _profile(viewer: StaffViewer) -> Step:
    business = viewer.business
    missing = missing_for_invoices(business)
    named = reader_formatter().list([business_field_label(name, business.country) for name in missing])
    text = _("Still missing: %(fields)s.") % {"fields": named} if missing else _("Your papers say all that is asked.")
    place = f"#business_{missing[0]}" if missing else ""
    return Step(_("Say who you are"), reverse("business_settings") + place, text, not missing)


def _accounts(viewer: StaffViewer) -> Step:
    done = bool(bank_accounts(viewer.business)) or gateway_accounts(viewer.business).exists()
    text = _("A bank account for transfers, or a provider of cards and debits.")
    return Step(_("Say where customers pay to"), reverse("bank_transfers"), text, done)


def _numbers(viewer: StaffViewer) -> Step:
    # kinds: the first paper of a business is an invoice
    series = next(row for row in number_series(viewer.business) if row.kind == Kind.INVOICE)
    (number,) = series.preview(viewer.business.today().year)
    text = _("The next invoice is %(number)s.") % {"number": number}
    return Step(_("Look at your numbers"), reverse("business_settings") + "#numbers-heading", text, done=True)


def _customer(viewer: StaffViewer) -> Step:
    text = _("By hand here, or by a program.")
    return Step(_("Add a customer"), reverse("new_customer"), text, customers(viewer).exists())


def _invoice(viewer: StaffViewer) -> Step:
    text = _("Write it here, or let a program or a file of another program bring it.")
    return Step(_("Issue the first invoice"), reverse("new_draft"), text, has_issued_invoices(viewer))
