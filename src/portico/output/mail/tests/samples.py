"""One email of every kind, for what has to be true of all of them."""

from datetime import UTC, date, datetime

from portico.output.mail.bounce_email import MailCameBack
from portico.output.mail.comment_emails import CustomerWrote, DigestLine, StaffAnswered, StaffDigest
from portico.output.mail.document_emails import CreditNoteEmail, EstimateEmail, InvoiceEmail, SalesOrderEmail
from portico.output.mail.domain_email import DomainRecords
from portico.output.mail.emails import (
    ContactAddress,
    EmailChange,
    EmailChanged,
    FreshLink,
    PortalLink,
    Receipt,
    SignIn,
    StepUp,
)
from portico.output.mail.estimate_emails import EstimateDecided
from portico.output.mail.payment_emails import AutoPayBegins, AutoPayEnds, CollectionFailed, MethodExpires
from portico.output.mail.plan_email import PlanOffered
from portico.output.mail.reminder_emails import CollectedNext, InstalmentNext
from portico.output.mail.staff_emails import SecondFactorChanged, StaffInvitation, StaffPassword
from portico.output.mail.statement_email import StatementEmail
from portico.output.mail.template import EmailTemplate
from portico.output.mail.wordings import Wording

URL = "https://billing.example/portal/nordwind/s/pl_0123456789?a=1&b=2"
DAY = date(2026, 12, 24)
WORDING = Wording("A subject of <b>one's</b> own", "Words of one's own & a {{ brace\n\nشكرا")
MOMENT = datetime(2026, 12, 24, 13, 5, tzinfo=UTC)

EMAILS: dict[str, EmailTemplate] = {
    "sign_in": SignIn(URL, "ABCD-EFGH", 15, "Firefox, 203.0.113.7"),
    "sign_in without code": SignIn(URL, "", 15),
    "step_up": StepUp("ABCD-EFGH", 15),
    "portal_link": PortalLink(URL, DAY),
    "fresh_link": FreshLink(URL, DAY, "Invoice 2026-0041"),
    "fresh_link of the account": FreshLink(URL, DAY),
    "invoice": InvoiceEmail("Invoice 2026-0041", URL, WORDING, 120400, "EUR", DAY),
    "estimate": EstimateEmail("Estimate 7", URL, WORDING),
    "credit_note": CreditNoteEmail("Credit note 7", URL, WORDING),
    "sales_order": SalesOrderEmail("Sales order 7", URL, WORDING),
    "receipt": Receipt("PAY-0007", URL, WORDING, 120400, "EUR", DAY, "card", 1806, ("INV-2041", "INV-2042"), 5000),
    "receipt of an advance": Receipt("PAY-0008", URL, WORDING, 5000, "EUR", DAY, "direct_debit", kept=5000),
    "statement": StatementEmail(URL, WORDING, (("EUR", 120400), ("USD", 5000))),
    "statement without account": StatementEmail(URL, WORDING),
    "came_back": MailCameBack("udo@acme.example", "Acme GmbH", "Invoice 7", "550 5.1.1 No such user", URL),
    "estimate_decided": EstimateDecided(
        "Estimate 7", True, "Acme GmbH", "Jane Doe", DAY, 120400, "EUR", URL, deposit=36120
    ),
    "estimate_decided by declining": EstimateDecided(
        "Estimate 7", False, "Acme GmbH", "Jane Doe", DAY, 120400, "EUR", URL, "Too dear"
    ),
    "staff_invitation": StaffInvitation(URL, DAY, "Ida Lund"),
    "staff_invitation by the command line": StaffInvitation(URL, DAY),
    "domain_records": DomainRecords(
        "billing.nordlicht.org", [("TXT _portico.billing.nordlicht.org", "portico-verification=0123456789abcdef")], URL
    ),
    "second_factor_changed": SecondFactorChanged("24 Dec 2026, 14:05", "203.0.113.7"),
    "staff_password": StaffPassword(URL, "203.0.113.7"),
    "email_change": EmailChange(URL, 60),
    "email_changed": EmailChanged("n•••@acme.example", URL, 3),
    "email_changed_of_a_contact": EmailChanged("n•••@acme.example"),
    "email_removed_of_a_contact": EmailChanged(""),
    "contact_address": ContactAddress(
        "Acme GmbH & Co. KG",
        "Udo Groß",
        "udo@acme.example",
        "",
        MOMENT,
        "Europe/Berlin",
        "203.0.113.7",
        URL,
        "hallo@nordwind.example",
    ),
    "contact_address to a replaced address": ContactAddress(
        "Acme",
        "Udo",
        "u•••@acme.example",
        "",
        MOMENT,
        "Europe/Berlin",
        write_to="hallo@nordwind.example",
        to_replaced=True,
    ),
    "collection_failed": CollectionFailed(
        "2026-0041", 120400, "EUR", "Visa •4242", "The bank has declined the card.", DAY, URL
    ),
    "collection_failed for good": CollectionFailed(
        "2026-0041", 120400, "EUR", "Visa •4242", "The bank has declined the card.", None, URL
    ),
    "customer_wrote": CustomerWrote(
        "Invoice 2026-0041", "Acme GmbH", "Jane Doe", "Is the discount in?\n\nشكرا", URL, ("offer.pdf", "list.csv")
    ),
    "customer_wrote in general": CustomerWrote("", "Acme GmbH", "Acme GmbH", "Where are you?", URL),
    "customer_wrote unverified": CustomerWrote(
        "Invoice 2026-0041", "Acme GmbH", "mallory@example.com", "Pay here instead.", URL, verified=False
    ),
    "customer_wrote unverified in general": CustomerWrote(
        "", "Acme GmbH", "mallory@example.com", "Pay here instead.", URL, verified=False
    ),
    "staff_answered": StaffAnswered("Invoice 2026-0041", "Lena Vogt", "Yes, in line 2.", URL, ("offer.pdf",)),
    "staff_answered in general": StaffAnswered("", "Lena Vogt", "<b>In Berlin</b>", URL),
    "staff_digest": StaffDigest(
        [
            DigestLine("Acme GmbH", "Invoice 2026-0041", "Is the discount in?\n\nشكرا", URL),
            DigestLine("Bo", "", "a " * 300, URL),
        ],
        7,
        URL,
    ),
    "instalment_next": InstalmentNext("INV-2041", 40200, "EUR", DAY, URL),
    "collected_next": CollectedNext("INV-2041", 40200, "EUR", "Visa •4242", DAY, URL),
    "method_expires": MethodExpires("Visa •4242", DAY, URL),
    "autopay_begins": AutoPayBegins("Visa •4242", 0, URL),
    "autopay_begins later": AutoPayBegins("Visa •4242", 14, URL),
    "autopay_ends": AutoPayEnds(URL),
    "plan_offered": PlanOffered("2026-0041", "EUR", [(DAY, 60200), (DAY, 60200)], True, URL),
    "plan_offered as agreed": PlanOffered("2026-0041", "EUR", [(DAY, 120400)], False, URL),
    "contact_address in place of another": ContactAddress(
        "Acme", "Udo", "udo@acme.example", "eva@acme.example", MOMENT, "Europe/Berlin"
    ),
}
