"""Every address of the dashboard: it opens for staff of the business and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.bank_accounts import BankAccountInput, add_bank_account
from portico.domain.businesses.actions.instructions import InstructionInput, add_instruction
from portico.domain.businesses.models import PaymentInstruction
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.files.models import File
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.models import Payment
from portico.web.dashboard import urls

WITHOUT_NAME = [
    "staff_home", "settings", "domains", "customers", "documents", "payments", "payment_attempts", "portal_settings",
    "tokens",
    "sign_in_settings", "payment_settings", "payment_gateways", "inbox", "comment_alerts", "brand_settings",
    "brand_stylesheet", "trusted_sites", "analytics_settings", "portal_script", "bank_transfers", "new_bank_account",
    "new_payment_instruction", "mail_log", "api_keys", "audit_log", "business_settings", "team", "new_customer",
    "embedding_settings",
    "mail_settings", "mail_texts", "new_draft", "first_steps", "search", "journal", "journal_csv", "journal_xlsx",
    "datev_settings", "business_texts",
    "customers_csv", "customers_xlsx", "documents_csv", "documents_xlsx", "payments_csv", "payments_xlsx",
]  # fmt: skip
OF_CUSTOMER = [
    "customer", "customer_documents", "customer_payments", "record_payment", "customer_timeline", "customer_statement",
    "edit_customer", "new_contact", "merge_customer", "customer_statement_pdf", "customer_statement_csv",
    "customer_statement_xlsx",
    "customer_sign_in_links", "customer_access", "customer_autopay",
    "customer_credit", "customer_conversation", "customer_methods", "customer_mail",
    "send_statement",
]  # fmt: skip
OF_DOCUMENT = [
    "document",
    "send_document",
    "document_as_pdf",
    "document_conversation",
    "payment_plan",
    "invoice_methods",
]
OF_PAYMENT = ["payment", "payment_receipt", "send_receipt"]
OF_FILE = ["file", "remove_file"]
OF_GATEWAY = ["payment_gateway"]
OF_BANK_ACCOUNT = ["bank_account"]
OF_INSTRUCTION = ["payment_instruction"]
# Opened in `inbox/tests`, where somebody writes comments.
OF_COMMENT = ["edit_comment", "remove_comment"]
CUSTOMER_ACTIONS = [
    "customer_link", "customer_access", "customer_sign_in_links", "add_customer_file", "record_payment",
    "customer_credit", "customer_conversation", "customer_conversation_seen", "customer_methods",
]  # fmt: skip
DOCUMENT_ACTIONS = [
    "issue_draft", "void_document", "write_off_invoice", "undo_write_off", "apply_credit", "take_off_credit",
    "document_link", "document_reminders", "add_document_file", "collect_invoice", "document_conversation_seen",
    "send_payment_plan", "cancel_payment_plan",
]  # fmt: skip
PAYMENT_ACTIONS = ["void_payment", "refund_payment", "apply_payment"]
ESTIMATE_ACTIONS = ["approve_document", "decline_document", "deposit_of_estimate", "convert_estimate"]
FILE_ACTIONS = ["remove_file", "change_file"]
OF_A_DEMONSTRATION = ["demo_mail_list", "demo_mail_detail", "demo_mail_html", "embedding_example"]
# Opened in `mail/tests`, where there is mail.
OF_MAIL = ["mail_detail", "mail_run", "mail_documents", "mail_text", "mail_text_preview"]
# Answer the brand that a form holds, not one that is kept; opened in `branding/tests`.
OF_THE_BRAND = ["brand_preview", "restore_brand"]
OF_NOBODY = [
    "magic_keys", "account_login", "account_logout", "account_change_password", "businesses", "add_payment_gateway",
    "account_reset_password", "choose_password", "invitation", "audit_log_csv", "mfa_authenticate",
    "mfa_login_webauthn", "confirm_identity", "second_factor", "set_up_app", "add_passkey", "recovery_codes",
    "remove_factor",
    # Each of a thing of its own kind; opened in the tests of their subjects.
    "contact", "archive_customer", "domain", "original", "edit_draft", "delete_draft",
]  # fmt: skip


@pytest.fixture
def stored(acme: Customer) -> File:
    return store_file(acme, acme.ref, "terms.txt", b"Payment within 30 days.\n", FileInput(visible=True), by=OPERATOR)


@pytest.fixture
def addresses(acme: Customer, invoice: Document, payment: Payment, stored: File) -> dict[str, tuple[list[str], str]]:
    """Per kind of thing: the pages about it, and its name."""
    bank = BankAccountInput(holder="Acme Tools Ltd", iban="DE89370400440532013000")
    account = add_bank_account(acme.business, bank, by=OPERATOR)
    text = add_instruction(acme.business, InstructionInput(PaymentInstruction.Way.CASH, "At the desk."), by=OPERATOR)
    return {
        "customer": (OF_CUSTOMER, acme.public_id),
        "document": (OF_DOCUMENT, invoice.public_id),
        "payment": (OF_PAYMENT, payment.public_id),
        "file": (OF_FILE, stored.public_id),
        "gateway": (OF_GATEWAY, add_gateway(acme.business, "sandbox", by=OPERATOR).public_id),
        "bank account": (OF_BANK_ACCOUNT, account.public_id),
        "payment instruction": (OF_INSTRUCTION, text.public_id),
    }


def test_no_address_is_forgotten_here() -> None:
    known = {
        *WITHOUT_NAME, *OF_CUSTOMER, *OF_DOCUMENT, *OF_PAYMENT, *OF_FILE, *OF_GATEWAY, *OF_COMMENT, *CUSTOMER_ACTIONS,
        *OF_BANK_ACCOUNT, *OF_INSTRUCTION, *OF_THE_BRAND, *DOCUMENT_ACTIONS, *ESTIMATE_ACTIONS,
        *PAYMENT_ACTIONS, *FILE_ACTIONS, *OF_A_DEMONSTRATION, *OF_MAIL, *OF_NOBODY,
        "journal_datev",
    }  # fmt: skip
    assert {pattern.name for pattern in urls.urlpatterns} == known


@pytest.mark.parametrize("name", WITHOUT_NAME[1:])
def test_lists_open_and_are_kept_by_nobody(owner: Client, name: str) -> None:
    answer = owner.get(reverse(name))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_pages_open_for_the_business_s_staff(owner: Client, addresses: dict[str, tuple[list[str], str]]) -> None:
    for names, thing in addresses.values():
        for name in names:
            answer = owner.get(reverse(name, args=[thing]))
            assert answer.status_code == 200, name
            assert "no-store" in answer["Cache-Control"], name
            # A file is let go of as a server does when it has sent it.
            answer.getvalue()
            for let_go in vars(answer)["_resource_closers"]:
                let_go()


def test_pages_of_another_business_are_not_there(stranger: Client, addresses: dict[str, tuple[list[str], str]]) -> None:
    for names, thing in addresses.values():
        for name in names:
            assert stranger.get(reverse(name, args=[thing])).status_code == 404, name


def test_actions_on_another_business_s_things_change_nothing(
    stranger: Client, acme: Customer, invoice: Document, payment: Payment, stored: File
) -> None:
    before = Activity.objects.count()
    data = {
        "do": "generate", "confirmed": "yes", "amount": "1.00", "on": "2026-11-20", "paid_on": "2026-11-20",
        "method": "cash", "submission": "0" * 32,
    }  # fmt: skip
    actions = [
        (CUSTOMER_ACTIONS, acme.public_id),
        (DOCUMENT_ACTIONS + ESTIMATE_ACTIONS, invoice.public_id),
        (PAYMENT_ACTIONS, payment.public_id),
        (FILE_ACTIONS, stored.public_id),
    ]
    for names, thing in actions:
        for name in names:
            answer = stranger.post(reverse(name, args=[thing]), data)
            assert answer.status_code == 404, name
    answer = stranger.post(reverse("tokens"), {"do": "generate", "customer": acme.public_id})
    assert answer.status_code == 404
    assert Activity.objects.count() == before
    assert File.objects.filter(pk=stored.pk).exists()


def test_another_business_s_things_are_in_no_list(
    stranger: Client, acme: Customer, invoice: Document, payment: Payment
) -> None:
    for name, text in [("customers", acme.name), ("documents", invoice.number), ("payments", payment.number)]:
        assert text not in stranger.get(reverse(name)).content.decode()
    assert acme.name not in stranger.get(reverse("tokens")).content.decode()
    assert stranger.get(reverse("record_payment", args=[acme.public_id])).status_code == 404


@pytest.mark.parametrize("name", [*WITHOUT_NAME, "businesses", "account_change_password"])
def test_a_visitor_is_led_to_the_sign_in(visitor: Client, db: None, name: str) -> None:
    answer = visitor.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("kind", ["customers", "documents", "payments", "files"])
@pytest.mark.parametrize("name", ["%00", "x%00y", "..%2f", "%F0%9F%92%A9", "cus_" + "z" * 26, "x" * 3000])
def test_odd_names_name_nothing(owner: Client, kind: str, name: str) -> None:
    assert owner.get(f"/{kind}/{name}").status_code == 404


def test_a_visitor_gets_no_document_and_changes_nothing(visitor: Client, invoice: Document) -> None:
    assert visitor.get(reverse("document_as_pdf", args=[invoice.public_id])).status_code == 302
    assert visitor.post(reverse("void_document", args=[invoice.public_id])).status_code == 302
    invoice.refresh_from_db()
    assert invoice.lifecycle == "issued"


@pytest.mark.parametrize("name", [*DOCUMENT_ACTIONS, *ESTIMATE_ACTIONS, *PAYMENT_ACTIONS, "add_customer_file"])
def test_actions_are_no_links(owner: Client, acme: Customer, invoice: Document, payment: Payment, name: str) -> None:
    thing = payment if name in PAYMENT_ACTIONS else acme if name == "add_customer_file" else invoice
    before = Activity.objects.count()
    assert owner.get(reverse(name, args=[thing.public_id])).status_code == 405
    assert Activity.objects.count() == before


def test_forms_without_a_token_are_refused(shop: object, acme: Customer, owner: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "testserver"})
    strict.cookies = owner.cookies
    before = Activity.objects.count()
    answer = strict.post(reverse("customer_link", args=[acme.public_id]), {"do": "generate"})
    assert answer.status_code == 403
    assert Activity.objects.count() == before
