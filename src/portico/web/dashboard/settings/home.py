"""The first page of the settings: every page of settings in its group, with what it is for."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of settings: where it is, what it is called and what is set there. `owners` alone may open it."""

    url_name: str
    label: str
    text: str
    owners: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@staff_page
def settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the pages of settings that this member of staff may open."""
    groups = [
        (heading, [entry for entry in entries if viewer.is_owner or not entry.owners]) for heading, entries in _groups()
    ]
    context = {"groups": [(heading, entries) for heading, entries in groups if entries]}
    return staff_answer(request, viewer, "dashboard/settings/home.html", context, nav="settings")


def _groups() -> list[tuple[str, list[Entry]]]:
    return [
        (_("Business"), _business()),
        (_("Customer portal"), _portal()),
        (_("Brand"), _brand()),
        (_("Payments"), _payments()),
        (_("Mail"), _mail()),
    ]


def _business() -> list[Entry]:
    return [
        Entry(
            "business_settings",
            _("Business profile"),
            _("Name, address, tax numbers, numbering, lock date."),
            owners=True,
        ),
        Entry("datev_settings", "DATEV", _("For your tax adviser: whose books, and which accounts."), owners=True),
        Entry("first_steps", _("First steps"), _("What is missing before the first invoice.")),
        Entry("team", _("Team"), _("Who works here: invite, remove, roles, second factor."), owners=True),
        Entry("api_keys", _("API keys"), _("For programs of yours: create, rotate, revoke."), owners=True),
        Entry("audit_log", _("Audit log"), _("Who changed what, and when."), owners=True),
    ]


def _portal() -> list[Entry]:
    return [
        Entry("portal_settings", _("Portal"), _("The master switch, what customers see and may do, the welcome text.")),
        Entry("business_texts", _("Texts by language"), _("Welcome text, terms and the foot of documents.")),
        Entry("tokens", _("Links"), _("Every customer’s link: generate, copy, mail, revoke.")),
        Entry("sign_in_settings", _("Sign-in"), _("How long customers stay signed in, and your own sign-in page.")),
        Entry("embedding_settings", _("Embedding"), _("The portal within a page of your own site."), owners=True),
        Entry("domains", _("Domains"), _("A name of your own, such as billing.example.com."), owners=True),
    ]


def _brand() -> list[Entry]:
    return [
        Entry("brand_settings", _("Logo and colors"), _("On the portal, in mails and on PDFs.")),
        Entry("brand_stylesheet", _("Style sheet"), _("CSS of your own on the portal’s pages.")),
        Entry("trusted_sites", _("Trusted sites"), _("What the portal’s pages may load from elsewhere."), owners=True),
        Entry("analytics_settings", _("Statistics"), _("Google Analytics, Matomo or Plausible."), owners=True),
        Entry("portal_script", _("Script"), _("JavaScript of your own on the portal’s pages."), owners=True),
    ]


def _payments() -> list[Entry]:
    return [
        Entry("payment_settings", _("Payments in the portal"), _("Part payments, advances, AutoPay, credits.")),
        Entry("payment_gateways", _("Payment providers"), _("Cards and bank debits."), owners=True),
        Entry("bank_transfers", _("Bank transfer, check and cash"), _("Your accounts, and what customers read.")),
    ]


def _mail() -> list[Entry]:
    return [Entry("mail_settings", _("Mail"), _("What is sent by itself, and when reminders go out."))]
